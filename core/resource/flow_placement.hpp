#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/resource/max_flow.hpp"
#include "core/resource/placement_trial.hpp"

namespace kadsim {

/// Where all leaves of a class that are charged along one path could go together, if all have equal
/// units: a flow of leaves from their owners to the root through owners of so many places (Menger).
/// Leaves with the same owners are one supply, so the network has a node for each such set and two
/// for each owner above them; it does not grow with the leaves.
///
/// Sets of leaves that can be placed together are the independent sets of a gammoid (Mason, 1972).
/// So whether a leaf stands in the way of the others follows from one flow: the source's side of a
/// minimum cut.
///
/// In the trial every leaf is charged except the `newcomers`, and owners may be over their limits.
/// Of a rate only the newcomers are placed, since units that were taken stay taken.
class FlowPlacement {
 public:
  FlowPlacement(const PlacementTrial& trial, std::span<const std::uint32_t> newcomers);

  /// How many leaves find no place. kAnyAmount if the leaves charged kAll are too many by
  /// themselves.
  [[nodiscard]] std::int64_t lacking() const { return lacking_; }
  /// The lowest leaf whose removal would let one more leaf be placed, apart from those that
  /// `spared` names; none if there is no such leaf. Pre: lacking() > 0.
  [[nodiscard]] std::optional<std::uint32_t> lowest_victim(
      const std::function<bool(std::uint32_t)>& spared) const;
  /// Charges the newcomers in `trial`, and other leaves along other paths where that is necessary;
  /// a leaf keeps its path as far up as the flow allows. Pre: lacking() == 0. O(leaves of the class
  /// * depth).
  void place(PlacementTrial& trial) const;

 private:
  struct Group {
    std::vector<std::uint32_t> owners;
    std::int64_t leaves = 0;
    std::size_t node = 0;
    std::vector<std::size_t> arcs;       // to each of its owners
    std::vector<std::uint32_t> members;  // unless they are an owner's own leaves
  };
  struct Above {
    std::uint32_t owner = 0;
    std::size_t arc = 0;
  };

  void group_leaves(std::span<const std::uint32_t> newcomers);
  void add_group(const Links& links, std::uint32_t leaf);
  std::size_t add_owner(std::uint32_t owner);
  void for_each_single(std::uint32_t owner, const std::function<bool(std::uint32_t)>& visit) const;

  const PlacementTrial* trial_;
  Units units_ = 1;
  std::map<std::vector<std::uint32_t>, Group> groups_;
  MaxFlow flow_;
  std::size_t source_ = 0;
  std::size_t sink_ = 0;
  std::map<std::uint32_t, std::size_t> entry_;         // owner -> node; what leaves it is the next
  std::map<std::uint32_t, std::vector<Above>> above_;  // owner -> arcs to the owners above
  std::int64_t lacking_ = 0;
};

}  // namespace kadsim
