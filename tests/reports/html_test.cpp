#include "reports/html/html.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <regex>

#include "reports/html/site.hpp"
#include "tests/reports/ladder_samples.hpp"

namespace faultline {
namespace {

using Files = std::map<std::string, std::string>;

Files pages(
    const RunInfo& info, const std::vector<CaseResult>& results,
    const TraceSource& traces = [](const CaseResult& result) -> Result<Trace> {
      if (result.trace_file.empty()) return fail("it left <no> trace");
      return sample_trace();
    }) {
  Files files;
  const auto done = write_html(info, results, traces, [&](const std::string& path, auto content) {
    EXPECT_TRUE(files.emplace(path, content).second) << path << " is written twice";
    return Result<void>{};
  });
  EXPECT_TRUE(done.has_value());
  return files;
}

std::vector<CaseResult> samples() {
  std::vector<CaseResult> results = one_of_each();
  results[1] = sample_result_of_trace();
  return results;
}

bool is_page(const std::string& name) {
  return name.ends_with(".html");
}

const std::string& page_of(const Files& files, const std::string& id) {
  return files.at("cases/" + id + ".ipv4.html");
}

void expect_well_formed(const Files& files) {
  for (const auto& [name, content] : files) {
    if (!is_page(name)) continue;
    pugi::xml_document page;
    const auto parsed = page.load_buffer(content.data(), content.size(), pugi::parse_full);
    EXPECT_TRUE(parsed) << name << " at " << parsed.offset << ": " << parsed.description();
  }
}

// What a server's content security policy would take away, or what would leave the folder.
void expect_nothing_forbidden(const Files& files) {
  const std::regex forbidden("<(style|script|iframe|object|base|form)|<[^>]* (style|on[a-z]+)=",
                             std::regex::icase);
  for (const auto& [name, content] : files) {
    std::smatch found;
    if (is_page(name)) {
      EXPECT_FALSE(std::regex_search(content, found, forbidden)) << name << ": " << found.str();
    }
  }
}

std::string resolved(const std::string& page, std::string link) {
  link = link.substr(0, link.find('#'));
  if (link.empty()) return page;
  std::string folder = page.substr(0, page.rfind('/') + 1);
  while (link.starts_with("../")) {
    EXPECT_FALSE(folder.empty()) << page << " leaves the folder";
    if (folder.empty()) return "";
    folder.pop_back();
    folder.erase(folder.rfind('/') + 1);
    link.erase(0, 3);
  }
  return folder + link;
}

// Every link leads to a file of the report, and to a place that is in it.
void expect_links_lead_somewhere(const Files& files) {
  const std::regex link("(?:href|src)=\"([^\"]*)\"");
  for (const auto& [name, content] : files) {
    if (!is_page(name)) continue;
    for (std::sregex_iterator at(content.begin(), content.end(), link), end; at != end; ++at) {
      const std::string target = (*at)[1], file = resolved(name, target);
      ASSERT_TRUE(files.contains(file)) << name << " links to " << target;
      if (const size_t hash = target.find('#'); hash != target.npos) {
        EXPECT_NE(files.at(file).find("id=\"" + target.substr(hash + 1) + "\""), std::string::npos)
            << name << " links to " << target;
      }
    }
  }
}

TEST(Html, IsWellFormedAndHoldsNothingThatServersForbid) {
  const Files files = pages(sample_info(), samples());
  expect_well_formed(files);
  expect_nothing_forbidden(files);
  expect_links_lead_somewhere(files);
  EXPECT_EQ(files.at("style.css").find("url("), std::string::npos);
  EXPECT_EQ(files.at("style.css").find("@import"), std::string::npos);
}

TEST(Html, IsHarmlessWithHostileTexts) {
  Trace trace = sample_trace();
  trace.case_text = nasty;
  trace.environment.kernel = trace.environment.ends[0].stack = nasty;
  trace.environment.ends[0].sysctl[nasty] = nasty;
  trace.events.emplace_back(TroubleEvent{.time = 86402s, .what = nasty});
  CaseResult result = nasty_sample();
  result.findings[1].event = 3;
  result.names = {{nasty, nasty}, {nasty}};
  const Files files =
      pages(nasty_info(), {result}, [&](const CaseResult&) -> Result<Trace> { return trace; });
  expect_well_formed(files);
  expect_nothing_forbidden(files);
  expect_links_lead_somewhere(files);
  for (const auto& [name, content] : files) {
    if (!is_page(name)) continue;
    EXPECT_EQ(content.find("<b a="), std::string::npos) << name;
    for (const char c : content)
      ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << name;
    EXPECT_EQ(content.find("\u202e"), std::string::npos) << name;
  }
}

TEST(Html, TheSameResultsGiveTheSamePages) {
  EXPECT_EQ(pages(sample_info(), samples()), pages(sample_info(), samples()));
}

TEST(Html, EveryResultHasItsPageAndEveryOutcomeAndTopicItsOwn) {
  const std::vector<CaseResult> results = samples();
  const Files files = pages(sample_info(), results);
  for (const CaseResult& result : results) {
    EXPECT_TRUE(files.contains("cases/" + result.case_id + ".ipv4.html")) << result.case_id;
    EXPECT_TRUE(files.contains(Site::outcome_page(result.outcome)));
  }
  EXPECT_TRUE(files.contains("topic-close.html"));
  EXPECT_TRUE(files.contains("topic-no_topic.html"));
  EXPECT_TRUE(files.contains("traces/close/fin-lost.ipv4.json"));
}

TEST(Html, ARunThatNeedsALookSaysSoFirst) {
  const std::string index = pages(sample_info(), samples()).at("index.html");
  EXPECT_NE(index.find("<h1>8 results, 4 to look at</h1>"), std::string::npos);
  EXPECT_NE(index.find("the 3rd gap is too long"), std::string::npos);
  const std::string good = pages(sample_info(), {sample("a/b", Outcome::PASS)}).at("index.html");
  EXPECT_NE(good.find("<h1>1 result, all as expected</h1>"), std::string::npos);
}

TEST(Html, ACaseShowsItsReasonThenItsPicture) {
  const Files files = pages(sample_info(), samples());
  const std::string& page = page_of(files, "close/fin-lost");
  const size_t reason = page.find("the 3rd gap is too long"),
               picture = page.find("<svg class=\"ladder\"");
  ASSERT_NE(picture, std::string::npos);
  EXPECT_LT(reason, picture);
  EXPECT_NE(page.find("dropped by rule 'lose-syn'"), std::string::npos);
  EXPECT_NE(page.find("id=\"seen-2\" class=\"mark broken\""), std::string::npos);
  EXPECT_NE(page.find("title = &quot;A &lt;case&gt;&quot;"), std::string::npos);
  EXPECT_NE(page.find("net.ipv4.tcp_syn_retries"), std::string::npos);
  EXPECT_NE(page.find("faultline run 'close/fin-lost' --ipv4 --seed 7"), std::string::npos);
}

TEST(Html, AResultWithoutATraceSaysWhyThereIsNoPicture) {
  const Files files = pages(sample_info(), samples());
  const std::string& page = page_of(files, "data/cork");
  EXPECT_NE(page.find("There is no picture: it left &lt;no&gt; trace."), std::string::npos);
  EXPECT_EQ(page.find("<svg class=\"ladder\""), std::string::npos);
}

TEST(Html, TheMatrixHasAColumnForEachStackAndFamily) {
  std::vector<CaseResult> results;
  for (const char* stack : {"linux", "lwip"})
    for (const Family family : {Family::ipv4, Family::ipv6}) {
      results.push_back(
          sample("close/a", stack[0] == 'l' && stack[1] == 'w' ? Outcome::FAIL : Outcome::PASS));
      results.back().stack = stack;
      results.back().kernel = "uml-6.12";
      results.back().family = family;
    }
  const std::string index = pages(sample_info(), results).at("index.html");
  EXPECT_NE(index.find(">lwip<small>uml-6.12</small></th>"), std::string::npos);
  EXPECT_NE(index.find("href=\"cases/close/a.ipv6.lwip@uml-6.12.html\">FAIL</a>"),
            std::string::npos);
}

TEST(Html, RepetitionsShareACellThatShowsTheWorst) {
  std::vector<CaseResult> results(3, sample("close/a", Outcome::PASS));
  for (int i = 0; i < 3; ++i) results[static_cast<size_t>(i)].repetition = i + 1;
  results[1].outcome = Outcome::FAIL;
  const std::string index = pages(sample_info(), results).at("index.html");
  EXPECT_NE(index.find("href=\"cases/close/a.ipv4.2.html\">FAIL 1 of 3</a>"), std::string::npos);
}

TEST(Html, NoResultsAreAPageAsWell) {
  const Files files = pages(sample_info(), {});
  expect_well_formed(files);
  EXPECT_NE(files.at("index.html").find("<h1>No results</h1>"), std::string::npos);
}

// A report that a full disk cut short has no index whose links lead nowhere.
TEST(Html, TheIndexIsWrittenWhenAllItLinksToIsThere) {
  std::vector<std::string> order;
  const auto sink = [&](const std::string& path, std::string_view /*content*/) -> Result<void> {
    order.push_back(path);
    return {};
  };
  const auto trace_of = [](const CaseResult&) -> Result<Trace> { return sample_trace(); };
  ASSERT_TRUE(write_html(sample_info(), samples(), trace_of, sink));
  EXPECT_EQ(order.back(), "index.html");
  EXPECT_EQ(std::ranges::count(order, "index.html"), 1);
}

TEST(Html, ARunThatIsNotWholeSaysSo) {
  RunInfo info = info_without_shards();
  info.interrupted = true;
  const std::string index = pages(info, {sample("a/b", Outcome::PASS)}).at("index.html");
  EXPECT_NE(index.find("<h1>1 result of a run that is not whole</h1>"), std::string::npos);
  EXPECT_NE(index.find("<p class=\"warning\">The run was interrupted"), std::string::npos);
  EXPECT_NE(index.find("<p class=\"warning\">Of the run shard 3/3 is not there.</p>"),
            std::string::npos);
}

TEST(Html, AFileThatCannotBeWrittenEndsIt) {
  const auto done = write_html(
      sample_info(), samples(), [](const CaseResult&) -> Result<Trace> { return sample_trace(); },
      [](const std::string& path, std::string_view) -> Result<void> {
        if (path.starts_with("cases/")) return fail("{}: no room", path);
        return {};
      });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().what, "cases/handshake/plain.ipv4.html: no room");
}

}  // namespace
}  // namespace faultline
