#pragma once

#include <cstdint>
#include <vector>

#include "core/resource/ownership_graph.hpp"
#include "core/resource/resource_options.hpp"

namespace kadsim {

/// What listeners have yet to be told about a change that is otherwise complete.
class Notices {
 public:
  /// Remembers a leaf that is about to end and, if it is revoked, the owners above it. `told`:
  /// whether the leaf's own listener is called too.
  void leaf_ends(const OwnershipGraph& graph, std::uint32_t leaf, EndReason reason, bool told);
  void owner_ends(const OwnershipGraph& graph, std::uint32_t owner, EndReason reason, bool told);
  void wait_over(WaiterId waiter, Refusal refusal, ResourceId resource, ResourceListener* listener,
                 std::uint64_t tag);

  [[nodiscard]] bool empty() const { return ended_.empty() && waits_.empty(); }
  /// True while listeners are called.
  [[nodiscard]] bool telling() const { return telling_; }
  /// Calls the listeners in the order that ResourceListener states, except those of owners that
  /// have ended as well.
  void tell(const OwnershipGraph& graph);

 private:
  struct Listener {
    ResourceListener* listener = nullptr;
    std::uint64_t tag = 0;
  };
  struct Above {
    OwnerId owner;
    Listener listener;
  };
  struct Ended {
    VertexId what;
    Rank rank;
    EndReason reason = EndReason::kRevoked;
    Listener listener;
    std::vector<Above> above;
  };
  struct Wait {
    WaiterId waiter;
    Refusal refusal = Refusal::kNone;
    ResourceId resource;
    Listener listener;
  };

  std::vector<Ended> ended_;
  std::vector<Wait> waits_;
  bool telling_ = false;
};

}  // namespace kadsim
