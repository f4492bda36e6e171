#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/event/event_order.hpp"
#include "core/event/scheduler.hpp"
#include "core/limit/client_resources.hpp"
#include "core/limit/gate.hpp"
#include "core/limit/gate_counts.hpp"
#include "core/resource/semaphore.hpp"

namespace kadsim {

/// A gate of semaphores: each node has so many slots; who finds none fails, or waits in line. A
/// node's semaphore is made when it is first asked, so nodes that do nothing cost nothing. Never
/// revokes. O(1) a call, apart from events.
class SemaphoreGate final : public Gate, private SlotListener {
 public:
  /// Scheduler and order outlive the gate. Pre: limit >= 1.
  SemaphoreGate(Scheduler& scheduler, EventOrder& order, std::uint32_t limit,
                const OnLimit& on_limit);

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

  Scheduler& scheduler_;
  EventOrder& order_;
  std::uint32_t limit_;
  std::optional<Duration> longest_wait_;  // 0: nobody waits; none: as long as the request may take
  std::unordered_map<std::uint32_t, Semaphore> slots_;  // looked up, never iterated
  std::vector<Wait> waits_;  // by the number that semaphores and passes know them by
  std::vector<std::uint32_t> free_waits_;
  GateCounts counts_;
};

}  // namespace kadsim
