// pass = "all": nothing happens. An exception in front of a wider rule, and the reference injector.
#include "injectors/kinds.hpp"

namespace faultline {
namespace {

class Pass : public Injector {
 public:
  Fate on_match(const Arrival&, Nanos, Outbox&) override { return Fate::pass; }
};

}  // namespace

InjectorKind pass_kind() {
  return {"pass", true, make_by_nth<Pass>};
}

}  // namespace faultline
