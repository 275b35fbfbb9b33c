#include "stacks/linux/blocking.hpp"

namespace faultline::linux_driver {

Answer BlockingCall::cancel() {
  return fail(ECANCELED, "the socket was closed");
}

void BlockingCall::begin() {
  if (began_ == 0) began_ = now();
}

Answer BlockingCall::succeed() {
  return {.result = std::move(result_), .began = began_, .ended = now()};
}

Answer BlockingCall::fail(int error, const char* what) {
  Answer answer = succeed();
  answer.error = errno_name(error);
  answer.message = what;
  return answer;
}

}  // namespace faultline::linux_driver
