// What stands for a driver where there is none: at the end that is a service, which listens and accepts
// by itself. Nothing else can be done there.
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>

#include "harness/drive/driver.hpp"

namespace faultline {

class ListeningService final : public DriverPort {
 public:
  // `context` must outlive this.
  explicit ListeningService(boost::asio::io_context& context) : context_(context) {}

  // "listen" is done already, "accept" is when the service has a connection; all else is unsupported.
  void call(nlohmann::json request, OnReply on_reply, OnStarted on_started) override;
  void kill() override {}
  [[nodiscard]] bool alive() const override { return true; }

  // The service has one more.
  void established(const Endpoint& peer);

 private:
  void answer(OnReply on_reply, Reply reply);
  void serve();

  boost::asio::io_context& context_;
  std::deque<std::pair<OnReply, Nanos>> accepts_;
  std::deque<Endpoint> waiting_;
};

}  // namespace faultline
