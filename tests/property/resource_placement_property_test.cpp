// The resource graph against trying everything, on graphs small enough for that: equal units, one
// class. Which leaf is admitted and which is revoked has to be exactly what the oracle says.

#include "core/random/random_stream.hpp"
#include "core/resource/resource_manager.hpp"
#include "tests/catch.hpp"
#include "tests/support/resource_oracle.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace kadsim;
using kadsim::testing::ResourceOracle;

namespace {

class Revoked final : public ResourceListener {
 public:
  std::vector<std::uint32_t> slots;
  void on_ended(VertexId what, EndReason reason, std::uint64_t) override {
    if (reason == EndReason::kRevoked) slots.push_back(what.slot);
  }
};

enum class Modes { kOne, kAll, kMixed };

// A random program on one manager. Each step predicts, calls, and compares.
class Program {
 public:
  Program(std::uint64_t seed, Modes modes)
      : stream_(seed, 0, "resource program"), random_(stream_, {}), modes_(modes) {
    unit_ = static_cast<Units>(1 + random_.below(3));
    owners_ = {manager_.root(), manager_.temporary_owner()};
  }

  void step() {
    refresh();
    const std::string before = manager_.text();
    const ResourceOracle model = read();
    revoked_.slots.clear();
    switch (random_.below(12)) {
      case 0:
        add_owner();
        return;
      case 1:
        remove_limit(model);
        return;
      case 2:
      case 3:
        set_limit(model, before);
        return;
      case 4:
        destroy(model, before);
        return;
      case 5:
        drop_owner(model, before);
        return;
      case 6:
      case 7:
        reown(model, before, true);
        return;
      case 8:
        reown(model, before, false);
        return;
      default:
        add_leaf(model, before);
    }
  }

  std::uint64_t admitted = 0;
  std::uint64_t refused = 0;
  std::uint64_t revoked = 0;
  std::uint64_t rehomed = 0;

 private:
  using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  static constexpr std::size_t kMaxOwners = 7;
  static constexpr std::size_t kMaxLeaves = 7;

  void refresh() {
    std::erase_if(owners_, [&](OwnerId owner) { return !manager_.exists(owner); });
    std::erase_if(leaves_, [&](ResourceId leaf) { return !manager_.exists(leaf); });
  }
  OwnerId any_owner() { return owners_[random_.below(owners_.size())]; }
  VertexId any_vertex() {
    const std::uint64_t index = random_.below(owners_.size() + (2 * leaves_.size()));
    return index < owners_.size() ? VertexId(owners_[index])
                                  : VertexId(leaves_[(index - owners_.size()) % leaves_.size()]);
  }
  // Few values, so that ties are common; zero and products among them.
  EdgePriority any_priority() {
    constexpr std::uint32_t kValues[] = {65536, 65536, 65535, 32768, 16384, 3, 0};
    return EdgePriority::of(kValues[random_.below(std::size(kValues))]);
  }

  ResourceOracle read() const {
    ResourceOracle model;
    for (const OwnerId owner : owners_) {
      if (!manager_.exists(owner)) continue;
      auto& entry = model.owners[owner.slot];
      for (const OwnerEdge& edge : manager_.owners(owner))
        entry.owners.emplace_back(edge.owner.slot, edge.priority.numerator());
      entry.all = all_.contains(owner.slot);
      entry.passes = !apart_.contains(owner.slot);
      if (const auto limit = manager_.limit(owner, kStreams)) entry.limit = limit->units;
    }
    for (const ResourceId leaf : leaves_) {
      if (!manager_.exists(leaf)) continue;
      auto& entry = model.leaves[leaf.slot];
      for (const OwnerEdge& edge : manager_.owners(leaf))
        entry.owners.emplace_back(edge.owner.slot, edge.priority.numerator());
      entry.units = manager_.units(leaf);
      entry.born = born_.at(leaf.slot);
    }
    return model;
  }

  // Which leaves of `expected` can't keep the way they are charged now.
  std::set<std::uint32_t> displaced(const ResourceOracle& expected) const {
    std::set<std::uint32_t> found;
    for (const ResourceId leaf : leaves_) {
      const auto model = expected.leaves.find(leaf.slot);
      if (model == expected.leaves.end()) continue;
      std::set<std::uint32_t> is;
      for (const OwnerId owner : manager_.charged_to(leaf)) is.insert(owner.slot);
      const auto ways = expected.ways(model->second);
      if (std::find(ways.begin(), ways.end(), is) == ways.end()) found.insert(leaf.slot);
    }
    return found;
  }

