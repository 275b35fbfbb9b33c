// Expectations about what was on the wire and in the stream.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/judge/findings.hpp"
#include "harness/judge/moment.hpp"
#include "harness/judge/window.hpp"
#include "harness/trace/describe.hpp"

namespace faultline {
namespace {

struct Wanted {
  std::vector<Window> windows;  // of the gaps, in order
  Count segments;
  std::string text;
};

Instant at(const SegmentEvent* segment) {
  return {segment->time, segment->time};
}

Result<Wanted> wanted_gaps(const GapsExpectation& expectation, const Timeline& timeline,
                           const std::vector<const SegmentEvent*>& found) {
  const ConnectionEnd end = sender(expectation.of, found);
  Wanted wanted;
  std::vector<std::string> texts;
  const auto segment = [&](size_t i) { return i < found.size() ? at(found[i]) : Instant{}; };
  if (!expectation.timer.empty()) {
    const auto prediction = predict(expectation.timer, timer_inputs(timeline, end));
    if (!prediction) return std::unexpected(prediction.error());
    wanted.segments = prediction->transmissions;
    for (size_t i = 0; i < prediction->gaps.size(); ++i)
      wanted.windows.push_back(
          window_of(prediction->gaps[i], timeline, segment(i), segment(i + 1)));
  } else {
    const int count = static_cast<int>(expectation.are.size()) + 1;
    wanted.segments = {count, count};
    for (size_t i = 0; i < expectation.are.size(); ++i) {
      auto window = window_of(expectation.are[i], Single::one_timer, timeline, end, segment(i),
                              segment(i + 1));
      if (!window) return std::unexpected(window.error());
      wanted.windows.push_back(std::move(*window));
    }
  }
  for (const Window& window : wanted.windows) texts.push_back(window.nominal);
  wanted.text = fmt::format("{}", fmt::join(texts, ", "));
  return wanted;
}

std::string got_gaps(const std::vector<const SegmentEvent*>& found) {
  std::vector<std::string> texts;
  for (size_t i = 1; i < found.size(); ++i)
    texts.push_back(format_duration(found[i]->time - found[i - 1]->time));
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

Finding cannot_tell(Finding finding, const Error& error) {
  finding.status = Finding::Status::unclear;
  finding.got = error.what;
  return finding;
}

std::string count_text(Count count) {
  return count.least == count.most ? fmt::format("{}", count.least)
                                   : fmt::format("{} to {}", count.least, count.most);
}

uint32_t property(const Segment& segment, Distinct distinct) {
  switch (distinct) {
    case Distinct::seq:
      return segment.seq.raw();
    case Distinct::seq_high_byte:
      return segment.seq.raw() >> 24;
    case Distinct::port:
      return segment.source.port;
  }
  return 0;
}

size_t distinct(const std::vector<const SegmentEvent*>& found, Distinct which) {
  std::set<uint32_t> values;
  for (const SegmentEvent* event : found) values.insert(property(event->segment, which));
  return values.size();
}

// The segment that told: the first one too many, else the last of them.
std::optional<size_t> telling(const Timeline& timeline,
                              const std::vector<const SegmentEvent*>& found, uint64_t most) {
  if (found.empty()) return {};
  return timeline.index_of(found[std::min<uint64_t>(most, found.size() - 1)]);
}

std::string counted(const CountExpectation& expectation) {
  if (!expectation.distinct) return "number of ";
  return fmt::format("number of distinct {} among ", to_string(*expectation.distinct));
}

}  // namespace

std::vector<std::string> evidence_of(const Timeline& timeline,
                                     const std::vector<const SegmentEvent*>& segments) {
  std::vector<std::string> lines;
  for (const SegmentEvent* segment : segments) {
    if (lines.size() == most_evidence) {
      lines.push_back(fmt::format("… and {} more", segments.size() - most_evidence));
      break;
    }
    lines.push_back(describe(Event(*segment), timeline.names()));
  }
  return lines;
}

Finding check(const GapsExpectation& expectation, const Timeline& timeline) {
  const auto found = timeline.select(expectation.of);
  Finding finding{.what = "gaps between " + describe(expectation.of),
                  .got = got_gaps(found),
                  .owner = expectation.of.from,
                  .line = expectation.line};
  const auto wanted = wanted_gaps(expectation, timeline, found);
  if (!wanted) return cannot_tell(std::move(finding), wanted.error());
  finding.wanted = wanted->text;
  finding.event = telling(timeline, found, static_cast<uint64_t>(wanted->segments.most));
  if (!wanted->segments.contains(static_cast<int>(found.size()))) {
    finding.status = Finding::Status::broken;
    finding.wanted += fmt::format(" ({} segments)", count_text(wanted->segments));
    finding.got += fmt::format(" ({} segments)", found.size());
    finding.evidence = evidence_of(timeline, found);
    return finding;
  }
  for (size_t i = 0; i + 1 < found.size() && i < wanted->windows.size(); ++i) {
    const Window& window = wanted->windows[i];
    const Fit result = fit(window, timeline, at(found[i]), at(found[i + 1]));
    if (result == Fit::inside) continue;
    // One that is certainly wrong says more than one that cannot be told.
    if (result == Fit::untellable && finding.status == Finding::Status::unclear) continue;
    finding.status = result == Fit::outside ? Finding::Status::broken : Finding::Status::unclear;
    finding.tolerance = fmt::format("gap {}: {}", i + 1, tolerance_text(window));
    finding.evidence = evidence_of(timeline, found);
    finding.event = timeline.index_of(found[i + 1]);
    if (result == Fit::outside) return finding;
  }
  return finding;
}

Finding check(const CountExpectation& expectation, const Timeline& timeline) {
  const auto found = timeline.select(expectation.of);
  const size_t number =
      expectation.distinct ? distinct(found, *expectation.distinct) : found.size();
  Finding finding{.what = counted(expectation) + describe(expectation.of),
                  .got = fmt::format("{}", number),
                  .owner = expectation.of.from,
                  .line = expectation.line};
  Range wanted = expectation.is.value_or(Range{});
  if (!expectation.timer.empty()) {
    const ConnectionEnd end = sender(expectation.of, found);
    const auto prediction = predict(expectation.timer, timer_inputs(timeline, end));
    if (!prediction) return cannot_tell(std::move(finding), prediction.error());
    wanted = {static_cast<uint64_t>(prediction->transmissions.least),
              static_cast<uint64_t>(prediction->transmissions.most)};
  }
  finding.wanted = to_string(wanted);
  finding.event = telling(timeline, found, wanted.high);
  if (wanted.contains(number)) return finding;
  finding.status = Finding::Status::broken;
  finding.evidence = evidence_of(timeline, found);
  return finding;
}

Finding check(const NeverExpectation& expectation, const Timeline& timeline) {
  const auto found = timeline.select(expectation.segment);
  Finding finding{.what = describe_none(expectation.segment),
                  .wanted = "none",
                  .got = found.empty() ? "none" : fmt::format("{}", found.size()),
                  .owner = expectation.segment.from,
                  .line = expectation.line};
  if (found.empty()) return finding;
  if (!finding.owner) finding.owner = found[0]->facts.from;
  finding.event = timeline.index_of(found[0]);
  finding.status = Finding::Status::broken;
  finding.evidence = evidence_of(timeline, found);
  return finding;
}

// Each selector takes the first segment after the one that the selector before it took. `nth`
// counts from the beginning of the run.
Finding check(const SegmentsExpectation& expectation, const Timeline& timeline) {
  Finding finding{.what = "segments in this order",
                  .wanted = fmt::format("{} segments", expectation.in_order.size()),
                  .got = fmt::format("{} segments", expectation.in_order.size()),
                  .line = expectation.line};
  uint64_t after = 0;
  for (size_t i = 0; i < expectation.in_order.size(); ++i) {
    const Selector& selector = expectation.in_order[i];
    const SegmentEvent* next = nullptr;
    for (const SegmentEvent* candidate : timeline.select(selector))
      if (candidate->id > after && !next) next = candidate;
    if (next) {
      after = next->id;
      finding.event = timeline.index_of(next);
      continue;
    }
    finding.status = Finding::Status::broken;
    finding.wanted = fmt::format("segment {}: {}", i + 1, describe(selector));
    finding.got = i == 0 ? "none" : fmt::format("none after the {} before it", i);
    finding.owner = selector.from;
    finding.evidence = evidence_of(timeline, timeline.segments());
    break;
  }
  return finding;
}

Finding check(const StreamExpectation& expectation, const Timeline& timeline) {
  Finding finding{.what = fmt::format("stream received by the {}", to_string(expectation.receiver)),
                  .wanted = fmt::format("{} bytes as sent", expectation.bytes),
                  .owner = expectation.receiver.end,
                  .line = expectation.line};
  uint64_t bytes = 0;
  std::optional<uint64_t> mismatch;
  for (size_t i = 0; i < timeline.the_case().steps.size(); ++i) {
    const auto* call = std::get_if<CallStep>(&timeline.the_case().steps[i].what);
    const ResultEvent* result = timeline.result(static_cast<int>(i));
    if (!call || !result || call->call != Call::recv) continue;
    if (call->end != expectation.receiver.end ||
        result->connection != expectation.receiver.connection)
      continue;
    finding.event = timeline.index_of(result);
    bytes += static_cast<uint64_t>(result->value);
    if (!mismatch) mismatch = result->mismatch;
  }
  finding.got = fmt::format("{} bytes", bytes);
  if (mismatch) finding.got += fmt::format(", the first wrong one at offset {}", *mismatch);
  if (bytes != expectation.bytes || mismatch) finding.status = Finding::Status::broken;
  return finding;
}

}  // namespace faultline
