#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "core/base/wide.hpp"
#include "core/resource/ownership_graph.hpp"

namespace kadsim {

/// What the accounts of one class would hold if some leaves were charged otherwise: the copy on
/// which placements and victims are tried. It holds only the differences from the graph, so making
/// and copying one costs as much as was changed in it. The graph itself changes by `commit` alone.
class PlacementTrial {
 public:
  PlacementTrial(const OwnershipGraph& graph, ResourceClass resource_class, SimTime now)
      : graph_(&graph), class_(resource_class), now_(now), rate_(graph.is_rate(resource_class)) {}

  [[nodiscard]] const OwnershipGraph& graph() const { return *graph_; }
  [[nodiscard]] ResourceClass resource_class() const { return class_; }
  [[nodiscard]] bool is_rate() const { return rate_; }

  /// Units that `owner` can still take; below 0 if it holds more than its limit. With a share below
  /// 256: the units that it can take and stay within share/256 of its limit, or for a rate, keep
  /// the rest of its bucket.
  [[nodiscard]] Units room(std::uint32_t owner, std::uint32_t share = 256) const;
  [[nodiscard]] Blocked blocked(std::uint32_t owner, Units attempted, std::uint32_t share) const;
  /// The units that `owner` may hold in addition to its leaves charged kAll.
  [[nodiscard]] Units room_beside_fixed(std::uint32_t owner) const;
  /// Owners that hold more than their limit.
  [[nodiscard]] std::vector<std::uint32_t> over_full() const;

  [[nodiscard]] bool charged(std::uint32_t leaf) const;
  [[nodiscard]] bool charged_all(std::uint32_t leaf) const;
  [[nodiscard]] const Route& route(std::uint32_t leaf) const;
  [[nodiscard]] bool removed(std::uint32_t leaf) const { return removed_.contains(leaf); }

  /// Whether all charged leaves and `others` have the same units.
  [[nodiscard]] bool equal_units(std::span<const std::uint32_t> others) const;
  [[nodiscard]] bool any_charged_all() const;

  /// Charges the leaf, even beyond a limit: `room` is then below 0.
  void charge(std::uint32_t leaf, Route route, bool all);
  void uncharge(std::uint32_t leaf);
  /// Uncharges a leaf that is going to end.
  void remove(std::uint32_t leaf);
  /// Undoes `remove`, except that the leaf is not charged again.
  void restore(std::uint32_t leaf) { removed_.erase(leaf); }
  void set_limit(std::uint32_t owner, Units units) { limit_ = {owner, units}; }

  [[nodiscard]] const std::set<std::uint32_t>& removed() const { return removed_; }
  /// Changes the graph to what the trial holds; removed leaves are uncharged there. Pre: no owner
  /// is over its limit.
  void commit(OwnershipGraph& graph) const;

 private:
  struct Sum {
    SignedWide used = 0;
    SignedWide fixed = 0;
  };
  struct Placement {
    bool charged = false;
    bool all = false;
    Route route;
  };

  [[nodiscard]] Units limit(std::uint32_t owner, const Account* account) const;
  [[nodiscard]] Sum sum(std::uint32_t owner) const;
  void book(std::uint32_t leaf, const Placement& placement, bool take);

  const OwnershipGraph* graph_;
  ResourceClass class_;
  SimTime now_;
  bool rate_;
  std::map<std::uint32_t, Sum> sums_;          // by owner: what is charged more or less
  std::map<std::uint32_t, Placement> placed_;  // by leaf: how it is charged instead
  std::set<std::uint32_t> removed_;
  std::optional<std::pair<std::uint32_t, Units>> limit_;
};

}  // namespace kadsim
