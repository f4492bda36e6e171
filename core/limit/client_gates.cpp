#include "core/limit/client_gates.hpp"

#include "core/resource/go_libp2p/limit_scaling.hpp"

namespace kadsim {

ClientGates::ClientGates(const Parts& parts, const Options& options) {
  const ClientResources& resources = options.resources;
  const WaitRule rule(resources.on_limit);
  const auto make = [&](std::optional<SemaphoreGate>& gate,
                        const std::optional<std::uint32_t>& limit) {
    if (limit.has_value()) gate.emplace(parts.scheduler, *limit, rule);
  };
  make(outbound_, resources.streams.outbound);
  make(inbound_, resources.streams.inbound);
  make(outbound_negotiations_, resources.negotiations);
  make(inbound_negotiations_, resources.negotiations);
  if (resources.manager.has_value()) make_manager(parts, options);
  if (resources.go_libp2p.has_value()) make_scopes(parts, *resources.go_libp2p);
  connection_.emplace(
      LimitedConnection::Parts{.scheduler = parts.scheduler,
                               .connection = parts.connection,
                               .streams = both_ways() != nullptr ? both_ways() : address(outbound_),
                               .negotiations = address(outbound_negotiations_),
                               .contacts = contacts()});
}

void ClientGates::make_manager(const Parts& parts, const Options& options) {
  const ManagerOptions& manager = *options.resources.manager;
  managers_.emplace(ResourcesByNode::Parts{parts.scheduler, manager, options.k});
  managed_.emplace(ResourceGraphGate::Parts{.scheduler = parts.scheduler,
                                            .managers = *managers_,
                                            .rule = WaitRule(options.resources.on_limit),
                                            .service_priority = manager.service_priority});
  contacts_.emplace(DialledConnections::Parts{.scheduler = parts.scheduler,
                                              .managers = *managers_,
                                              .book = parts.book,
                                              .buckets = parts.buckets,
                                              .rule = WaitRule(options.resources.on_limit),
                                              .options = manager,
                                              .k = options.k,
                                              .tables_learn = options.tables_learn});
}

void ClientGates::make_scopes(const Parts& parts, const GoLibp2pOptions& options) {
  const go_libp2p::ConcreteLimitConfig defaults = go_libp2p::scale(
      go_libp2p::default_limits(), go_libp2p::share_of({options.memory, options.file_descriptors}));
  scoped_.emplace(parts.scheduler, parts.book,
                  GoLibp2pGate::Options{.limits = go_libp2p::build(options.limits, defaults),
                                        .protocol = options.protocol,
                                        .service = options.service,
                                        .stream_memory = options.stream_memory});
}

Gate* ClientGates::both_ways() {
  if (managed_.has_value()) return &*managed_;
  if (scoped_.has_value()) return &*scoped_;
  return nullptr;
}

Gate* ClientGates::inbound() { return both_ways() != nullptr ? both_ways() : address(inbound_); }

LimitCounts ClientGates::counts() const {
  const auto of = [](const std::optional<SemaphoreGate>& gate) {
    return gate.has_value() ? gate->counts() : GateCounts{};
  };
  LimitCounts counts{.outbound = of(outbound_),
                     .inbound = of(inbound_),
                     .outbound_negotiations = of(outbound_negotiations_),
                     .inbound_negotiations = of(inbound_negotiations_),
                     .connections = {}};
  if (scoped_.has_value()) {
    counts.outbound = scoped_->outbound();
    counts.inbound = scoped_->inbound();
  }
  if (managed_.has_value()) {
    counts.outbound = managed_->outbound();
    counts.inbound = managed_->inbound();
    counts.connections = contacts_->counts();
  }
  return counts;
}

}  // namespace kadsim
