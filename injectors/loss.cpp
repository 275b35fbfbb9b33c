// loss = { probability = P }: each segment is lost with this probability, whatever became of
// others. loss = { good_to_bad = P, bad_to_good = R, in_good = A, in_bad = B }: the Gilbert-Elliott
// model. The wire is in its good or in its bad state; before each segment it changes with
// probability P or R, and then loses the segment with probability A or B. Random numbers come from
// the run's seed.
#include <random>

#include "injectors/kinds.hpp"

namespace faultline {
namespace {

struct Losses {
  double good_to_bad = 0, bad_to_good = 0;
  double in_good = 0, in_bad = 0;
};

class Loss : public Injector {
 public:
  explicit Loss(Losses losses) : losses_(losses) {}

  void seed(uint64_t seed) override { random_.seed(seed); }

  Fate on_match(const Arrival&, Nanos, Outbox&) override {
    if (happens(bad_ ? losses_.bad_to_good : losses_.good_to_bad)) bad_ = !bad_;
    return happens(bad_ ? losses_.in_bad : losses_.in_good) ? Fate::drop : Fate::pass;
  }

 private:
  // 53 random bits make a number from 0 up to, not including, 1.
  bool happens(double probability) {
    const uint64_t bits = random_() >> 11;
    return static_cast<double>(bits) * 0x1p-53 < probability;
  }

  Losses losses_;
  std::mt19937_64 random_;
  bool bad_ = false;
};

std::optional<double> probability(Fields& fields, const std::string& key) {
  const auto* value = fields.value(key);
  if (!value) return {};
  const double number = value->is_number() ? value->get<double>() : -1;
  if (number >= 0 && number <= 1) return number;
  fields.refuse(key, "expected a probability, 0 to 1");
  return {};
}

MadeInjector make_loss(const nlohmann::json& value, const std::string& at) {
  Fields fields(value, at);
  const auto simple = probability(fields, "probability");
  Losses losses{probability(fields, "good_to_bad").value_or(0),
                probability(fields, "bad_to_good").value_or(0),
                probability(fields, "in_good").value_or(0),
                probability(fields, "in_bad").value_or(1)};
  if (simple) losses.in_good = *simple;
  const bool model = fields.has("good_to_bad") && fields.has("bad_to_good");
  const bool any = fields.has("good_to_bad") || fields.has("bad_to_good") ||
                   fields.has("in_good") || fields.has("in_bad");
  if (fields.has("probability") ? any : !model)
    fields.refuse("",
                  "write { probability = P }, or { good_to_bad = P, bad_to_good = R } with in_good "
                  "and in_bad");
  if (losses.in_good == 0 && (losses.good_to_bad == 0 || losses.in_bad == 0))
    fields.refuse("", "with these probabilities nothing is ever lost");
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  return std::make_unique<Loss>(losses);
}

}  // namespace

InjectorKind loss_kind() {
  return {.name = "loss", .make = make_loss, .endurance_only = true};
}

}  // namespace faultline
