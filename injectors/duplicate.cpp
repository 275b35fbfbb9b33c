// duplicate = N: the segment passes, and N copies follow it at once.
#include "injectors/kinds.hpp"

namespace faultline {
namespace {

// Of the longest packets these are as many bytes as an engine may hold.
constexpr int64_t most_duplicates = 1000;

class Duplicate : public Injector {
 public:
  explicit Duplicate(int64_t copies) : copies_(copies) {}

  Fate on_match(const Arrival& arrival, Nanos, Outbox& out) override {
    for (int64_t i = 0; i < copies_; ++i) out.send(arrival, "duplicate");
    return Fate::pass;
  }

 private:
  int64_t copies_;
};

MadeInjector make_duplicate(const nlohmann::json& value, const std::string& at) {
  if (!value.is_number_integer() || value < 1 || value > most_duplicates)
    return std::unexpected(FieldError{at, "expected a number of copies, 1 to 1000"});
  return std::make_unique<Duplicate>(value.get<int64_t>());
}

}  // namespace

InjectorKind duplicate_kind() {
  return {"duplicate", false, make_duplicate};
}

}  // namespace faultline
