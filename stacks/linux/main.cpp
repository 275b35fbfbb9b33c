#include <unistd.h>

#include "stacks/linux/driver.hpp"

int main() {
  return faultline::run_linux_driver(STDIN_FILENO, STDOUT_FILENO);
}
