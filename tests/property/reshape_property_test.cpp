// Calls that change owners, against their rules written down plainly, on graphs with a placeholder
// and leaves of several classes at once: what ends, what is refused, and how each leaf is charged
// afterwards is computed from the whole graph, where the engine looks only below what has changed.

#include "core/random/random_stream.hpp"
#include "core/resource/resource_manager.hpp"
#include "tests/catch.hpp"
#include "tests/support/reshape_rules.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace kadsim;
using namespace kadsim::testing;

namespace {

class Revoked final : public ResourceListener {
 public:
  Slots slots;
  void on_ended(VertexId what, EndReason reason, std::uint64_t) override {
    if (reason == EndReason::kRevoked) slots.insert(what.slot);
  }
};

// Streams and connections have limits, each class with units of its own size; memory has none, and
// bandwidth is a rate, of which the root has enough for all.
constexpr ResourceClass kLimited[] = {kStreams, kConnections};
constexpr ResourceClass kClasses[] = {kStreams, kConnections, kMemory, kBandwidth};
constexpr Units kBurst = 1'000'000;

class Program {
 public:
  Program(std::uint64_t seed, bool with_all)
      : stream_(seed, 0, "reshape program"), random_(stream_, {}), with_all_(with_all) {
    owners_ = {manager_.root(), manager_.placeholder_owner(), manager_.temporary_owner()};
    REQUIRE(manager_.set_limit(manager_.root(), kBandwidth, {.units = kBurst}) == Refusal::kNone);
    for (int i = 0; i < 4; ++i) add_owner();
    for (int i = 0; i < 20; ++i) add_leaf();
    for (int i = 0; i < 12; ++i) set_limit();
  }

  void step() {
    std::erase_if(owners_, [&](OwnerId owner) { return !manager_.exists(owner); });
    std::erase_if(leaves_, [&](ResourceId leaf) { return !manager_.exists(leaf); });
    revoked_.slots.clear();
    const std::uint64_t kind = random_.below(20);
    if (kind < 2) return add_owner();
    if (kind < 6) return add_leaf();
    if (kind < 8) return set_limit();
    if (kind < 9) return drop_owner();
    if (kind < 11) return destroy();
    reown();
  }

  // How calls that change owners ended.
  std::uint64_t done = 0;
  std::uint64_t under_placeholder = 0;
  std::uint64_t over_limit = 0;
  std::uint64_t over_both_limits = 0;
  std::uint64_t revoked = 0;
  std::uint64_t placed = 0;  // classes that were placed without moving a leaf that may stay

 private:
  static constexpr std::size_t kMaxOwners = 8;
  static constexpr std::size_t kMaxLeavesOfClass = 5;

  OwnerId any_owner() { return owners_[random_.below(owners_.size())]; }
  // None of the three owners that are there from the start.
  std::optional<VertexId> any_vertex() {
    if (random_.below(2) == 0 && !leaves_.empty()) return leaves_[random_.below(leaves_.size())];
    const std::uint64_t index = random_.below(owners_.size());
    if (index < 3) return std::nullopt;
    return owners_[index];
  }
  // Few values, so that ties are common. Edges that are made later have higher ones, so that there
  // is something to revoke for them.
  EdgePriority early_priority() {
    constexpr std::uint32_t kValues[] = {65536, 32768, 32768, 3, 0};
    return EdgePriority::of(kValues[random_.below(std::size(kValues))]);
  }
  EdgePriority late_priority() {
    constexpr std::uint32_t kValues[] = {65536, 65536, 65536, 32768, 0};
    return EdgePriority::of(kValues[random_.below(std::size(kValues))]);
  }

  // All vertices and edges, without limits.
  ResourceOracle read() const {
    ResourceOracle model;
    const auto edges = [&](VertexId what) {
      Edges found;
      for (const OwnerEdge& edge : manager_.owners(what))
        found.emplace_back(edge.owner.slot, edge.priority.numerator());
      return found;
    };
    for (const OwnerId owner : owners_) {
      if (manager_.exists(owner))
        model.owners[owner.slot] = {edges(owner), all_.contains(owner.slot),
                                    !apart_.contains(owner.slot), kUnlimited};
    }
    for (const ResourceId leaf : leaves_) {
      if (manager_.exists(leaf))
        model.leaves[leaf.slot] = {edges(leaf), manager_.units(leaf), born_.at(leaf.slot)};
    }
    return model;
  }
  ResourceClass class_of(std::uint32_t leaf) const { return classes_.at(leaf); }
  Slots charged_to(ResourceId leaf) const {
    Slots found;
    for (const OwnerId owner : manager_.charged_to(leaf)) found.insert(owner.slot);
    return found;
  }
  // How every leaf is charged.
  Charges charges() const {
    Charges found;
    for (const ResourceId leaf : leaves_) found[leaf.slot] = charged_to(leaf);
    return found;
  }

