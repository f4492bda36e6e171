#include "core/resource/placement_trial.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace kadsim {
namespace {

Units share_of(Units units, std::uint32_t share) {
  return static_cast<Units>(static_cast<Wide>(units) * share / 256);
}

// Sums of a trial may overdraw beyond 64 bits.
Units clamped(SignedWide units) {
  constexpr SignedWide kLeast = std::numeric_limits<Units>::min();
  return static_cast<Units>(std::clamp(units, kLeast, SignedWide{kUnlimited}));
}

}  // namespace

PlacementTrial::Sum PlacementTrial::sum(std::uint32_t owner) const {
  const auto found = sums_.find(owner);
  return found == sums_.end() ? Sum{} : found->second;
}

Units PlacementTrial::limit(std::uint32_t owner, const Account* account) const {
  if (limit_.has_value() && limit_->first == owner) return limit_->second;
  return account != nullptr && account->limited ? account->limit.units : kUnlimited;
}

Units PlacementTrial::room(std::uint32_t owner, std::uint32_t share) const {
  const Account* account = graph_->find_account(owner, class_);
  const SignedWide more = sum(owner).used;
  if (rate_) {
    if (account == nullptr || !account->limited) return clamped(kUnlimited - more);
    const Units kept = account->bucket.burst() - share_of(account->bucket.burst(), share);
    return clamped(account->bucket.available(now_) - kept - more);
  }
  const Units at_most = limit(owner, account);
  const SignedWide used = (account == nullptr ? 0 : account->used) + more;
  return clamped((at_most == kUnlimited ? at_most : share_of(at_most, share)) - used);
}

Blocked PlacementTrial::blocked(std::uint32_t owner, Units attempted, std::uint32_t share) const {
  const Account* account = graph_->find_account(owner, class_);
  Blocked blocked{{owner, graph_->owners[owner].generation}, 0, attempted, kUnlimited};
  if (account == nullptr) return blocked;
  if (!rate_) {
    blocked.used = account->used;
    const Units at_most = limit(owner, account);
    blocked.limit = at_most == kUnlimited ? at_most : share_of(at_most, share);
  } else if (account->limited) {
    blocked.used = account->bucket.burst() - account->bucket.available(now_);
    blocked.limit = share_of(account->bucket.burst(), share);
  }
  return blocked;
}

Units PlacementTrial::room_beside_fixed(std::uint32_t owner) const {
  if (rate_) return room(owner);
  const Account* account = graph_->find_account(owner, class_);
  return clamped(limit(owner, account) - SignedWide{account == nullptr ? 0 : account->fixed} -
                 sum(owner).fixed);
}

std::vector<std::uint32_t> PlacementTrial::over_full() const {
  std::vector<std::uint32_t> found;
  for (const auto& [owner, more] : sums_) {
    if (room(owner) < 0) found.push_back(owner);
  }
  if (limit_.has_value() && !sums_.contains(limit_->first) && room(limit_->first) < 0)
    found.push_back(limit_->first);
  return found;
}

bool PlacementTrial::charged(std::uint32_t leaf) const {
  const auto found = placed_.find(leaf);
  return found == placed_.end() ? graph_->leaves[leaf].charged : found->second.charged;
}

bool PlacementTrial::charged_all(std::uint32_t leaf) const {
  const auto found = placed_.find(leaf);
  return found == placed_.end() ? graph_->leaves[leaf].charged_all : found->second.all;
}

const Route& PlacementTrial::route(std::uint32_t leaf) const {
  const auto found = placed_.find(leaf);
  return found == placed_.end() ? graph_->leaves[leaf].route : found->second.route;
}

bool PlacementTrial::equal_units(std::span<const std::uint32_t> others) const {
  // By how many leaves of each size the trial differs from the graph.
  std::map<Units, std::int64_t> sizes;
  if (!rate_) {
    const auto& known = graph_->classes[class_.number].sizes;
    if (known.size() > 1 + placed_.size()) return false;
    for (const auto& [units, count] : known) sizes[units] = count;
    for (const auto& [leaf, placement] : placed_) {
      const LeafNode& node = graph_->leaves[leaf];
      sizes[node.units] += (placement.charged ? 1 : 0) - (node.charged ? 1 : 0);
    }
  }
  for (const std::uint32_t leaf : others) {
    if (!charged(leaf)) ++sizes[graph_->leaves[leaf].units];
  }
  std::size_t different = 0;
  for (const auto& [units, count] : sizes) different += count > 0 ? 1 : 0;
  return different <= 1;
}

bool PlacementTrial::any_charged_all() const {
  std::int64_t count = graph_->classes[class_.number].charged_all;
  for (const auto& [leaf, placement] : placed_) {
    const LeafNode& node = graph_->leaves[leaf];
    count +=
        (placement.charged && placement.all ? 1 : 0) - (node.charged && node.charged_all ? 1 : 0);
  }
  return count > 0;
}

void PlacementTrial::book(std::uint32_t leaf, const Placement& placement, bool take) {
  const Units units = take ? graph_->leaves[leaf].units : -graph_->leaves[leaf].units;
  for (const std::uint32_t owner : placement.route) {
    Sum& sum = sums_[owner];
    sum.used += units;
    if (placement.all) sum.fixed += units;
  }
}

void PlacementTrial::charge(std::uint32_t leaf, Route route, bool all) {
  KADSIM_ASSERT(!charged(leaf), "a leaf is charged twice");
  Placement& placement = placed_[leaf];
  placement = {true, all, std::move(route)};
  book(leaf, placement, true);
}

void PlacementTrial::uncharge(std::uint32_t leaf) {
  if (!charged(leaf)) return;
  const auto found = placed_.find(leaf);
  if (found == placed_.end()) {
    const LeafNode& node = graph_->leaves[leaf];
    book(leaf, {true, node.charged_all, node.route}, false);
    placed_.emplace(leaf, Placement{});
  } else {
    book(leaf, found->second, false);
    found->second = {};
  }
}

void PlacementTrial::remove(std::uint32_t leaf) {
  uncharge(leaf);
  removed_.insert(leaf);
}

void PlacementTrial::commit(OwnershipGraph& graph) const {
  KADSIM_ASSERT(over_full().empty(), "a placement exceeds a limit");
  for (const auto& [leaf, placement] : placed_) {
    if (graph.leaves[leaf].charged) graph.uncharge(leaf);
  }
  for (const auto& [leaf, placement] : placed_) {
    if (placement.charged) graph.charge(leaf, placement.route, placement.all, now_);
  }
}

}  // namespace kadsim
