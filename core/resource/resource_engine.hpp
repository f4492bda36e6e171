#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/event/node_scheduler.hpp"
#include "core/resource/lifetimes.hpp"
#include "core/resource/notices.hpp"
#include "core/resource/ownership_graph.hpp"
#include "core/resource/placement.hpp"
#include "core/resource/resource_options.hpp"
#include "core/resource/waiters.hpp"

namespace kadsim {

/// Whether room may be made by revoking.
enum class Room : std::uint8_t { kAsItIs, kRevoke };

/// New owners for some vertices, and the end of others, as one step.
struct Reshape {
  struct Edit {
    VertexId what;
    Links owners;
  };
  std::vector<Edit> edits;
  /// They lose their units first. None of them is below a vertex with an edit.
  std::vector<std::uint32_t> ended_leaves;
};

/// The steps of ResourceManager, on arguments that it has checked. Each is done or, if it says so,
/// refused as a whole. `settled` ends each call that changed something.
class ResourceEngine {
 public:
  explicit ResourceEngine(NodeScheduler scheduler);
  ~ResourceEngine();
  ResourceEngine(const ResourceEngine&) = delete;
  ResourceEngine& operator=(const ResourceEngine&) = delete;

  OwnershipGraph graph;
  Lifetimes lifetimes;
  Waiters waiters;
  Notices notices;

  [[nodiscard]] SimTime now() const { return scheduler_.now(); }
  [[nodiscard]] ResourceId id(std::uint32_t leaf) const {
    return {leaf, graph.leaves[leaf].generation};
  }

  std::uint32_t add_owner(std::uint32_t above, const OwnerOptions& options);
  AddedResource admit(OwnerId owner, const ResourceOptions& options, Room room);
  Changed resize(std::uint32_t leaf, Units units, std::uint32_t share);
  Changed reshape(const Reshape& change, Room room);
  Changed destroy(VertexId what);
  void set_limit(std::uint32_t owner, ResourceClass resource_class, Limit limit);
  void remove_limit(std::uint32_t owner, ResourceClass resource_class);
  Refusal activate(VertexId what);
  void end_leaf(std::uint32_t leaf, EndReason reason, bool told);
  /// Ends the lifetime and everything that ends with it.
  void end_lifetime(LifetimeId lifetime);

  /// Admits at once, or refuses, or adds a waiter.
  AddedOrWaiting wait(OwnerId owner, const ResourceOptions& options, SimTime deadline);
  /// Refuses the waiters whose time is over, and tries the others if there may be more room than
  /// when they were tried last: something was given back or moved, a bucket has filled, or a waiter
  /// that held others back is gone, which is noticed here.
  void serve(bool more_room);
  /// Serves the waiters, sets the timer, and calls the listeners.
  void settled(bool more_room = true);
  LifetimeId lifetime(VertexId what);

 private:
  void end_owner(std::uint32_t owner, EndReason reason, bool told);
  /// Ends the leaves in this order, and their listeners are told. A leaf that ends earlier, with
  /// the lifetime of another, is passed over.
  void end_leaves(const std::vector<std::uint32_t>& leaves, EndReason reason);

  [[nodiscard]] std::optional<Refusal> over(const Waiter& waiter) const;
  bool serve_once();
  bool count_admitted(std::uint64_t number, std::uint32_t leaf);
  /// When a path will have what a waiter for a rate needs, if nothing is taken from it before.
  [[nodiscard]] std::optional<SimTime> refill_time(const Waiter& waiter) const;
  [[nodiscard]] bool any_waits_for_rate() const;
  void arm();

  NodeScheduler scheduler_;
  EventId timer_;
  std::optional<SimTime> timer_time_;
};

}  // namespace kadsim
