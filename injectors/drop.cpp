// drop = "all": the segment is lost.
#include "injectors/kinds.hpp"

namespace faultline {
namespace {

class Drop : public Injector {
 public:
  Fate on_match(const Arrival&, Nanos, Outbox&) override { return Fate::drop; }
};

}  // namespace

InjectorKind drop_kind() {
  return {"drop", true, make_by_nth<Drop>};
}

}  // namespace faultline
