// Many cases side by side in guests whose time is virtual (DESIGN D9).
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "harness/kernel/guest_process.hpp"
#include "harness/run/variant.hpp"

namespace faultline {

class GuestPool final : public CaseRunner {
 public:
  // How a guest is started that runs a plan, with a folder for its files, and what it is like.
  struct Machine {
    std::function<Result<Launch>(const std::string& plan, const std::filesystem::path& folder)>
        launch;
    Nanos longest_silence{};      // of real time; then a guest is taken for hung
    bool free_computing = false;  // nothing but waiting takes time in it
    // Options that cases need and its kernel lacks; nothing where a guest has to find out by
    // trying.
    std::optional<std::vector<std::string>> lacks = {};
  };

  // `jobs` of the options: guests at the same time. A guest that is silent for too long is killed.
  // What it had begun is then an ERROR, with the end of its console; the rest is run in another.
  // Where the kernel lacks an option, everything is SKIP with its name.
  GuestPool(boost::asio::io_context& context, std::vector<Variant> variants, RunnerOptions options,
            RunnerCallbacks callbacks, Machine machine);
  ~GuestPool() override;

  void start() override;
  void interrupt() override;
  [[nodiscard]] const std::string& refusal() const override { return refusal_; }

 private:
  struct Guest;

  void start_more();
  void start(std::vector<Variant> share);
  void on_frame(Guest& guest, Frame frame);
  void on_up(Guest& guest, const std::string& body);
  void on_end(Guest& guest, const GuestEnd& end);
  void give_back(Guest& guest, const GuestEnd& end);
  void report(Guest& guest, size_t job, CaseResult result);
  [[nodiscard]] CaseResult result_of(const Guest& guest, const Variant& variant,
                                     const std::string& trace) const;
  void refuse(const std::string& why);
  void skip_all(const std::vector<std::string>& lacks);
  void finish_if_done();

  boost::asio::io_context& context_;
  std::deque<std::vector<Variant>> shares_;
  RunnerOptions options_;
  RunnerCallbacks callbacks_;
  Machine machine_;
  std::map<size_t, std::unique_ptr<Guest>> guests_;
  size_t next_key_ = 0;
  bool stopped_ = false, done_ = false;
  std::string refusal_;
};

}  // namespace faultline
