#pragma once

#include <cstdint>

#include "core/table/peer.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What two nodes do with each other: a dial, or a request with its answer.
enum class InteractionKind : std::uint8_t {
  kDial,
  kGetClosestNodes,
  kStoreSegment,
  kRetrieveSegment,
  kNegotiation,  ///< which protocol a stream speaks, agreed on before its request
};

/// One interaction: which node asks which other node for what, on behalf of which operation. A
/// plain value: both ends may keep copies.
struct Interaction {
  InteractionKind kind = InteractionKind::kDial;
  bool dialled = false;  ///< a request behind a dial that succeeded: errors have befallen the dial
  PeerRef from{};        ///< the asker
  PeerRef to{};          ///< the receiver
  std::uint64_t operation = 0;      ///< opaque key of the operation served; keys random draws
  std::uint32_t contact_index = 0;  ///< zero-based index of the contact within its phase (lookup,
                                    ///< stores)
  std::uint8_t ordinal = 0;  ///< phase of the operation: 0 lookup, 1 stores, 2 repairs; keys draws
                             ///< too
  SimTime deadline{};        ///< completes no later than this
};

}  // namespace kadsim
