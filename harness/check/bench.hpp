// What the checks are made with: the driver, its peer, and one line for each thing found.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "harness/check/findings.hpp"
#include "harness/check/stage.hpp"
#include "harness/check/talk.hpp"

namespace faultline::check {

using nlohmann::json;

// A connection between socket "main" of the driver and socket "main" of its peer.
struct Pair {
  uint16_t here_port = 0, there_port = 0;
};

class Bench {
 public:
  // Starts both; they end with this. Throws Gone where the driver does not say hello.
  Bench(Stage stage, const Subject& subject, std::string family, Findings& findings,
        Nanos patience);

  [[nodiscard]] Talk& driver() { return *driver_; }
  [[nodiscard]] Talk& peer() { return *peer_; }
  [[nodiscard]] const std::string& family() const { return family_; }
  [[nodiscard]] std::string other_family() const { return family_ == "ipv4" ? "ipv6" : "ipv4"; }
  [[nodiscard]] const std::string& here() const { return stage_.here.of(family_); }
  [[nodiscard]] const std::string& there() const { return stage_.there.of(family_); }
  [[nodiscard]] const Subject& subject() const { return subject_; }
  [[nodiscard]] Stage& stage() { return stage_; }
  [[nodiscard]] Findings& findings() { return findings_; }
  // Another one each time, the same on every run.
  [[nodiscard]] uint16_t fresh_port() { return next_port_++; }

  // One line: the call is answered with success or as unsupported. The result of a success.
  std::optional<json> good(const std::string& what, json request);
  // The same of a reply that is there.
  std::optional<json> good(const std::string& what, const std::string& name, const Reply& reply);
  // One line: refused with this error.
  void refused(const std::string& what, json request, const std::string& error);
  void refused(const std::string& what, const std::string& name, const Reply& reply,
               const std::string& error);
  // One line: whether it holds.
  bool expect(const std::string& what, bool holds, const std::string& wanted,
              const std::string& got);
  void unsupported(const std::string& what, const std::string& name, const std::string& why);

  // No line: makes what a check needs. Where the driver cannot, `unsupported` is told and the
  // result is nothing.
  std::optional<json> need(const std::string& what, json request);
  // Connected, by the driver's connect or, where it has none, by its accept.
  std::optional<Pair> pair(const std::string& what, const json& options = json::object());
  // The peer's own calls never fail.
  json peer_call(json request);
  void forget(const std::string& socket);  // closes it, at both

 private:
  std::optional<Pair> pair_by_accept(const std::string& what);

  Stage stage_;
  const Subject& subject_;
  std::string family_;
  Findings& findings_;
  std::unique_ptr<Talk> driver_, peer_;
  uint16_t next_port_ = 7000;
};

// "ECONNRESET", "{"bytes":3}", "unsupported: …"
[[nodiscard]] std::string said(const Reply& reply);

}  // namespace faultline::check
