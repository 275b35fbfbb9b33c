#include "harness/cli/app.hpp"

int main(int argc, char** argv) { return faultline::run_app(argc, argv); }
