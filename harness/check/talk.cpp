#include "harness/check/talk.hpp"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "harness/drive/session.hpp"
#include "harness/util/clock.hpp"

namespace faultline::check {
namespace {

// More than any check can cause.
constexpr size_t most_lines = 100'000;

}  // namespace

Result<std::unique_ptr<Talk>> Talk::start(const DriverCommand& command, Nanos patience) {
  std::signal(SIGPIPE, SIG_IGN);
  std::unique_ptr<Talk> talk(new Talk(patience));
  auto process = drive::ChildProcess::start(talk->context_.get_executor(), command, talk->pipes_);
  if (!process) return std::unexpected(process.error());
  talk->process_.emplace(std::move(*process));
  talk->process_->wait([talk = talk.get()](int status) { talk->status_ = status; });
  for (const Fd* fd : {&talk->pipes_.in, &talk->pipes_.out, &talk->pipes_.err})
    fcntl(fd->get(), F_SETFL, fcntl(fd->get(), F_GETFL) | O_NONBLOCK);
  return talk;
}

const DriverHello& Talk::hello() {
  wait_for("no hello", [this] { return hello_.has_value(); });
  return *hello_;
}

void Talk::write(std::string_view bytes) {
  const Nanos deadline = monotonic_now() + patience_;
  while (!bytes.empty()) {
    const ssize_t written = ::write(pipes_.in.get(), bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) gone("closed its input");
    if (monotonic_now() > deadline) gone("does not read its requests");
    // What it says meanwhile must not keep it from reading.
    (void)hear(monotonic_now() + 10ms);
  }
}

uint64_t Talk::send(nlohmann::json request) {
  const uint64_t id = next_id_++;
  request["id"] = id;
  const bool is_named = request.contains("call") && request["call"].is_string();
  expect(id, is_named ? request["call"].get<std::string>() : "");
  write(request.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  return id;
}

void Talk::expect(uint64_t id, const std::string& call) {
  open_[id] = {call, monotonic_now()};
}

Reply Talk::answer(uint64_t id) {
  wait_for("no reply", [&] { return replies_.contains(id); });
  return replies_.at(id);
}

bool Talk::waits(uint64_t id) {
  wait_for("neither 'started' nor a reply",
           [&] { return started_.contains(id) || replies_.contains(id); });
  return started_.contains(id);
}

void Talk::barrier() {
  (void)call({{"call", "close"}, {"socket", "of-nobody"}});
}

std::optional<std::string> Talk::ended(Nanos within) {
  const Nanos deadline = monotonic_now() + within;
  while (!status_ && monotonic_now() < deadline)
    if (!hear(std::min(deadline, monotonic_now() + 20ms))) context_.poll();
  context_.poll();
  if (!status_) return {};
  while (hear(monotonic_now())) {
  }
  return drive::describe_status(*status_);
}

bool Talk::hear(Nanos deadline) {
  std::array<pollfd, 2> fds{pollfd{pipes_.out.get(), POLLIN, 0}, {pipes_.err.get(), POLLIN, 0}};
  const auto left = std::max(deadline - monotonic_now(), Nanos(0));
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  if (::poll(fds.data(), fds.size(), static_cast<int>(whole)) <= 0) return false;
  bool heard = false;
  if (fds[1].revents != 0) heard = read_from(pipes_.err, true);
  if (fds[0].revents != 0) heard = read_from(pipes_.out, false) || heard;
  return heard;
}

bool Talk::read_from(Fd& fd, bool is_words) {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) {
    fd.reset();
    return false;
  }
  const std::string_view bytes(buffer.data(), static_cast<size_t>(got));
  if (is_words) {
    words_.feed(bytes);
  } else {
    lines_.feed(bytes, [this](std::string_view line, bool too_long) {
      take(line, too_long);
      return true;
    });
  }
  return true;
}

void Talk::take(std::string_view line, bool too_long) {
  if (++lines_heard_ > most_lines) gone("floods");
  if (line.empty()) return;
  if (too_long) {
    faults_.push_back("said a line longer than 65536 bytes: " + protocol::excerpt(line));
    return;
  }
  auto message = drive::read_message(line);
  if (!message) {
    faults_.push_back(message.error().what);
    return;
  }
  if (!hello_ && !std::holds_alternative<DriverHello>(*message))
    faults_.push_back("said something before its hello: " + protocol::excerpt(line));
  std::visit([this](auto& what) { act(what); }, *message);
}

void Talk::act(const DriverHello& hello) {
  if (hello_) faults_.emplace_back("said hello twice");
  hello_ = hello;
}

void Talk::act(const drive::StartedMessage& started) {
  if (!open_.contains(started.id))
    faults_.push_back(fmt::format("started call {}, which is not open", started.id));
  if (!started_.insert(started.id).second)
    faults_.push_back(fmt::format("started call {} twice", started.id));
}

void Talk::act(drive::ReplyMessage& message) {
  const auto found = open_.find(message.id);
  if (found == open_.end()) {
    faults_.push_back(fmt::format("answered call {}, which is not open", message.id));
    return;
  }
  const auto [call, sent] = found->second;
  Reply& reply = message.reply;
  const Nanos now = monotonic_now(), slack = drive::stamp_slack;
  if (reply.ok())
    if (const auto whole = drive::check_result(call, reply.result); !whole)
      faults_.push_back(whole.error().what);
  const bool monotonic = hello_ && hello_->monotonic && message.stamped;
  if (monotonic && (reply.began < sent - slack || reply.ended > now + slack))
    faults_.push_back(fmt::format("answered {} with times outside of the call", call));
  open_.erase(found);
  replies_[message.id] = std::move(reply);
}

template <typename Holds>
void Talk::wait_for(const std::string& what, Holds holds) {
  const Nanos deadline = monotonic_now() + patience_;
  while (!holds()) {
    if (!pipes_.out) gone("ended its output");
    if (monotonic_now() >= deadline)
      gone(fmt::format("{} within {}", what, format_duration(patience_)));
    (void)hear(deadline);
  }
}

void Talk::gone(const std::string& what) {
  const auto how = ended(200ms);
  std::string why = how ? "it " + *how : what;
  if (!faults_.empty()) why += "; it " + faults_.back();
  if (!words_.lines().empty()) why += fmt::format("; its last words: {}", words_.lines().back());
  throw Gone{why};
}

}  // namespace faultline::check
