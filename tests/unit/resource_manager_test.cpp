#include "core/resource/resource_manager.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace kadsim;

namespace {

struct Bench {
  Scheduler scheduler;
  NetworkScheduler nodes{scheduler, 1};
  ResourceManager manager{nodes.of(0)};

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

namespace {

class Diary final : public ResourceListener {
 public:
  ResourceManager* manager = nullptr;
  std::vector<std::string> told;
  std::vector<Refusal> answers;

  void on_ended(VertexId, EndReason reason, std::uint64_t tag) override {
    told.push_back(std::string(name(reason)) + " " + std::to_string(tag));
    if (manager != nullptr)
      answers.push_back(manager->try_add(manager->root(), Bench::streams()).refusal);
  }
  void on_revoked_below(OwnerId, ResourceId, std::uint64_t tag) override {
    told.push_back("below " + std::to_string(tag));
  }
  ResourceOptions streams(std::uint64_t tag, std::uint32_t priority = 65536) {
    ResourceOptions options = Bench::streams(1, priority);
    options.listener = this;
    options.tag = tag;
    return options;
  }
};

}  // namespace

TEST_CASE("the revoked are told lowest first, then owners above; no listener may call back",
          "[resource]") {
  Bench bench;
  Diary diary;
  diary.manager = &bench.manager;
  const OwnerId a = bench.owner("a", bench.manager.root(), {.listener = &diary, .tag = 100});
  for (const std::uint32_t priority : {300U, 100U, 200U, 100U})
    bench.manager.add_resource(a,
                               diary.streams(priority + bench.manager.owned(a).size(), priority));
  REQUIRE(bench.manager.set_limit(a, kStreams, {.units = 1}) == Refusal::kNone);
  // Among the equal ones the newer goes first.
  REQUIRE(diary.told == std::vector<std::string>{"revoked 103", "below 100", "revoked 101",
                                                 "below 100", "revoked 202", "below 100"});
  REQUIRE(diary.answers == std::vector<Refusal>(3, Refusal::kReentered));
  REQUIRE(bench.manager.exists(a));
}

TEST_CASE("a subtree moves as a whole or not at all, and is never charged twice", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const OwnerId service = bench.owner("service");
  const OwnerId connection = bench.owner("connection", manager.temporary_owner());
  for (int i = 0; i < 3; ++i) manager.try_add(connection, Bench::streams());
  bench.limit(manager.root(), 3);  // holds them once
  bench.limit(service, 2);
  const std::string before = manager.text();
  const Changed refused = manager.try_move_resource(connection, service);
  REQUIRE(refused.refusal == Refusal::kOverLimit);
  REQUIRE(refused.blocked.owner == service);
  REQUIRE(manager.text() == before);
  bench.limit(service, 3);
  REQUIRE(manager.try_move_resource(connection, service).refusal == Refusal::kNone);
  REQUIRE(manager.used(service, kStreams) == 3);
  REQUIRE(manager.used(manager.temporary_owner(), kStreams) == 0);
  REQUIRE(manager.used(manager.root(), kStreams) == 3);
  manager.check();
}

TEST_CASE("what is under the placeholder is not charged, moves out, and is activated",
          "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  bench.limit(manager.root(), 2);
  const OwnerId plan = bench.owner("plan", manager.placeholder_owner());
  std::vector<ResourceId> leaves;
  for (int i = 0; i < 3; ++i)
    leaves.push_back(manager.add_resource(plan, Bench::streams()).resource);
  REQUIRE(manager.used(manager.root(), kStreams) == 0);
  REQUIRE_FALSE(manager.active(leaves[0]));
  REQUIRE(manager.activate(plan) == Refusal::kPlaceholder);
  REQUIRE(manager.add_resource(manager.root(), leaves[0], {}).refusal == Refusal::kPlaceholder);
  REQUIRE(manager.add_resource(manager.root(), plan, {}).refusal == Refusal::kPlaceholder);
  REQUIRE(manager.set_limit(manager.placeholder_owner(), kStreams, {.units = 1}) ==
          Refusal::kPlaceholder);
  REQUIRE(manager.try_move_resource(plan, manager.root()).refusal == Refusal::kOverLimit);
  REQUIRE(manager.destroy(leaves[2]).refusal == Refusal::kNone);
  REQUIRE(manager.try_move_resource(plan, manager.root()).refusal == Refusal::kNone);
  REQUIRE(manager.used(manager.root(), kStreams) == 2);
  REQUIRE_FALSE(manager.active(leaves[0]));
  REQUIRE(manager.activate(plan) == Refusal::kNone);
  REQUIRE(manager.active(leaves[0]));
  REQUIRE(manager.activate(plan) == Refusal::kAlreadyActive);
  manager.check();
}

TEST_CASE("an owner ends with its orphans, and a leaf that another owner has moves over there",
          "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  Diary diary;
  const OwnerId a = bench.owner("a");
  const OwnerId b = bench.owner("b");
  const ResourceId alone = manager.add_resource(a, diary.streams(1)).resource;
  const ResourceId shared = manager.add_resource(a, diary.streams(2)).resource;
  REQUIRE(manager.add_resource(b, shared, {}).refusal == Refusal::kNone);
  bench.limit(b, 0);
  const std::string before = manager.text();
  REQUIRE(manager.destroy(a).refusal == Refusal::kOverLimit);  // destroy revokes no leaf
  REQUIRE(manager.text() == before);
  bench.limit(b, 1);
  REQUIRE(manager.destroy(a).refusal == Refusal::kNone);
  REQUIRE(diary.told == std::vector<std::string>{"orphaned 1"});
  REQUIRE_FALSE(manager.exists(alone));
  REQUIRE(manager.charged_to(shared) == std::vector{b, manager.root()});
  manager.check();
}

TEST_CASE("a leaf that ends with its owner leaves its room to one that stays", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const OwnerId a = bench.owner("a");
  const OwnerId b = bench.owner("b");
  bench.limit(a, 1);
  bench.limit(b, 1);
  const OwnerId ending = bench.owner("ending", a);
  REQUIRE(manager.add_resource(b, ending, {}).refusal == Refusal::kNone);
  const OwnerId staying = bench.owner("staying", a);
  const ResourceId orphan = manager.try_add(ending, bench.streams()).resource;
  const ResourceId shared = manager.try_add(ending, bench.streams()).resource;
  REQUIRE(manager.charged_to(orphan) == std::vector{ending, a, manager.root()});
  REQUIRE(manager.charged_to(shared) == std::vector{ending, b, manager.root()});
  REQUIRE(manager.try_add(staying, shared, {}).refusal == Refusal::kNone);
  REQUIRE(manager.destroy(ending).refusal == Refusal::kNone);
  REQUIRE(manager.charged_to(shared) == std::vector{staying, a, manager.root()});
  manager.check();
}

TEST_CASE("a lifetime bounds what is derived from it, and ends with what it is of", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  Diary diary;
  const ResourceId connection = manager.add_resource(manager.root(), diary.streams(1)).resource;
  const LifetimeId own = manager.lifetime(connection);
  const LifetimeId request = manager.derive(own);
  const LifetimeId inner = manager.derive(request);
  ResourceOptions buffer = diary.streams(2);
  buffer.within = inner;
  ResourceOptions other = diary.streams(3);
  other.within = own;
  const ResourceId bounded = manager.add_resource(manager.temporary_owner(), buffer).resource;
  const ResourceId longer = manager.add_resource(manager.temporary_owner(), other).resource;
  REQUIRE(manager.end(own) == Refusal::kLifetimeOfVertex);
  REQUIRE(manager.end(request) == Refusal::kNone);
  REQUIRE_FALSE(manager.exists(bounded));
  REQUIRE_FALSE(manager.alive(inner));
  REQUIRE(manager.end(inner) == Refusal::kUnknownLifetime);
  REQUIRE(manager.exists(longer));
  REQUIRE(manager.lost(connection) == Refusal::kNone);
  REQUIRE_FALSE(manager.exists(longer));
  REQUIRE(diary.told == std::vector<std::string>{"lifetime ended 2", "lifetime ended 3"});
  REQUIRE(manager.add_resource(manager.root(), other).refusal == Refusal::kLifetimeEnded);
}

TEST_CASE("a share of a limit is what go-libp2p's memory priorities say", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  bench.limit(manager.root(), 1000, kMemory);
  const auto fits = [&](Units units, std::uint32_t share) {
    ResourceOptions options;
    options.resource_class = kMemory;
    options.units = units;
    options.share = share;
    const AddedResource added = manager.try_add(manager.root(), options);
    if (added.refusal == Refusal::kNone) manager.destroy(added.resource);
    return added.refusal == Refusal::kNone;
  };
  // used + n <= 1000 * (1 + 101) / 256 = 398.4
  REQUIRE(fits(398, 102));
  REQUIRE_FALSE(fits(399, 102));
  REQUIRE(fits(1000, 256));
  REQUIRE_FALSE(fits(1001, 256));
  REQUIRE_FALSE(fits(1, 0));
}

TEST_CASE("charged to all, a leaf counts once at each owner above it", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const auto all = [&](const char* name, bool above = true) {
    return bench.owner(name, manager.root(), {.charging = Charging::kAll, .charges_above = above});
  };
  const OwnerId peer = all("peer");
  const OwnerId transient = all("transient");
  const OwnerId protocol = all("protocol");
  const OwnerId apart = all("protocol.peer", false);
  const OwnerId stream = bench.owner("stream", peer, {.charging = Charging::kAll});
  REQUIRE(manager.add_resource(transient, stream, {}).refusal == Refusal::kNone);
  const ResourceId leaf = manager.try_add(stream, Bench::streams()).resource;
  REQUIRE(manager.used(manager.root(), kStreams) == 1);
  REQUIRE(manager.used(peer, kStreams) == 1);
  REQUIRE(manager.used(transient, kStreams) == 1);
  // What a stream does when its protocol is known.
  const std::vector<OwnerEdge> owners{{peer}, {apart}, {protocol}};
  bench.limit(apart, 0);
  REQUIRE(manager.try_move_resource(stream, owners).refusal == Refusal::kOverLimit);
  REQUIRE(manager.used(transient, kStreams) == 1);
  bench.limit(apart, 1);
  REQUIRE(manager.try_move_resource(stream, owners).refusal == Refusal::kNone);
  REQUIRE(manager.used(transient, kStreams) == 0);
  REQUIRE(manager.used(apart, kStreams) == 1);
  REQUIRE(manager.used(manager.root(), kStreams) == 1);
  REQUIRE(manager.charged_to(leaf).size() == 5);
  manager.check();
}

TEST_CASE("what a rate gave is not given back, and no leaf is revoked for it", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  REQUIRE(manager.set_limit(manager.root(), kBandwidth, {.units = 10}) == Refusal::kNone);
  ResourceOptions options;
  options.resource_class = kBandwidth;
  options.units = 10;
  options.priority = EdgePriority::of(1);
  const ResourceId low = manager.add_resource(manager.root(), options).resource;
  options.priority = {};
  REQUIRE(manager.add_resource(manager.root(), options).refusal == Refusal::kOverLimit);
  REQUIRE(manager.destroy(low).refusal == Refusal::kNone);
  REQUIRE(manager.add_resource(manager.root(), options).refusal == Refusal::kOverLimit);
  bench.scheduler.run_until(SimTime::at(Duration::seconds(1)));
  REQUIRE(manager.add_resource(manager.root(), options).refusal == Refusal::kNone);
  manager.check();
}

TEST_CASE("unequal units: the lowest give way until the newcomer fits, the needless are spared",
          "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  bench.limit(manager.root(), 10);
  const ResourceId one = manager.add_resource(manager.root(), Bench::streams(1, 10)).resource;
  const ResourceId two = manager.add_resource(manager.root(), Bench::streams(3, 20)).resource;
  const ResourceId three = manager.add_resource(manager.root(), Bench::streams(6, 30)).resource;
  // Needs 6: taking 1, 3 and 6 in turn, the first two turn out to be needless.
  REQUIRE(manager.add_resource(manager.root(), Bench::streams(6, 40)).refusal == Refusal::kNone);
  REQUIRE(manager.exists(one));
  REQUIRE(manager.exists(two));
  REQUIRE_FALSE(manager.exists(three));
  // No leaf is revoked for one that would not fit even then.
  const std::string before = manager.text();
  REQUIRE(manager.add_resource(manager.root(), Bench::streams(9, 40)).refusal ==
          Refusal::kOverLimit);
  REQUIRE(manager.text() == before);
}

TEST_CASE("unequal units: leaves of a full owner move elsewhere one by one to make room",
          "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const OwnerId a = bench.owner("a");
  const OwnerId b = bench.owner("b");
  const OwnerId both = bench.owner("both", a);
  REQUIRE(manager.add_resource(b, both, {}).refusal == Refusal::kNone);
  bench.limit(a, 7);
  bench.limit(b, 5);
  const ResourceId two = manager.try_add(both, Bench::streams(2)).resource;
  const ResourceId three = manager.try_add(both, Bench::streams(3)).resource;
  REQUIRE(manager.used(a, kStreams) == 5);
  REQUIRE(manager.try_add(a, Bench::streams(7)).refusal == Refusal::kNone);
  REQUIRE(manager.charged_to(two) == std::vector{both, b, manager.root()});
  REQUIRE(manager.charged_to(three) == std::vector{both, b, manager.root()});
  manager.check();
  const std::string before = manager.text();
  REQUIRE(manager.try_add(both, Bench::streams(1)).refusal == Refusal::kOverLimit);
  REQUIRE(manager.text() == before);
}

TEST_CASE("a leaf is charged along the edge of highest priority, then along the one it had first",
          "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const OwnerId a = bench.owner("a");
  const OwnerId b = bench.owner("b");
  const OwnerId both = bench.owner("both", a, {.priority = EdgePriority::of(100)});
  REQUIRE(manager.add_resource(b, both, EdgePriority::of(200)).refusal == Refusal::kNone);
  bench.limit(b, 1);
  const ResourceId first = manager.try_add(both, Bench::streams()).resource;
  const ResourceId second = manager.try_add(both, Bench::streams()).resource;
  REQUIRE(manager.charged_to(first) == std::vector{both, b, manager.root()});
  REQUIRE(manager.charged_to(second) == std::vector{both, a, manager.root()});
  // Both are worth what the better of two paths says, whichever they are charged along.
  REQUIRE(manager.effective_priority(second) == PathPriority() * EdgePriority::of(200));
}

TEST_CASE("limits of classes never interact", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const ResourceClass mine = manager.define_class(ClassKind::kStock);
  bench.limit(manager.root(), 0);
  bench.limit(manager.root(), 1, mine);
  ResourceOptions options;
  options.resource_class = mine;
  REQUIRE(manager.add_resource(manager.root(), options).refusal == Refusal::kNone);
  REQUIRE(manager.add_resource(manager.root(), options).refusal == Refusal::kOverLimit);
  REQUIRE(manager.add_resource(manager.root(), Bench::streams()).refusal == Refusal::kOverLimit);
  options.resource_class = ResourceClass{99};
  REQUIRE(manager.add_resource(manager.root(), options).refusal == Refusal::kUnknownClass);
}

TEST_CASE("a vertex that has ended is unknown, even when another has taken its place",
          "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  const ResourceId old = manager.add_resource(manager.root(), Bench::streams()).resource;
  REQUIRE(manager.lost(old) == Refusal::kNone);
  const ResourceId fresh = manager.add_resource(manager.root(), Bench::streams()).resource;
  REQUIRE(fresh.slot == old.slot);
  REQUIRE(manager.lost(old) == Refusal::kUnknownResource);
  REQUIRE(manager.destroy(old).refusal == Refusal::kUnknownResource);
  REQUIRE(manager.try_move_resource(old, manager.root()).refusal == Refusal::kUnknownResource);
  REQUIRE(manager.destroy(OwnerId{}).refusal == Refusal::kUnknownResource);
  REQUIRE(manager.try_add(OwnerId{}, Bench::streams()).refusal == Refusal::kUnknownOwner);
  REQUIRE(manager.exists(fresh));
}

TEST_CASE("a leaf grows where there is room, or stays as it is", "[resource]") {
  Bench bench;
  ResourceManager& manager = bench.manager;
  bench.limit(manager.root(), 10);
  const ResourceId leaf = manager.add_resource(manager.root(), Bench::streams(2)).resource;
  REQUIRE(manager.try_resize(leaf, 8).refusal == Refusal::kNone);
  REQUIRE(manager.used(manager.root(), kStreams) == 8);
  const Changed refused = manager.try_resize(leaf, 11);
  REQUIRE(refused.refusal == Refusal::kOverLimit);
  REQUIRE(refused.blocked.used == 8);
  REQUIRE(manager.units(leaf) == 8);
  REQUIRE(manager.try_resize(leaf, 9, 128).refusal == Refusal::kOverLimit);
  // Giving back is always possible, whatever the share.
  REQUIRE(manager.try_resize(leaf, 7, 128).refusal == Refusal::kNone);
  REQUIRE(manager.try_resize(leaf, 0).refusal == Refusal::kUnitsOutOfRange);
  manager.check();
}
