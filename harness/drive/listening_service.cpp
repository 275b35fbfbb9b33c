#include "harness/drive/listening_service.hpp"

#include <boost/asio/post.hpp>

#include "harness/util/clock.hpp"

namespace faultline {

void ListeningService::call(nlohmann::json request, OnReply on_reply, OnStarted on_started) {
  const std::string call = request.value("call", "");
  const Nanos now = monotonic_now();
  if (call == "listen")
    return answer(std::move(on_reply),
                  {.result = {{"local_address", request.value("address", "")},
                              {"local_port", request.value("port", 0)}},
                   .began = now,
                   .ended = now});
  if (call != "accept")
    return answer(std::move(on_reply),
                  {.unsupported = call + ": there is no driver at the other end", .began = now,
                   .ended = now});
  if (on_started) boost::asio::post(context_, std::move(on_started));
  accepts_.emplace_back(std::move(on_reply), now);
  serve();
}

void ListeningService::established(const Endpoint& peer) {
  waiting_.push_back(peer);
  serve();
}

void ListeningService::answer(OnReply on_reply, Reply reply) {
  boost::asio::post(context_, [on_reply = std::move(on_reply), reply = std::move(reply)] {
    if (on_reply) on_reply(reply);
  });
}

void ListeningService::serve() {
  while (!accepts_.empty() && !waiting_.empty()) {
    auto [on_reply, began] = std::move(accepts_.front());
    accepts_.pop_front();
    const Endpoint peer = waiting_.front();
    waiting_.pop_front();
    answer(std::move(on_reply),
           {.result = {{"peer_address", to_string(peer.address)}, {"peer_port", peer.port}},
            .began = began,
            .ended = monotonic_now()});
  }
}

}  // namespace faultline
