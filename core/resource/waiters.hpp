#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/event/scheduler.hpp"
#include "core/resource/ownership_graph.hpp"

namespace kadsim {

/// A caller that waits for room below an owner.
struct Waiter {
  OwnerId owner;
  ResourceOptions options;
  SimTime deadline;
  std::uint32_t passed_over = 0;
};

/// The waiters, and the order of their turns: the order and the aging rule of ResourceManager.
class Waiters {
 public:
  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  [[nodiscard]] const std::map<std::uint64_t, Waiter>& all() const { return waiting_; }

  /// The next number, for a waiter that has to queue as well as for one that is admitted at once.
  std::uint64_t next_number() { return next_++; }
  void add(std::uint64_t number, const Waiter& waiter) { waiting_.emplace(number, waiter); }
  /// False if no waiter has that number.
  bool remove(std::uint64_t number);
  /// Whether the waiter keeps later ones from being admitted.
  [[nodiscard]] bool is_urgent(std::uint64_t number) const;

  /// Numbers in the order in which they are tried.
  [[nodiscard]] std::vector<std::uint64_t> turns(const OwnershipGraph& graph) const;
  /// Whether an urgent waiter that came before `number`, and whose time is not over, keeps it from
  /// being admitted below `owner`.
  [[nodiscard]] bool held_back(const OwnershipGraph& graph, std::uint64_t number, OwnerId owner,
                               ResourceClass resource_class, SimTime now) const;
  /// Counts that `number` was admitted and charged to `route`, and so passed over waiters that came
  /// before it. True if that made a waiter urgent.
  bool admitted(const OwnershipGraph& graph, std::uint64_t number, ResourceClass resource_class,
                const Route& route);

 private:
  std::map<std::uint64_t, Waiter> waiting_;  // by number, so oldest first
  std::size_t urgent_ = 0;                   // of them
  std::uint64_t next_ = 1;
};

}  // namespace kadsim