  // The leaves of one class that are to be charged, with the limits of that class.
  ResourceOracle of_class(ResourceOracle model, ResourceClass c) const {
    const Slots side = placeholder_side(model);
    std::erase_if(model.leaves, [&](const auto& leaf) {
      return class_of(leaf.first) != c || any_on(leaf.second.owners, side);
    });
    for (const OwnerId owner : owners_) {
      const auto limit = manager_.limit(owner, c);
      const auto found = model.owners.find(owner.slot);
      if (limit.has_value() && found != model.owners.end()) found->second.limit = limit->units;
    }
    return model;
  }
  // The lowest leaves that have to go, if all of them rank below the leaves that moved.
  static std::optional<Slots> victims(const ResourceOracle& model, const Charges& before) {
    Slots moved;
    for (const auto& [leaf, of_leaf] : model.leaves) {
      if (!has_way(model, leaf, before.at(leaf))) moved.insert(leaf);
    }
    for (std::size_t count = 1; count <= model.leaves.size(); ++count) {
      const auto found = model.lowest_victims(count, moved);
      if (!found.has_value()) continue;
      for (const std::uint32_t victim : *found) {
        for (const std::uint32_t leaf : moved) {
          if (model.priority(model.leaves.at(victim).owners) >=
              model.priority(model.leaves.at(leaf).owners))
            return std::nullopt;
        }
      }
      return Slots(found->begin(), found->end());
    }
    return std::nullopt;
  }

  // Compares the result of a call with what has to come of it, given the graph as it should be if
  // the call simply worked.
  template <class Call>
  void judge(ResourceOracle expected, bool may_revoke, const Call& call) {
    const std::string text = manager_.text();
    const auto before = charges();
    const std::vector<ResourceOracle> classes{of_class(expected, kStreams),
                                              of_class(expected, kConnections)};
    const Refusal refusal = call();
    CAPTURE(text, manager_.text(), may_revoke);
    manager_.check();
    if (!placeholder_is_apart(expected)) {
      REQUIRE(refusal == Refusal::kPlaceholder);
      REQUIRE(manager_.text() == text);
      ++under_placeholder;
      return;
    }
    bool exact = true;  // whether the rules say which leaves are revoked
    int full = 0;       // classes that do not fit as they are
    int refused = 0;    // and of them, those for which no leaf may be revoked
    Slots due;
    for (const ResourceOracle& model : classes) {
      if (model.feasible()) continue;
      ++full;
      if (may_revoke && (with_all_ || !model.all_one())) {
        exact = false;
        continue;
      }
      const auto lowest = may_revoke ? victims(model, before) : std::nullopt;
      if (lowest.has_value()) {
        due.insert(lowest->begin(), lowest->end());
      } else {
        ++refused;
      }
    }
    if (refused > 0 || (!exact && refusal != Refusal::kNone)) {
      REQUIRE(refusal == Refusal::kOverLimit);
      REQUIRE(manager_.text() == text);
      REQUIRE(revoked_.slots.empty());
      ++over_limit;
      if (full == 2) ++over_both_limits;
      return;
    }
    REQUIRE(refusal == Refusal::kNone);
    if (exact) REQUIRE(revoked_.slots == due);
    for (const std::uint32_t leaf : revoked_.slots) expected.leaves.erase(leaf);
    REQUIRE(read() == expected);
    check_charges(expected, before);
    ++done;
    revoked += revoked_.slots.size();
  }

