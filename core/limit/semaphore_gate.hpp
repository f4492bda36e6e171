#pragma once

#include <cstdint>

#include "core/base/per_node.hpp"
#include "core/base/slot_pool.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/limit/gate.hpp"
#include "core/limit/gate_counts.hpp"
#include "core/limit/wait_rule.hpp"
#include "core/resource/semaphore.hpp"

namespace kadsim {

/// A gate of semaphores: each node has a fixed number of slots; a stream that finds none fails or
/// waits in line, as the wait rule says. A node's semaphore is made when it is first asked, so
/// nodes that do nothing cost nothing. Never revokes. O(1) a call, apart from events.
class SemaphoreGate final : public Gate, private SlotListener {
 public:
  /// Scheduler and order outlive the gate. Pre: limit >= 1.
  SemaphoreGate(NetworkScheduler& scheduler, std::uint32_t limit, const WaitRule& rule);

  Answer enter(PeerRef node, const Interaction& what, SimTime deadline, GateListener& listener,
               std::uint64_t tag) override;
  void leave(PeerRef node, GatePass pass) override;

  [[nodiscard]] const GateCounts& counts() const { return counts_; }
  /// Slots of a node that are out.
  [[nodiscard]] std::uint32_t out(PeerRef node) const;

 private:
  struct Wait {
    GateListener* listener = nullptr;
    std::uint64_t tag = 0;
  };

  void on_slot(std::uint64_t tag, SlotOutcome outcome) override;
  Semaphore& slots_of(PeerRef node);

  NetworkScheduler& scheduler_;
  std::uint32_t limit_;
  WaitRule rule_;
  PerNode<Semaphore> slots_;
  SlotPool<Wait> waits_;  // semaphores and passes know a wait by its slot
  GateCounts counts_;
};

}  // namespace kadsim
