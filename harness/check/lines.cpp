// What is a line, what is a request, what is a name.
#include <fmt/format.h>

#include "harness/check/check_driver.hpp"

namespace faultline::check {
namespace {

// Exactly one `error` event comes of these bytes, and the driver goes on.
void expect_complaint(Bench& bench, const std::string& what, const std::string& bytes) {
  Talk& driver = bench.driver();
  const size_t before = driver.complaints().size();
  driver.write(bytes);
  driver.barrier();
  const size_t came = driver.complaints().size() - before;
  if (came == 0) {
    bench.findings().add(Verdict::missing, what, "an error event", "none");
  } else {
    bench.expect(what, came == 1, "one error event", fmt::format("{}", came));
  }
}

// A request that is written by hand is answered like any other: with EBADF.
void expect_served(Bench& bench, const std::string& what, uint64_t id, const std::string& line) {
  bench.driver().expect(id, "close");
  bench.driver().write(line);
  bench.refused(what, "close", bench.driver().answer(id), "EBADF");
}

void check_name(Bench& bench, const std::string& what, const json& name, bool is_good) {
  const json request{{"call", "socket"}, {"socket", name}, {"family", bench.family()}};
  if (!is_good) return bench.refused(what, request, "EINVAL");
  if (bench.good(what, request)) (void)bench.driver().call({{"call", "close"}, {"socket", name}});
}

}  // namespace

void check_lines(Bench& bench) {
  expect_complaint(bench, "a line that is no JSON", "bye\n");
  expect_complaint(bench, "a line of JSON that is no object", "[1,2]\n");
  expect_complaint(bench, "half an object", "{\"id\":1,\n");
  expect_complaint(bench, "bytes that are no UTF-8", "\xff\xfe{}\n");
  expect_complaint(bench, "a request without an id",
                   R"({"call":"exit"})"
                   "\n");
  expect_complaint(bench, "an id below zero",
                   R"({"id":-1,"call":"exit"})"
                   "\n");
  expect_complaint(bench, "an id that is a string",
                   R"({"id":"1","call":"exit"})"
                   "\n");
  expect_complaint(bench, "an id above 2^53",
                   R"({"id":18446744073709551615,"call":"exit"})"
                   "\n");
  expect_complaint(bench, "a line of 65537 bytes", std::string(65537, 'x') + "\n");
  expect_complaint(bench, "a line of a megabyte", std::string(1 << 20, '[') + "\n");
  expect_served(bench, "empty lines before a request", 1,
                "\n\n\n"
                R"({"id":1,"call":"close","socket":"of-nobody"})"
                "\n");
  expect_served(bench, "members in another order, with blanks", 2,
                R"( { "socket" : "of-nobody" , "call" : "close" , "id" : 2 } )"
                "\n");
  expect_served(bench, "members that it does not know", 3,
                R"({"x":{"y":[1,{"z":null}]},"id":3,"call":"close","socket":"of-nobody","w":1.5})"
                "\n");
  expect_served(bench, "characters that are escaped", 4,
                R"({"id":4,"call":"\u0063lose","socket":"of-\u006eobody"})"
                "\n");
  const std::string front = R"({"id":5,"call":"close","socket":"of-nobody","pad":")";
  expect_served(bench, "a line of exactly 65536 bytes", 5,
                front + std::string(65536 - front.size() - 2, 'x') + "\"}\n");
  expect_served(bench, "the id 2^53", uint64_t{1} << 53,
                R"({"id":9007199254740992,"call":"close","socket":"of-nobody"})"
                "\n");
  expect_served(bench, "the id 0", 0,
                R"({"id":0,"call":"close","socket":"of-nobody"})"
                "\n");
  bench.driver().expect(6, "close");
  expect_served(bench, "two requests at once", 7,
                R"({"id":6,"call":"close","socket":"a"})"
                "\n"
                R"({"id":7,"call":"close","socket":"of-nobody"})"
                "\n");
  (void)bench.driver().answer(6);
}

void check_names(Bench& bench) {
  check_name(bench, "of 1 byte", "x", true);
  check_name(bench, "of 64 bytes", std::string(64, 'x'), true);
  check_name(bench, "that is not ASCII",
             "gr\xc3\xb6\xc3\x9f"
             "e",
             true);
  check_name(bench, "of no bytes", "", false);
  check_name(bench, "of 65 bytes", std::string(65, 'x'), false);
  check_name(bench, "that is a number", 7, false);
  const json request{{"call", "socket"}, {"socket", "twice"}, {"family", bench.family()}};
  if (bench.good("socket", request)) bench.refused("that is taken", request, "EEXIST");
}

}  // namespace faultline::check