  void check_charges(const ResourceOracle& expected, const Charges& before) {
    const Slots side = placeholder_side(expected);
    const Charges is = charges();
    for (const ResourceId leaf : leaves_) {
      const auto found = expected.leaves.find(leaf.slot);
      if (found == expected.leaves.end()) continue;
      const bool under = any_on(found->second.owners, side);
      if (under) inactive_.insert(leaf.slot);
      REQUIRE(manager_.active(leaf) == !inactive_.contains(leaf.slot));
      if (under) REQUIRE(is.at(leaf.slot).empty());
    }
    for (const ResourceClass c : {kStreams, kConnections, kMemory}) {
      const ResourceOracle model = of_class(expected, c);
      // Where leaves were revoked or others moved for them, they have any of their ways; and so it
      // is where a leaf may come to be charged kAll, which counts as a move.
      const auto due = c == kMemory || (!with_all_ && revoked_.slots.empty())
                           ? placed_directly(model, before)
                           : std::nullopt;
      for (const auto& [leaf, of_leaf] : model.leaves) {
        if (due.has_value()) {
          REQUIRE(is.at(leaf) == due->at(leaf));
        } else {
          REQUIRE(has_way(model, leaf, is.at(leaf)));
        }
      }
      if (due.has_value()) ++placed;
    }
    // A rate gives its units once, when the leaf is first outside of the placeholder.
    const ResourceOracle rates = of_class(expected, kBandwidth);
    for (const auto& [leaf, of_leaf] : rates.leaves) {
      if (!used_up_.insert(leaf).second) continue;
      if (placed_directly(rates, {})->at(leaf).contains(kRootSlot)) taken_ += of_leaf.units;
    }
    REQUIRE(manager_.used(manager_.root(), kBandwidth) == taken_);
  }

  void add_owner() {
    if (owners_.size() >= kMaxOwners) return;
    OwnerOptions options{.name = "o", .priority = late_priority()};
    if (with_all_ && random_.below(3) == 0) options.charging = Charging::kAll;
    options.charges_above = random_.below(8) != 0;
    const AddedOwner added = manager_.add_owner(any_owner(), options);
    REQUIRE(added.refusal == Refusal::kNone);
    const std::uint32_t slot = added.owner.slot;
    owners_.push_back(added.owner);
    all_.erase(slot);
    apart_.erase(slot);
    if (options.charging == Charging::kAll) all_.insert(slot);
    if (!options.charges_above) apart_.insert(slot);
  }

  void add_leaf() {
    ResourceOptions options;
    options.resource_class = kClasses[random_.below(std::size(kClasses))];
    const auto of_class = std::count_if(leaves_.begin(), leaves_.end(), [&](ResourceId leaf) {
      return class_of(leaf.slot) == options.resource_class;
    });
    if (static_cast<std::size_t>(of_class) >= kMaxLeavesOfClass) return;
    options.units = options.resource_class == kStreams       ? 1
                    : options.resource_class == kConnections ? 3
                                                             : Units(1 + random_.below(5));
    options.priority = early_priority();
    options.listener = &revoked_;
    const auto before = charges();
    const AddedResource added = manager_.try_add(any_owner(), options);
    if (added.refusal != Refusal::kNone) return;
    const std::uint32_t slot = added.resource.slot;
    leaves_.push_back(added.resource);
    classes_[slot] = options.resource_class;
    born_[slot] = ++births_;
    inactive_.erase(slot);
    used_up_.erase(slot);
    check_charges(read(), before);
  }

  // To what is held or a little more, so that nothing is revoked for it.
  void set_limit() {
    const ResourceClass c = kLimited[random_.below(2)];
    OwnerId owner = any_owner();
    for (int tries = 0; tries < 8 && manager_.used(owner, c) == 0; ++tries) owner = any_owner();
    if (owner == manager_.placeholder_owner()) return;
    const Units units =
        manager_.used(owner, c) + static_cast<Units>(random_.below(2) * random_.below(4));
    REQUIRE(manager_.set_limit(owner, c, {.units = units}) == Refusal::kNone);
    REQUIRE(revoked_.slots.empty());
  }

  static Edges& edges_of(ResourceOracle& model, VertexId what) {
    return what.is_owner() ? model.owners.at(what.slot).owners : model.leaves.at(what.slot).owners;
  }

