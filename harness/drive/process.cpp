#include <boost/asio/io_context.hpp>
#include <csignal>
#include <utility>

#include "harness/drive/child.hpp"
#include "harness/drive/driver.hpp"

namespace faultline {

Result<std::unique_ptr<DriverProcess>> DriverProcess::start(boost::asio::io_context& context,
                                                            const DriverCommand& command,
                                                            DriverCallbacks callbacks) {
  std::signal(SIGPIPE, SIG_IGN);
  drive::ChildPipes pipes;
  auto process = drive::ChildProcess::start(context.get_executor(), command, pipes);
  if (!process) return std::unexpected(process.error());
  auto child = std::make_shared<Child>(context, command.argv.front(), std::move(*process),
                                       std::move(pipes), std::move(callbacks));
  child->begin(command.ready_within);
  return std::unique_ptr<DriverProcess>(new DriverProcess(std::move(child)));
}

DriverProcess::DriverProcess(std::shared_ptr<Child> child) : child_(std::move(child)) {}

DriverProcess::~DriverProcess() {
  child_->abandon();
}

void DriverProcess::call(nlohmann::json request, OnReply on_reply, OnStarted on_started) {
  child_->call(std::move(request), std::move(on_reply), std::move(on_started));
}

void DriverProcess::kill() {
  child_->kill();
}

bool DriverProcess::alive() const {
  return child_->alive();
}

int DriverProcess::pid() const {
  return child_->pid();
}

}  // namespace faultline
