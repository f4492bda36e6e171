#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <set>
#include <vector>

#include "core/resource/ownership_graph.hpp"

namespace kadsim {

/// The leaves of a class below an owner, in eviction order, each leaf once. Made in O(owners below
/// + leaves there with several owners or an owner of priority 0); each further leaf costs O(log of
/// that), so a search for one victim among many leaves does not look at all of them.
class LowestFirst {
 public:
  /// Borrows the graph, which must not change while this object is in use.
  LowestFirst(const OwnershipGraph& graph, ResourceClass resource_class, std::uint32_t owner);

  /// The next leaf; none when all were returned.
  std::optional<std::uint32_t> next();

 private:
  struct Candidate {
    Rank rank;
    std::uint32_t leaf = 0;
    std::optional<std::set<LeafKey>::const_iterator>
        key;  // of an owner's own leaves: goes on there
    std::uint32_t owner = 0;
  };
  struct After {
    bool operator()(const Candidate& a, const Candidate& b) const { return b.rank < a.rank; }
  };

  void push_single(std::uint32_t owner, std::set<LeafKey>::const_iterator key);

  const OwnershipGraph* graph_;
  ResourceClass class_;
  std::priority_queue<Candidate, std::vector<Candidate>, After> queue_;
};

}  // namespace kadsim
