#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/assert.hpp"
#include "core/base/huge_page_array.hpp"
#include "core/base/prefetch.hpp"
#include "core/event/scheduler.hpp"
#include "core/time/time.hpp"

namespace kadsim {

class NodeScheduler;

/// The scheduler of one network. Each of its nodes schedules through a view of its own, and in no
/// other way.
///
/// The order number of an event is composed of the node that schedules it and of that node's own
/// count: the upper half is the node's number times an odd constant, so that no node is favoured
/// and no two nodes have the same; the lower half counts. So the order of events at one instant
/// depends on no other node of the network. See "Order of events" in docs/architecture.md.
///
/// O(1) beside the scheduler's own costs; 4 bytes a node. The scheduler outlives it. Does not move.
class NetworkScheduler {
 public:
  /// For nodes 0 to `nodes` - 1.
  NetworkScheduler(Scheduler& scheduler, std::size_t nodes)
      : scheduler_(scheduler), counts_(huge_page_vector<std::uint32_t>(nodes)) {}
  NetworkScheduler(const NetworkScheduler&) = delete;
  NetworkScheduler& operator=(const NetworkScheduler&) = delete;

  [[nodiscard]] SimTime now() const { return scheduler_.now(); }
  /// As Scheduler::cancel: true if the event was pending and now will not run.
  bool cancel(EventId id) { return scheduler_.cancel(id); }
  /// The view of one node. Pre: node < nodes.
  [[nodiscard]] NodeScheduler of(std::uint32_t node);

  /// Makes room for nodes that have joined. Pre: nodes >= before.
  void grow(std::size_t nodes) { counts_.resize(nodes, 0); }
  /// Asks for the memory that the next event of `node` will touch.
  void prefetch(std::uint32_t node) const { kadsim::prefetch(&counts_[node]); }

 private:
  friend class NodeScheduler;

  std::uint64_t next_order(std::uint32_t node) {
    const std::uint32_t scattered = node * kOdd;
    return (static_cast<std::uint64_t>(scattered) << 32) | counts_[node]++;
  }
  static constexpr std::uint32_t kOdd = 0x9e3779b1U;  // 2^32 divided by the golden ratio, a prime

  Scheduler& scheduler_;
  std::vector<std::uint32_t> counts_;
};

/// An event that one node schedules about another: the node that it is named after.
struct Concerning {
  std::uint32_t node = 0;
};

/// One node's view of the scheduler: what it schedules is ordered by its number and its own count.
/// A small value, to be copied; the network's scheduler outlives it.
class NodeScheduler {
 public:
  [[nodiscard]] std::uint32_t node() const { return node_; }
  [[nodiscard]] SimTime now() const { return network_->now(); }

  /// Pre: time >= now(), here and below.
  template <EventAction F>
  EventId at(SimTime time, EventKind kind, F&& action) const {
    return at(time, kind, Concerning{node_}, std::forward<F>(action));
  }
  /// The event happens at another node, whose number is told with it; its order is this node's.
  template <EventAction F>
  EventId at(SimTime time, EventKind kind, Concerning about, F&& action) const {
    return network_->scheduler_.schedule_at(time, network_->next_order(node_), kind, about.node,
                                            std::forward<F>(action));
  }
  /// Before all events of its instant that were scheduled by `at`, whichever node scheduled them;
  /// such events among themselves are first come, first served. It does not advance the node's
  /// count.
  ///
  /// The only other event with order 0 is the first one that node 0 ever schedules. Between it and
  /// these, too, the one that was scheduled first runs first.
  template <EventAction F>
  EventId first_at(SimTime time, EventKind kind, F&& action) const {
    return network_->scheduler_.schedule_at(time, kFirstOfItsInstant, kind, node_,
                                            std::forward<F>(action));
  }
  /// Cancels an event that any view of the network has scheduled.
  bool cancel(EventId id) const { return network_->cancel(id); }

 private:
  friend class NetworkScheduler;
  static constexpr std::uint64_t kFirstOfItsInstant = 0;

  NodeScheduler(NetworkScheduler& network, std::uint32_t node) : network_(&network), node_(node) {}

  NetworkScheduler* network_;
  std::uint32_t node_;
};

inline NodeScheduler NetworkScheduler::of(std::uint32_t node) {
  KADSIM_ASSERT(node < counts_.size(), "a view of the scheduler for a node that is not there");
  return {*this, node};
}

}  // namespace kadsim