  // One owner more, that owner alone, or several instead.
  void reown() {
    const std::optional<VertexId> what = any_vertex();
    if (!what.has_value()) return;
    ResourceOracle expected = read();
    Edges& edges = edges_of(expected, *what);
    enum class Kind { kAdd, kMove, kMoveToSeveral };
    const Kind kind = random_.below(4) == 0   ? Kind::kMoveToSeveral
                      : random_.below(2) == 0 ? Kind::kMove
                                              : Kind::kAdd;
    const bool revoke = kind != Kind::kMoveToSeveral && random_.below(4) > 0;
    if (kind != Kind::kAdd) edges.clear();
    std::vector<OwnerEdge> added;
    const std::uint64_t several = kind == Kind::kMoveToSeveral ? 1 + random_.below(3) : 1;
    for (std::uint64_t i = 0; i < several; ++i) {
      added.push_back({any_owner(), late_priority()});
      const OwnerEdge& edge = added.back();
      const bool again = std::any_of(edges.begin(), edges.end(), [&](const auto& present) {
        return present.first == edge.owner.slot;
      });
      const bool cycle = what->is_owner() && read().above(edge.owner.slot).contains(what->slot);
      if (again || cycle) return;  // refused before anything is tried
      edges.emplace_back(edge.owner.slot, edge.priority.numerator());
    }
    const auto [owner, priority] = added.front();
    judge(expected, revoke, [&, owner = owner, priority = priority] {
      if (kind == Kind::kAdd)
        return revoke ? manager_.add_resource(owner, *what, priority).refusal
                      : manager_.try_add(owner, *what, priority).refusal;
      if (kind == Kind::kMove)
        return revoke ? manager_.move_resource(*what, owner, priority).refusal
                      : manager_.try_move_resource(*what, owner, priority).refusal;
      return manager_.try_move_resource(*what, added).refusal;
    });
  }

  void drop_owner() {
    const std::optional<VertexId> what = any_vertex();
    if (!what.has_value()) return;
    ResourceOracle expected = read();
    Edges& edges = edges_of(expected, *what);
    const auto edge = edges.begin() + static_cast<std::ptrdiff_t>(random_.below(edges.size()));
    const auto owner = std::find_if(owners_.begin(), owners_.end(),
                                    [&](OwnerId id) { return id.slot == edge->first; });
    edges.erase(edge);
    if (edges.empty()) expected.remove(*what);
    judge(expected, false, [&] { return manager_.drop_owner(*owner, *what).refusal; });
  }

  void destroy() {
    const std::optional<VertexId> what = any_vertex();
    if (!what.has_value()) return;
    ResourceOracle expected = read();
    expected.remove(*what);
    judge(expected, false, [&] { return manager_.destroy(*what).refusal; });
  }

  RandomStream stream_;
  RandomSequence random_;
  bool with_all_;
  Revoked revoked_;
  Scheduler scheduler_;
  NetworkScheduler nodes_{scheduler_, 1};
  ResourceManager manager_{nodes_.of(0)};
  std::vector<OwnerId> owners_;
  std::vector<ResourceId> leaves_;
  Slots all_;    // owners that charge kAll
  Slots apart_;  // owners that charge no owner above them
  std::map<std::uint32_t, ResourceClass> classes_;
  std::map<std::uint32_t, std::uint64_t> born_;
  std::uint64_t births_ = 0;
  Slots inactive_;   // leaves that were under the placeholder
  Slots used_up_;    // leaves of the rate that have taken their units
  Units taken_ = 0;  // of the rate, from the root
};

}  // namespace

TEST_CASE("a change of owners is what its rules say of the whole graph", "[resource]") {
  const bool with_all = GENERATE(false, true);
  CAPTURE(with_all);
  std::uint64_t done = 0;
  std::uint64_t under_placeholder = 0;
  std::uint64_t over_limit = 0;
  std::uint64_t over_both_limits = 0;
  std::uint64_t revoked = 0;
  std::uint64_t placed = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    CAPTURE(seed);
    Program program(seed, with_all);
    for (int step = 0; step < 40; ++step) {
      CAPTURE(step);
      program.step();
    }
    done += program.done;
    under_placeholder += program.under_placeholder;
    over_limit += program.over_limit;
    over_both_limits += program.over_both_limits;
    revoked += program.revoked;
    placed += program.placed;
  }
  CAPTURE(done, under_placeholder, over_limit, over_both_limits, revoked, placed);
  // Each kind of outcome was met often enough to mean something.
  CHECK(done > 10'000);
  CHECK(under_placeholder > 2'000);
  CHECK(over_limit - over_both_limits > 300);
  CHECK(over_both_limits > 30);
  CHECK(revoked > 100);
  CHECK(placed > 30'000);
}