  // Compares a call's result with what has to come of it, given how things should look if it
  // simply worked.
  void judge(Refusal got, const ResourceOracle& expected, const std::set<std::uint32_t>& newcomers,
             bool may_revoke, const std::string& before) {
    manager_.check();
    if (expected.feasible()) {
      REQUIRE(got == Refusal::kNone);
      REQUIRE(revoked_.slots.empty());
      REQUIRE(read() == expected);
      ++admitted;
      return;
    }
    if (!may_revoke) {
      REQUIRE(got == Refusal::kOverLimit);
      REQUIRE(manager_.text() == before);
      ++refused;
      return;
    }
    const auto below_newcomers = [&](std::uint32_t leaf) {
      return std::all_of(newcomers.begin(), newcomers.end(), [&](std::uint32_t newcomer) {
        return expected.priority(expected.leaves.at(leaf).owners) <
               expected.priority(expected.leaves.at(newcomer).owners);
      });
    };
    std::optional<std::vector<std::uint32_t>> due;
    const bool exact = expected.all_one();
    const std::size_t most = exact ? expected.leaves.size() : newcomers.size() == 1 ? 1 : 0;
    for (std::size_t count = 1; count <= most && !due.has_value(); ++count)
      due = expected.lowest_victims(count, newcomers);
    if (due.has_value() && !std::all_of(due->begin(), due->end(), below_newcomers)) due.reset();
    if (due.has_value()) {
      CAPTURE(before, manager_.text(), newcomers);
      REQUIRE(got == Refusal::kNone);
      REQUIRE(revoked_.slots == *due);
    } else if (exact) {
      REQUIRE(got == Refusal::kOverLimit);
    }
    if (got == Refusal::kOverLimit) {
      REQUIRE(manager_.text() == before);
      REQUIRE(revoked_.slots.empty());
      ++refused;
      return;
    }
    REQUIRE(got == Refusal::kNone);
    ResourceOracle left = expected;
    const std::set<std::uint32_t> gone(revoked_.slots.begin(), revoked_.slots.end());
    REQUIRE_FALSE(gone.empty());
    for (const std::uint32_t leaf : gone) {
      REQUIRE(below_newcomers(leaf));
      std::set<std::uint32_t> spared = gone;
      spared.erase(leaf);
      REQUIRE_FALSE(expected.feasible(spared));  // each of them was needed
      left.leaves.erase(leaf);
    }
    REQUIRE(read() == left);
    revoked += gone.size();
  }

  void add_owner() {
    if (owners_.size() >= kMaxOwners) return;
    OwnerOptions options{.name = "o", .priority = any_priority()};
    if (modes_ == Modes::kAll || (modes_ == Modes::kMixed && random_.below(3) == 0))
      options.charging = Charging::kAll;
    options.charges_above = random_.below(8) != 0;
    const AddedOwner added = manager_.add_owner(any_owner(), options);
    REQUIRE(added.refusal == Refusal::kNone);
    owners_.push_back(added.owner);
    all_.erase(added.owner.slot);
    apart_.erase(added.owner.slot);
    if (options.charging == Charging::kAll) all_.insert(added.owner.slot);
    if (!options.charges_above) apart_.insert(added.owner.slot);
    manager_.check();
  }

  void add_leaf(const ResourceOracle& model, const std::string& before) {
    if (leaves_.size() >= kMaxLeaves) return;
    const OwnerId owner = any_owner();
    const EdgePriority priority = any_priority();
    const bool revoke = random_.below(2) == 0;
    const ResourceOptions options{.resource_class = kStreams,
                                  .units = unit_,
                                  .priority = priority,
                                  .share = 256,
                                  .within = {},
                                  .listener = &revoked_,
                                  .tag = 0};
    const AddedResource added =
        revoke ? manager_.add_resource(owner, options) : manager_.try_add(owner, options);
    // A refused one has no slot; any that is free will do.
    std::uint32_t slot = added.refusal == Refusal::kNone ? added.resource.slot : 1'000'000;
    if (added.refusal == Refusal::kNone) {
      leaves_.push_back(added.resource);
      REQUIRE(manager_.owners(added.resource) == std::vector<OwnerEdge>{{owner, priority}});
    }
    ResourceOracle expected = model;
    std::set<std::uint32_t> newcomers{slot};
    if (expected.leaves.contains(slot)) {
      // It took the slot of one that was revoked for it: give the oracle another number for it.
      REQUIRE(std::find(revoked_.slots.begin(), revoked_.slots.end(), slot) !=
              revoked_.slots.end());
    }
    born_[slot] = ++births_;
    expected.leaves[slot] = {{{owner.slot, priority.numerator()}}, unit_, births_};
    judge(added.refusal, expected, newcomers, revoke, before);
  }

