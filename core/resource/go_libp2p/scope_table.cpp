#include "core/resource/go_libp2p/scope_table.hpp"

#include <array>

namespace kadsim::go_libp2p {
namespace {

// In the orders in which a scope is asked.
constexpr std::array<Kind, 1> kOnlyMemory = {Kind::kMemory};
constexpr std::array<Kind, 4> kOfStreams = {Kind::kMemory, Kind::kStreamsInbound,
                                            Kind::kStreamsOutbound, Kind::kStreams};
constexpr std::array<Kind, 5> kOfConnections = {Kind::kMemory, Kind::kConnsInbound,
                                                Kind::kConnsOutbound, Kind::kConns, Kind::kFd};
constexpr std::array<Kind, 8> kAll = {
    Kind::kMemory,       Kind::kStreamsInbound, Kind::kStreamsOutbound, Kind::kStreams,
    Kind::kConnsInbound, Kind::kConnsOutbound,  Kind::kConns,           Kind::kFd};

}  // namespace

std::span<const Kind> kinds_in(ScopeType type) {
  switch (type) {
    case ScopeType::kFixed:
    case ScopeType::kPeer:
      return kAll;
    case ScopeType::kConnection:
      return kOfConnections;
    case ScopeType::kSpan:
      return kOnlyMemory;
    case ScopeType::kService:
    case ScopeType::kProtocol:
    case ScopeType::kPartOfPeer:
    case ScopeType::kStream:
      return kOfStreams;
  }
  return kAll;
}

}  // namespace kadsim::go_libp2p
