// Random programs of every call there is, on stocks with equal and unequal units and on a rate:
// limits hold, books add up, a refused call changes nothing, and each leaf ends exactly once.

#include "core/random/random_stream.hpp"
#include "core/resource/resource_manager.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace kadsim;

namespace {

using Key = std::pair<std::uint32_t, std::uint32_t>;  // slot, generation

class RandomProgram final : public ResourceListener {
 public:
  explicit RandomProgram(std::uint64_t seed)
      : stream_(seed, 0, "resource calls"), random_(stream_, {}) {
    owners_ = {manager_.root(), manager_.placeholder_owner(), manager_.temporary_owner()};
  }

  void step() {
    const std::string before = manager_.text();
    const std::size_t told = told_;
    const Refusal refusal = call();
    ++calls[refusal];
    manager_.check();
    if (refusal != Refusal::kNone) {
      REQUIRE(manager_.text() == before);
      REQUIRE(told_ == told);
    }
    REQUIRE(manager_.waiting() == waiting_.size());
    REQUIRE((scheduler_.pending() > 0) == !waiting_.empty());
    for (const auto& [key, leaf] : held_) REQUIRE(manager_.exists(leaf));
    std::erase_if(owners_, [&](OwnerId owner) { return !manager_.exists(owner); });
  }

  // Everything is given back.
  void finish() {
    while (!waiting_.empty()) {
      const std::uint64_t waiter = *waiting_.begin();
      waiting_.erase(waiter);
      REQUIRE(manager_.cancel_wait({waiter}) == Refusal::kNone);
    }
    while (!held_.empty()) {
      const ResourceId leaf = held_.begin()->second;
      held_.erase(held_.begin());
      REQUIRE(manager_.destroy(leaf).refusal == Refusal::kNone);
    }
    for (const OwnerId owner : owners_) {
      REQUIRE(manager_.used(owner, kStreams) == 0);
      REQUIRE(manager_.used(owner, kMemory) == 0);
      for (const VertexId& what : manager_.owned(owner)) REQUIRE(what.is_owner());
    }
    manager_.check();
    REQUIRE(scheduler_.pending() == 0);
  }

  // How calls, leaves and waits ended.
  std::map<Refusal, std::uint64_t> calls;
  std::map<EndReason, std::uint64_t> ends;
  std::map<Refusal, std::uint64_t> waits;

  void on_ended(VertexId what, EndReason reason, std::uint64_t) override {
    ++told_;
    ++ends[reason];
    REQUIRE_FALSE(manager_.exists(what));
    if (!what.is_owner()) REQUIRE(held_.erase({what.slot, what.generation}) == 1);
    REQUIRE(manager_.try_add(manager_.root(), leaf_options()).refusal == Refusal::kReentered);
    REQUIRE(manager_.destroy(manager_.temporary_owner()).refusal == Refusal::kReentered);
  }
  void on_revoked_below(OwnerId owner, ResourceId what, std::uint64_t) override {
    ++told_;
    REQUIRE(manager_.exists(owner));
    REQUIRE_FALSE(manager_.exists(what));
  }
  void on_wait_over(WaiterId waiter, Refusal refusal, ResourceId leaf, std::uint64_t) override {
    ++told_;
    ++waits[refusal];
    REQUIRE(waiting_.erase(waiter.number) == 1);
    if (refusal == Refusal::kNone) hold(leaf);
  }

 private:
  static constexpr ResourceClass kClasses[] = {kStreams, kMemory, kBandwidth};

