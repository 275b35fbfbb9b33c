#include "harness/run/job.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

Job a_job() {
  return {.case_id = "close/four-way",
          .case_file = "cases/close/four-way.toml",
          .case_text = "title = \"ü\"\n",
          .family = Family::ipv6,
          .sut = About::server,
          .seed = 0xffff'ffff'ffff'fff1,
          .timing_scale = 2.5,
          .overrides = {{"net.ipv4.tcp_syn_retries", "3"}},
          .driver = {"/x/driver", "-v"},
          .trace_file = "/tmp/out/t.json"};
}

TEST(Job, ComesBackAsItWasSent) {
  const Job job = a_job();
  const auto back = job_from_json(to_json(job));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->case_id, job.case_id);
  EXPECT_EQ(back->case_file, job.case_file);
  EXPECT_EQ(back->case_text, job.case_text);
  EXPECT_EQ(back->family, job.family);
  EXPECT_EQ(back->sut, job.sut);
  EXPECT_EQ(back->seed, job.seed);
  EXPECT_EQ(back->timing_scale, job.timing_scale);
  EXPECT_EQ(back->overrides, job.overrides);
  EXPECT_EQ(back->driver, job.driver);
  EXPECT_EQ(back->trace_file, job.trace_file);
}

TEST(Job, EveryPlaceOfTheStackUnderTest) {
  for (const About sut : {About::client, About::server, About::both}) {
    Job job = a_job();
    job.sut = sut;
    EXPECT_EQ(job_from_json(to_json(job))->sut, sut);
  }
}

TEST(Job, OthersAreRefused) {
  for (const char* text : {"", "{", "[]", "{}", "{\"case_id\":1}"}) {
    const auto job = job_from_json(text);
    ASSERT_FALSE(job) << text;
    EXPECT_TRUE(job.error().what.starts_with("the worker was given no job: ")) << job.error().what;
  }
}

}  // namespace
}  // namespace faultline
