#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/event/scheduler.hpp"
#include "core/resource/ownership_graph.hpp"

namespace kadsim {

/// Somebody who waits for room below an owner.
struct Waiter {
  OwnerId owner;
  ResourceOptions options;
  SimTime deadline;
  std::uint32_t passed_over = 0;
};

/// Who waits, and whose turn it is: the order and the aging rule of ResourceManager.
class Waiters {
 public:
  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  [[nodiscard]] const std::map<std::uint64_t, Waiter>& all() const { return waiting_; }

  /// The number of one who has to queue, and of one who is admitted at once.
  std::uint64_t next_number() { return next_++; }
  void add(std::uint64_t number, const Waiter& waiter) { waiting_.emplace(number, waiter); }
  /// False if there is none.
  bool remove(std::uint64_t number);
  /// Does it keep others from being admitted?
  [[nodiscard]] bool is_urgent(std::uint64_t number) const;

  /// Numbers in the order in which they are tried.
  [[nodiscard]] std::vector<std::uint64_t> turns(const OwnershipGraph& graph) const;
  /// Does an urgent one that came before `number`, and whose time is not over, keep it from being
  /// admitted below `owner`?
  [[nodiscard]] bool held_back(const OwnershipGraph& graph, std::uint64_t number, OwnerId owner,
                               ResourceClass resource_class, SimTime now) const;
  /// Counts that `number` was admitted and charged to `route`: it has passed over some who came
  /// before. True if that made somebody urgent.
  bool admitted(const OwnershipGraph& graph, std::uint64_t number, ResourceClass resource_class,
                const Route& route);

 private:
  std::map<std::uint64_t, Waiter> waiting_;  // by number, so oldest first
  std::size_t urgent_ = 0;                   // of them
  std::uint64_t next_ = 1;
};

}  // namespace kadsim
