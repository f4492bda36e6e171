#pragma once

#include <optional>

#include "core/client/client_resources.hpp"
#include "core/client/limited_connection.hpp"
#include "core/client/slot_gate.hpp"

namespace kadsim {

/// The gates that `client.resources` asks for, and the connection through which clients that have
/// them reach their peers. Made only where there is something to limit.
class ClientGates {
 public:
  /// Everything referred to outlives the gates. `connection` carries what passes.
  ClientGates(Scheduler& scheduler, EventOrder& order, Connection& connection,
              const ClientResources& options)
      : outbound_(gate(scheduler, order, options.streams.outbound, options)),
        outbound_negotiations_(gate(scheduler, order, options.negotiations, options)),
        inbound_(gate(scheduler, order, options.streams.inbound, options)),
        inbound_negotiations_(gate(scheduler, order, options.negotiations, options)),
        connection_({.scheduler = scheduler,
                     .order = order,
                     .connection = connection,
                     .streams = outbound(),
                     .negotiations = address(outbound_negotiations_)}) {}

  [[nodiscard]] Connection& connection() { return connection_; }
  /// Null: no limit.
  [[nodiscard]] SlotGate* outbound() { return address(outbound_); }
  [[nodiscard]] SlotGate* inbound() { return address(inbound_); }
  [[nodiscard]] SlotGate* inbound_negotiations() { return address(inbound_negotiations_); }
  [[nodiscard]] SlotGate* outbound_negotiations() { return address(outbound_negotiations_); }

 private:
  using MaybeGate = std::optional<SlotGate>;
  static MaybeGate gate(Scheduler& scheduler, EventOrder& order,
                        const std::optional<std::uint32_t>& limit, const ClientResources& options) {
    if (!limit.has_value()) return std::nullopt;
    return MaybeGate(std::in_place, scheduler, order, *limit, options.on_limit);
  }
  static SlotGate* address(MaybeGate& gate) { return gate.has_value() ? &*gate : nullptr; }

  MaybeGate outbound_;
  MaybeGate outbound_negotiations_;
  MaybeGate inbound_;
  MaybeGate inbound_negotiations_;
  LimitedConnection connection_;
};

}  // namespace kadsim