  void hold(ResourceId leaf) {
    REQUIRE(manager_.exists(leaf));
    REQUIRE(held_.emplace(Key{leaf.slot, leaf.generation}, leaf).second);
  }
  OwnerId any_owner() { return owners_[random_.below(owners_.size())]; }
  ResourceId any_leaf() {
    if (held_.empty()) return {};
    auto leaf = held_.begin();
    std::advance(leaf, static_cast<std::ptrdiff_t>(random_.below(held_.size())));
    return leaf->second;
  }
  VertexId any_vertex() {
    return random_.below(3) == 0 ? VertexId(any_owner()) : VertexId(any_leaf());
  }
  EdgePriority any_priority() {
    constexpr std::uint32_t kValues[] = {65536, 60000, 32768, 100, 0};
    return EdgePriority::of(kValues[random_.below(std::size(kValues))]);
  }
  ResourceOptions leaf_options() {
    ResourceOptions options;
    options.resource_class = kClasses[random_.below(3)];
    options.units =
        options.resource_class == kStreams ? 2 : static_cast<Units>(1 + random_.below(9));
    options.priority = any_priority();
    if (random_.below(8) == 0) options.share = static_cast<std::uint32_t>(random_.below(258));
    if (random_.below(8) == 0 && !lifetimes_.empty())
      options.within = lifetimes_[random_.below(lifetimes_.size())];
    options.listener = this;
    return options;
  }
  Refusal added(const AddedResource& result) {
    if (result.refusal == Refusal::kNone) hold(result.resource);
    return result.refusal;
  }
  // Ends what the caller is not told of, if it works.
  template <class Call>
  Refusal ending(VertexId what, const Call& call) {
    const Refusal refusal = call();
    if (refusal == Refusal::kNone && !what.is_owner() && !manager_.exists(what))
      held_.erase({what.slot, what.generation});
    return refusal;
  }

  Refusal call() {
    switch (random_.below(24)) {
      case 0:
      case 1: {
        if (owners_.size() > 14) return Refusal::kNone;
        OwnerOptions options;
        options.name = "o" + std::to_string(owners_.size());
        options.priority = any_priority();
        options.charging = random_.below(4) == 0 ? Charging::kAll : Charging::kOne;
        options.charges_above = random_.below(10) != 0;
        options.listener = this;
        const AddedOwner result = manager_.add_owner(any_owner(), options);
        if (result.refusal == Refusal::kNone) owners_.push_back(result.owner);
        return result.refusal;
      }
      case 2:
      case 3:
      case 4:
        if (held_.size() > 40) {
          const ResourceId leaf = any_leaf();
          return ending(leaf, [&] { return manager_.destroy(leaf).refusal; });
        }
        return added(manager_.add_resource(any_owner(), leaf_options()));
      case 5:
      case 6:
        return added(manager_.try_add(any_owner(), leaf_options()));
      case 7:
      case 8:
      case 9: {
        if (waiting_.size() > 12) return Refusal::kNone;
        const auto deadline = scheduler_.now() + Duration::milliseconds(static_cast<std::int64_t>(
                                                     random_.below(4) * random_.below(1500)));
        const AddedOrWaiting result =
            manager_.add_with_deadline(any_owner(), leaf_options(), deadline);
        if (result.waiter != WaiterId{}) waiting_.insert(result.waiter.number);
        if (result.resource != ResourceId{}) hold(result.resource);
        return result.refusal;
      }
      case 10: {
        const WaiterId waiter{waiting_.empty() ? 0 : *waiting_.rbegin()};
        waiting_.erase(waiter.number);
        return manager_.cancel_wait(waiter);
      }
      case 11:
      case 12:
        return manager_.add_resource(any_owner(), any_vertex(), any_priority()).refusal;
      case 13:
        return manager_.try_add(any_owner(), any_vertex(), any_priority()).refusal;
      case 14:
        return manager_.move_resource(any_vertex(), any_owner(), any_priority()).refusal;
      case 15:
        return manager_.try_move_resource(any_vertex(), any_owner()).refusal;
      case 16: {
        const std::vector<OwnerEdge> owners{{any_owner(), any_priority()},
                                            {any_owner(), any_priority()}};
        return manager_.try_move_resource(any_leaf(), owners).refusal;
      }
      case 17: {
        const VertexId what = any_vertex();
        const auto edges = manager_.owners(what);
        const OwnerId owner =
            edges.empty() ? any_owner() : edges[random_.below(edges.size())].owner;
        return ending(what, [&] { return manager_.drop_owner(owner, what).refusal; });
      }
      case 18: {
        const ResourceId leaf = any_leaf();
        const Units units =
            manager_.resource_class(leaf) == kStreams ? 2 : static_cast<Units>(random_.below(12));
        return manager_.try_resize(leaf, units, static_cast<std::uint32_t>(1 + random_.below(256)))
            .refusal;
      }
      case 19: {
        const VertexId what = any_vertex();
        if (random_.below(2) == 0 && !what.is_owner())
          return ending(what, [&] { return manager_.lost(what.resource()); });
        return ending(what, [&] { return manager_.destroy(what).refusal; });
      }
      case 20:
        return manager_.activate(any_vertex());
      case 21: {
        const ResourceClass c = kClasses[random_.below(3)];
        if (random_.below(6) == 0) return manager_.remove_limit(any_owner(), c);
        return manager_.set_limit(
            any_owner(), c,
            {.units = static_cast<Units>(random_.below(31)) - 1,
             .burst = c == kBandwidth ? static_cast<Units>(random_.below(20)) : 0});
      }
      case 22: {
        if (random_.below(3) == 0 && !lifetimes_.empty())
          return manager_.end(lifetimes_[random_.below(lifetimes_.size())]);
        std::erase_if(lifetimes_, [&](LifetimeId id) { return !manager_.alive(id); });
        if (lifetimes_.size() > 5) return Refusal::kNone;
        const LifetimeId from = lifetimes_.empty() || random_.below(2) == 0
                                    ? manager_.lifetime(any_vertex())
                                    : lifetimes_[random_.below(lifetimes_.size())];
        const LifetimeId derived = manager_.derive(from);
        if (derived != LifetimeId{}) lifetimes_.push_back(derived);
        return Refusal::kNone;
      }
      default:
        scheduler_.run_for(Duration::milliseconds(static_cast<std::int64_t>(random_.below(400))));
        return Refusal::kNone;
    }
  }