  void set_limit(const ResourceOracle& model, const std::string& before) {
    const OwnerId owner = any_owner();
    const Units units =
        static_cast<Units>(random_.below(static_cast<std::uint64_t>(unit_) * (kMaxLeaves - 2)));
    ResourceOracle expected = model;
    expected.owners[owner.slot].limit = units;
    const Refusal refusal = manager_.set_limit(owner, kStreams, {.units = units});
    judge(refusal, expected, {}, true, before);
    REQUIRE(refusal == Refusal::kNone);
  }

  void remove_limit(const ResourceOracle& model) {
    const OwnerId owner = any_owner();
    ResourceOracle expected = model;
    expected.owners[owner.slot].limit = kUnlimited;
    judge(manager_.remove_limit(owner, kStreams), expected, {}, false, "");
  }

  // One owner more, or that owner alone.
  void reown(const ResourceOracle& model, const std::string& before, bool move) {
    const VertexId what = any_vertex();
    const OwnerId owner = any_owner();
    const EdgePriority priority = any_priority();
    const bool revoke = random_.below(2) == 0;
    ResourceOracle expected = model;
    Edges& edges = what.is_owner() ? expected.owners.at(what.slot).owners
                                   : expected.leaves.at(what.slot).owners;
    Refusal due = Refusal::kNone;
    if (what.is_owner() && what.slot < 3) {
      due = Refusal::kBuiltIn;
    } else if (what.is_owner() && model.above(owner.slot).contains(what.slot)) {
      due = Refusal::kCycle;
    } else if (!move && std::any_of(edges.begin(), edges.end(),
                                    [&](const auto& edge) { return edge.first == owner.slot; })) {
      due = Refusal::kAlreadyOwned;
    }
    std::set<std::uint32_t> newcomers;
    if (due == Refusal::kNone) {
      if (move) edges.clear();
      edges.emplace_back(owner.slot, priority.numerator());
      newcomers = displaced(expected);
    }
    const Changed changed = move     ? revoke ? manager_.move_resource(what, owner, priority)
                                              : manager_.try_move_resource(what, owner, priority)
                                : revoke ? manager_.add_resource(owner, what, priority)
                                     : manager_.try_add(owner, what, priority);
    if (due != Refusal::kNone) {
      REQUIRE(changed.refusal == due);
      REQUIRE(manager_.text() == before);
      return;
    }
    judge(changed.refusal, expected, newcomers, revoke, before);
  }

  void drop_owner(const ResourceOracle& model, const std::string& before) {
    const VertexId what = any_vertex();
    if (what.is_owner() && what.slot < 3) return;
    ResourceOracle expected = model;
    Edges& edges = what.is_owner() ? expected.owners.at(what.slot).owners
                                   : expected.leaves.at(what.slot).owners;
    const auto edge = edges.begin() + static_cast<std::ptrdiff_t>(random_.below(edges.size()));
    const auto owner = std::find_if(owners_.begin(), owners_.end(),
                                    [&](OwnerId id) { return id.slot == edge->first; });
    edges.erase(edge);
    if (edges.empty()) expected.remove(what);
    const std::set<std::uint32_t> newcomers = displaced(expected);
    judge(manager_.drop_owner(*owner, what).refusal, expected, newcomers, false, before);
  }

  void destroy(const ResourceOracle& model, const std::string& before) {
    const VertexId what = any_vertex();
    if (what.is_owner() && what.slot < 3) return;
    ResourceOracle expected = model;
    expected.remove(what);
    const std::set<std::uint32_t> newcomers = displaced(expected);
    judge(manager_.destroy(what).refusal, expected, newcomers, false, before);
  }

  RandomStream stream_;
  RandomSequence random_;
  Modes modes_;
  Revoked revoked_;
  Scheduler scheduler_;
  NetworkScheduler nodes_{scheduler_, 1};
  ResourceManager manager_{nodes_.of(0)};
  Units unit_ = 1;
  std::vector<OwnerId> owners_;
  std::vector<ResourceId> leaves_;
  std::set<std::uint32_t> all_;
  std::set<std::uint32_t> apart_;
  std::map<std::uint32_t, std::uint64_t> born_;
  std::uint64_t births_ = 0;
};

}  // namespace

TEST_CASE("which leaves are admitted and which are revoked is what trying everything says",
          "[resource]") {
  const Modes modes = GENERATE(Modes::kOne, Modes::kAll, Modes::kMixed);
  CAPTURE(modes);
  std::uint64_t admitted = 0;
  std::uint64_t refused = 0;
  std::uint64_t revoked = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    CAPTURE(seed);
    Program program(seed, modes);
    for (int step = 0; step < 150; ++step) {
      CAPTURE(step);
      program.step();
    }
    admitted += program.admitted;
    refused += program.refused;
    revoked += program.revoked;
  }
  // Each kind of outcome was met often enough to mean something.
  REQUIRE(admitted > 20'000);
  REQUIRE(refused > 4'000);
  REQUIRE(revoked > 2'000);
}
