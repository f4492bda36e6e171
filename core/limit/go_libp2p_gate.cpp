#include "core/limit/go_libp2p_gate.hpp"

#include <utility>

namespace kadsim {

GoLibp2pGate::GoLibp2pGate(NetworkScheduler& scheduler, const PeerBook& book, Options options)
    : scheduler_(scheduler), book_(book), options_(std::move(options)) {}

go_libp2p::ScopeManager& GoLibp2pGate::manager(PeerRef node) {
  return managers_.of(node, scheduler_.of(node.value), options_.limits);
}

const go_libp2p::ScopeManager* GoLibp2pGate::find(PeerRef node) const {
  return managers_.find(node);
}

std::optional<go_libp2p::ScopeId> GoLibp2pGate::open(PeerRef node, PeerRef peer,
                                                     go_libp2p::Direction direction) {
  go_libp2p::ScopeManager& scopes = manager(node);
  const go_libp2p::Opened opened = scopes.open_stream(book_.hash(peer).hex(), direction);
  const auto* stream = std::get_if<go_libp2p::ScopeId>(&opened);
  if (stream == nullptr) return std::nullopt;
  go_libp2p::Outcome refusal = scopes.set_protocol(*stream, options_.protocol);
  if (!refusal && options_.service) refusal = scopes.set_service(*stream, *options_.service);
  if (!refusal && options_.stream_memory > 0) {
    refusal = scopes.reserve_memory(*stream, options_.stream_memory);
  }
  if (!refusal) return *stream;
  scopes.done(*stream);
  return std::nullopt;
}

Gate::Answer GoLibp2pGate::enter(PeerRef node, const Interaction& what, SimTime, GateListener&,
                                 std::uint64_t) {
  const bool inbound = node == what.to;
  const auto stream = inbound ? open(node, what.from, go_libp2p::Direction::kInbound)
                              : open(node, what.to, go_libp2p::Direction::kOutbound);
  GateCounts& counts = inbound ? inbound_ : outbound_;
  if (!stream.has_value()) {
    ++counts.refused;
    return {GateEntry::kRefused, {}};
  }
  ++counts.entered;
  return {GateEntry::kEntered,
          {(static_cast<std::uint64_t>(stream->generation) << 32) | stream->slot}};
}

void GoLibp2pGate::leave(PeerRef node, GatePass pass) {
  manager(node).done(
      {static_cast<std::uint32_t>(pass.slot), static_cast<std::uint32_t>(pass.slot >> 32)});
}

}  // namespace kadsim
