// unplug = "3s": the segment is lost, and so is everything in both directions for that long. The
// link itself stays up: an end whose device lost its carrier would know.
#include "injectors/kinds.hpp"

namespace faultline {
namespace {

class Unplug : public Injector {
 public:
  explicit Unplug(Nanos length) : length_(length) {}

  Fate on_match(const Arrival&, Nanos now, Outbox& out) override {
    out.cut_until = now + length_;
    return Fate::drop;
  }

 private:
  Nanos length_;
};

}  // namespace

InjectorKind unplug_kind() {
  return {"unplug", false, make_by_duration<Unplug>};
}

}  // namespace faultline
