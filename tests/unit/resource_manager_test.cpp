#include "core/resource/resource_manager.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace kadsim;

namespace {

struct Bench {
  Scheduler scheduler;
  CountingOrder order;
  ResourceManager manager{scheduler, order, 0};

  OwnerId owner(const char* name, OwnerId above, OwnerOptions options = {}) {
    options.name = name;
    return manager.add_owner(above, options).owner;
  }
  OwnerId owner(const char* name) { return owner(name, manager.root()); }
  static ResourceOptions streams(Units units = 1, std::uint32_t priority = 65536) {
    return {.resource_class = kStreams, .units = units, .priority = EdgePriority::of(priority)};
  }
  void limit(OwnerId owner, Units units, ResourceClass c = kStreams) {
    REQUIRE(manager.set_limit(owner, c, {.units = units}) == Refusal::kNone);
  }
};

}  // namespace

TEST_CASE("a leaf is charged along one path to the root, and gives all back", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const OwnerId app = bench.owner("app");
  const OwnerId peer = bench.owner("peer", app);
  const ResourceId leaf = manager.add_resource(peer, Bench::streams(3)).resource;
  REQUIRE(manager.charged_to(leaf) == std::vector{peer, app, manager.root()});
  REQUIRE(manager.used(manager.root(), kStreams) == 3);
  manager.check();
  REQUIRE(manager.destroy(leaf).refusal == Refusal::kNone);
  REQUIRE(manager.used(manager.root(), kStreams) == 0);
  REQUIRE_FALSE(manager.exists(leaf));
  manager.check();
}

TEST_CASE("a full owner's leaf moves to another owner to make room", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const OwnerId a = bench.owner("a");
  const OwnerId b = bench.owner("b");
  bench.limit(a, 1);
  bench.limit(b, 1);
  const ResourceId shared = manager.add_resource(a, Bench::streams()).resource;
  REQUIRE(manager.add_resource(b, shared, {}).refusal == Refusal::kNone);
  const AddedResource added = manager.try_add(a, Bench::streams());
  REQUIRE(added.refusal == Refusal::kNone);
  REQUIRE(manager.charged_to(shared) == std::vector{b, manager.root()});
  manager.check();
  const AddedResource refused = manager.try_add(a, Bench::streams());
  REQUIRE(refused.refusal == Refusal::kOverLimit);
  REQUIRE(refused.blocked.owner == a);
  REQUIRE(refused.blocked.used == 1);
  REQUIRE(refused.blocked.limit == 1);
}

TEST_CASE("the lowest leaf gives way to one above it, and an equal one does not", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const OwnerId a = bench.owner("a");
  bench.limit(a, 2);
  const ResourceId low = manager.add_resource(a, Bench::streams(1, 100)).resource;
  const ResourceId high = manager.add_resource(a, Bench::streams(1, 300)).resource;
  REQUIRE(manager.add_resource(a, Bench::streams(1, 100)).refusal == Refusal::kOverLimit);
  REQUIRE(manager.add_resource(a, Bench::streams(1, 200)).refusal == Refusal::kNone);
  REQUIRE_FALSE(manager.exists(low));
  REQUIRE(manager.exists(high));
  manager.check();
}
