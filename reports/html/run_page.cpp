#include "reports/html/run_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "reports/baseline_words.hpp"
#include "reports/html/page.hpp"
#include "reports/html/parts.hpp"
#include "reports/ladder_words.hpp"
#include "reports/markup.hpp"
#include "reports/missing_parts.hpp"
#include "reports/outcome_words.hpp"

namespace faultline {
namespace {

constexpr size_t most_to_look_at = 40;  // on the first page; the outcomes' pages have them all

using Some = std::vector<size_t>;

Some chosen(const Site& site, const auto& is_wanted) {
  Some some;
  for (size_t i = 0; i < site.results().size(); ++i)
    if (is_wanted(site.results()[i])) some.push_back(i);
  return some;
}

Some all_of(const Site& site) {
  return chosen(site, [](const CaseResult& /*any*/) { return true; });
}

// The worst first.
Some to_look_at(const Site& site) {
  Some some;
  for (const Outcome outcome : outcomes_by_weight) {
    if (!is_bad(outcome)) continue;
    const Some these =
        chosen(site, [&](const CaseResult& result) { return result.outcome == outcome; });
    some.insert(some.end(), these.begin(), these.end());
  }
  return some;
}

std::string kernel_words(const KernelInfo& kernel) {
  std::string text = kernel.name;
  if (!kernel.release.empty()) text += (text.empty() ? "" : ": ") + kernel.release;
  if (kernel.hz > 0) text += fmt::format(", {} Hz", kernel.hz);
  return text + (kernel.virtual_time ? ", virtual time" : "");
}

std::string facts(const Site& site) {
  const RunInfo& info = site.info();
  std::vector<std::string> kernels;
  for (const KernelInfo& kernel : info.kernels) kernels.push_back(kernel_words(kernel));
  if (kernels.empty())
    kernels.push_back(kernel_words({info.kernel_name, info.kernel, info.hz, info.virtual_time}));
  Nanos lived{};
  for (const CaseResult& result : site.results()) lived += result.took;
  std::string html = "<dl class=\"facts\">\n";
  html +=
      fact(kernels.size() > 1 ? "kernels" : "kernel", fmt::format("{}", fmt::join(kernels, "; ")));
  html += fact("took", ladder_length(info.wall) +
                           (info.virtual_time ? " for " + ladder_length(lived) + " of cases" : ""));
  html += fact("seed", std::to_string(info.seed));
  if (info.timing_scale != 1) html += fact("tolerances", fmt::format("× {:g}", info.timing_scale));
  if (info.slow_left_out > 0)
    html += fact("left out", fmt::format("{} slow cases (--slow runs them)", info.slow_left_out));
  html += fact("started", info.started) + fact("host", info.hostname);
  return html + fact("faultline", info.version) + "</dl>\n";
}

std::string topic_links(const Site& site) {
  std::string html = "<nav class=\"topics\" aria-label=\"Topics\">\n";
  for (const std::string& topic : site.topics()) {
    const Some its =
        chosen(site, [&](const CaseResult& result) { return topic_of(result.case_id) == topic; });
    const auto looks =
        std::ranges::count_if(its, [&](size_t i) { return is_bad(site.results()[i].outcome); });
    html += fmt::format("<a href=\"{}\">{} <small>{}</small>{}</a>\n", site.topic_page(topic),
                        markup(topic), its.size(),
                        looks > 0 ? fmt::format(" <b class=\"fail\">{}</b>", looks) : "");
  }
  return html + "</nav>\n";
}

// The page of a variant, of its first repetition; "" where it has no result.
std::string page_of_variant(const Site& site, const std::string& variant) {
  for (size_t i = 0; i < site.results().size(); ++i)
    if (site.results()[i].repetition == 1 && site.results()[i].variant() == variant)
      return site.case_page(i);
  return "";
}

// What is not as the baseline has it.
std::string changes(const Site& site) {
  const auto& baseline = site.info().baseline;
  if (!baseline) return "";
  std::string html = fmt::format(
      "<section>\n<h2>Against the baseline <span class=\"quiet\">{}: {} as in it</span></h2>\n",
      markup(baseline->file), baseline->same);
  if (baseline->changes.empty()) return html + "</section>\n";
  html += "<div class=\"wide\"><table class=\"results\">\n";
  for (const BaselineChange& change : baseline->changes) {
    const std::string page = page_of_variant(site, change.variant), name = markup(change.variant);
    html += fmt::format(
        "<tr><td><span class=\"badge{}\">{}</span></td><td class=\"what\">{}<div "
        "class=\"why\">{}</div></td></tr>\n",
        change.fails() ? " fail" : "", to_string(change.kind),
        page.empty() ? name : fmt::format("<a href=\"{}\">{}</a>", page, name),
        markup(change_words(change)));
  }
  return html + "</table></div>\n</section>\n";
}

std::string headline(const Site& site, const Some& looks) {
  const size_t count = site.results().size();
  const std::string results = fmt::format("{} result{}", count, count == 1 ? "" : "s");
  if (count == 0) return "No results";
  if (looks.empty() && !missing_parts(site.info()).empty())
    return results + " of a run that is not whole";
  if (looks.empty()) return results + ", all as expected";
  return fmt::format("{}, {} to look at", results, looks.size());
}

std::string index(const Site& site) {
  const Some all = all_of(site), looks = to_look_at(site);
  std::string html = "<header>\n<p class=\"crumbs\">Faultline</p>\n";
  html += fmt::format("<h1>{}</h1>\n", headline(site, looks));
  if (site.info().interrupted)
    html += "<p class=\"warning\">The run was interrupted: these are the results it had.</p>\n";
  for (const std::string& shard : absent_shards(site.info()))
    html += fmt::format("<p class=\"warning\">Of the run {}.</p>\n", shard);
  html += outcome_bar(site, all) + "<nav class=\"totals\" aria-label=\"Outcomes\">\n" +
          outcome_links(site, all, "") + "</nav>\n" + facts(site) + "</header>\n<main>\n";
  if (!looks.empty())
    html += "<section>\n<h2>To look at</h2>\n" + result_list(site, looks, "", most_to_look_at) +
            "</section>\n";
  html += changes(site) + "<section>\n<h2>All cases</h2>\n" + topic_links(site) +
          matrix_table(site, all, "") + "</section>\n</main>\n";
  return page("Faultline: " + headline(site, looks), "", html);
}

std::string filtered(const Site& site, const std::string& name, const std::string& title,
                     const Some& some, const std::string& content) {
  std::string html = "<header>\n<p class=\"crumbs\"><a href=\"index.html\">All results</a></p>\n";
  html += fmt::format("<h1>{}</h1>\n", title);
  html += outcome_bar(site, some) + "<nav class=\"totals\">\n" + outcome_links(site, some, "") +
          "</nav>\n</header>\n<main>\n" + content + "</main>\n";
  return page("Faultline: " + name, "", html);
}

std::string outcome_page(const Site& site, Outcome outcome, const Some& some) {
  const std::string title = fmt::format("{} <span class=\"quiet\">{} of {} results</span>",
                                        badge(outcome), some.size(), site.results().size());
  return filtered(site, std::string(to_string(outcome)), title, some, result_list(site, some, ""));
}

std::string topic_page(const Site& site, const std::string& topic, const Some& some) {
  Some looks = some;
  std::erase_if(looks, [&](size_t i) { return !is_bad(site.results()[i].outcome); });
  std::string content = looks.empty() ? "" : "<h2>To look at</h2>\n" + result_list(site, looks, "");
  return filtered(site, topic, markup(topic), some,
                  content + "<h2>All cases</h2>\n" + matrix_table(site, some, ""));
}

}  // namespace

Result<void> write_run_pages(const Site& site, const FileSink& sink) {
  if (const auto done = sink("style.css", stylesheet()); !done) return done;
  for (const Outcome outcome : outcomes_by_weight) {
    const Some some =
        chosen(site, [&](const CaseResult& result) { return result.outcome == outcome; });
    if (some.empty()) continue;
    const auto done = sink(Site::outcome_page(outcome), outcome_page(site, outcome, some));
    if (!done) return done;
  }
  for (const std::string& topic : site.topics()) {
    const Some some =
        chosen(site, [&](const CaseResult& result) { return topic_of(result.case_id) == topic; });
    const auto done = sink(site.topic_page(topic), topic_page(site, topic, some));
    if (!done) return done;
  }
  return sink("index.html", index(site));
}

}  // namespace faultline
