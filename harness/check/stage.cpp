#include "harness/check/stage.hpp"

#include <linux/netlink.h>

#include "harness/run/device_environment.hpp"
#include "harness/world/link.hpp"
#include "harness/world/netns.hpp"
#include "stacks/linux/driver.hpp"

namespace faultline::check {
namespace {

// A world, and what keeps its wire's namespace.
struct HeldWorld {
  HeldWorld(Fd fd, World built) : home(std::move(fd)), world(std::move(built)) {}
  Fd home;
  World world;
};

DriverCommand linux_driver(int netns) {
  return {.argv = {"peer"}, .netns_fd = netns, .body = run_linux_driver, .in_thread = true};
}

Result<Stage> on_a_device(const Subject& subject) {
  // The wire's side of a world is its builder's namespace.
  auto home = new_netns();
  if (!home) return std::unexpected(home.error());
  auto built = in_namespace(home->get(), [&] { return World::build({subject.attach, {}}); });
  if (!built) return std::unexpected(built.error());
  const auto both = std::make_shared<HeldWorld>(std::move(*home), std::move(*built));
  const std::shared_ptr<World> world(both, &both->world);
  const auto places = [](End end) {
    return Stage::Places{to_string(World::address(end, 4)), to_string(World::address(end, 6))};
  };
  return Stage{.here = places(End::client),
               .there = places(End::server),
               .driver =
                   [=, attach = subject.attach, argv = subject.argv] {
                     return DriverCommand{
                         .argv = argv,
                         .netns_fd = world->netns(End::client),
                         .device_fd = world->device(End::client),
                         .environment = device_environment(*world, End::client, attach)};
                   },
               .peer = [=] { return linux_driver(world->netns(End::server)); },
               .families = subject.families,
               .world = world};
}

}  // namespace

Result<Stage> build_stage(const Subject& subject) {
  if (subject.attach != Attach::kernel) return on_a_device(subject);
  Stage stage;
  stage.families = subject.families;
  stage.driver = [argv = subject.argv] { return DriverCommand{.argv = argv}; };
  stage.peer = [] { return linux_driver(-1); };
  return stage;
}

Result<void> bring_loopback_up() {
  auto rtnetlink = Netlink::open(NETLINK_ROUTE);
  if (!rtnetlink) return std::unexpected(rtnetlink.error());
  return bring_up(*rtnetlink, loopback);
}

}  // namespace faultline::check