  RandomStream stream_;
  RandomSequence random_;
  Scheduler scheduler_;
  NetworkScheduler nodes_{scheduler_, 1};
  ResourceManager manager_{nodes_.of(0)};
  std::vector<OwnerId> owners_;
  std::map<Key, ResourceId> held_;
  std::set<std::uint64_t> waiting_;
  std::vector<LifetimeId> lifetimes_;
  std::size_t told_ = 0;
};

}  // namespace

TEST_CASE("100,000 random calls keep limits and books, and a refused one changes nothing",
          "[resource]") {
  std::map<Refusal, std::uint64_t> calls;
  std::map<EndReason, std::uint64_t> ends;
  std::map<Refusal, std::uint64_t> waits;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    RandomProgram program(seed);
    for (int step = 0; step < 10'000; ++step) {
      CAPTURE(step);
      program.step();
    }
    program.finish();
    for (const auto& [refusal, count] : program.calls) calls[refusal] += count;
    for (const auto& [reason, count] : program.ends) ends[reason] += count;
    for (const auto& [refusal, count] : program.waits) waits[refusal] += count;
  }
  // Every outcome was met.
  for (const Refusal refusal :
       {Refusal::kNone, Refusal::kOverLimit, Refusal::kDeadline, Refusal::kLifetimeEnded,
        Refusal::kUnknownWaiter, Refusal::kUnknownLifetime, Refusal::kUnitsOutOfRange,
        Refusal::kLimitOutOfRange, Refusal::kShareOutOfRange, Refusal::kCycle,
        Refusal::kAlreadyOwned, Refusal::kPlaceholder, Refusal::kAlreadyActive, Refusal::kBuiltIn,
        Refusal::kUnknownClass}) {
    CAPTURE(name(refusal));
    REQUIRE(calls[refusal] > 0);
  }
  for (const EndReason reason :
       {EndReason::kRevoked, EndReason::kOrphaned, EndReason::kLifetimeEnded}) {
    CAPTURE(name(reason));
    REQUIRE(ends[reason] > 0);
  }
  REQUIRE(waits[Refusal::kNone] > 400);
  REQUIRE(waits[Refusal::kDeadline] > 250);
  REQUIRE(waits[Refusal::kOwnerEnded] > 0);
}
