#include "harness/run/job.hpp"

#include <nlohmann/json.hpp>

namespace faultline {

using nlohmann::json;

std::string to_json(const Job& job) {
  return json{{"case_id", job.case_id},
              {"case_file", job.case_file},
              {"case_text", job.case_text},
              {"family", to_string(job.family)},
              {"sut", to_string(job.sut)},
              {"seed", job.seed},
              {"timing_scale", job.timing_scale},
              {"overrides", job.overrides},
              {"driver", job.driver},
              {"virtual_time", job.virtual_time},
              {"free_computing", job.free_computing},
              {"trace_file", job.trace_file}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Job> job_from_json(const std::string& text) {
  try {
    const json object = json::parse(text);
    Job job;
    object.at("case_id").get_to(job.case_id);
    object.at("case_file").get_to(job.case_file);
    object.at("case_text").get_to(job.case_text);
    job.family = object.at("family") == "ipv6" ? Family::ipv6 : Family::ipv4;
    const auto sut = object.at("sut").get<std::string>();
    job.sut = sut == "client" ? About::client : sut == "server" ? About::server : About::both;
    object.at("seed").get_to(job.seed);
    object.at("timing_scale").get_to(job.timing_scale);
    object.at("overrides").get_to(job.overrides);
    object.at("driver").get_to(job.driver);
    object.at("virtual_time").get_to(job.virtual_time);
    object.at("free_computing").get_to(job.free_computing);
    object.at("trace_file").get_to(job.trace_file);
    return job;
  } catch (const json::exception& error) {
    return fail("the worker was given no job: {}", error.what());
  }
}

}  // namespace faultline
