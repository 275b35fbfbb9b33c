#include "harness/run/job.hpp"

#include <nlohmann/json.hpp>

namespace faultline {

using nlohmann::json;

namespace {

json json_of(const TimerPromise& promise) {
  json gaps = json::array();
  for (const Nanos gap : promise.gaps) gaps.push_back(gap.count());
  json object{{"timer", promise.timer},
              {"first", promise.first.count()},
              {"gaps", std::move(gaps)}};
  if (promise.end) object["end"] = promise.end->count();
  return object;
}

TimerPromise promise_from(const json& object) {
  TimerPromise promise{.timer = object.at("timer"),
                       .first = Nanos(object.at("first").get<int64_t>())};
  for (const json& gap : object.at("gaps")) promise.gaps.emplace_back(gap.get<int64_t>());
  if (object.contains("end")) promise.end = Nanos(object["end"].get<int64_t>());
  return promise;
}

json json_of(const RemoteStack& remote) {
  return {{"here", to_string(remote.here)},       {"there", to_string(remote.there)},
          {"first_port", remote.first_port},      {"last_port", remote.last_port},
          {"driver_port", remote.driver_port},    {"service_port", remote.service_port},
          {"token_file", remote.token_file}};
}

RemoteStack remote_from(const json& object) {
  RemoteStack remote;
  remote.here = address_from_string(object.at("here")).value_or(Address{});
  remote.there = address_from_string(object.at("there")).value_or(Address{});
  object.at("first_port").get_to(remote.first_port);
  object.at("last_port").get_to(remote.last_port);
  object.at("driver_port").get_to(remote.driver_port);
  object.at("service_port").get_to(remote.service_port);
  object.at("token_file").get_to(remote.token_file);
  return remote;
}

json json_of(const ForeignStack& stack) {
  json promises = json::array();
  for (const TimerPromise& promise : stack.promises) promises.push_back(json_of(promise));
  json object{{"name", stack.name},
              {"start", stack.start},
              {"attach", static_cast<int>(stack.attach)},
              {"tells_states", stack.tells_states},
              {"promises", std::move(promises)}};
  if (stack.remote) object["remote"] = json_of(*stack.remote);
  if (stack.ticks)
    object["ticks"] = {stack.ticks->late.count(), stack.ticks->early.count()};
  return object;
}

ForeignStack foreign_stack_from(const json& object) {
  ForeignStack stack{.name = object.at("name"),
                     .start = object.at("start"),
                     .attach = static_cast<Attach>(object.at("attach").get<int>()),
                     .tells_states = object.at("tells_states")};
  if (object.contains("ticks"))
    stack.ticks = Ticks{Nanos(object["ticks"].at(0).get<int64_t>()),
                        Nanos(object["ticks"].at(1).get<int64_t>())};
  if (object.contains("remote")) stack.remote = remote_from(object["remote"]);
  for (const json& promise : object.at("promises"))
    stack.promises.push_back(promise_from(promise));
  return stack;
}

}  // namespace

std::string to_json(const Job& job) {
  json object{{"case_id", job.case_id},
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
              {"trace_file", job.trace_file}};
  if (job.stack) object["stack"] = json_of(*job.stack);
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
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
    if (object.contains("stack")) job.stack = foreign_stack_from(object["stack"]);
    return job;
  } catch (const json::exception& error) {
    return fail("the worker was given no job: {}", error.what());
  }
}

}  // namespace faultline
