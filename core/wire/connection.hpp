#pragma once

#include <cstdint>

#include "core/hash/hash.hpp"
#include "core/table/peer.hpp"
#include "core/wire/interaction.hpp"
#include "core/wire/record.hpp"
#include "core/wire/record_details.hpp"
#include "core/wire/reply.hpp"

namespace kadsim {

/// How a client reaches its peers. Every call completes exactly once, through the handler, after
/// the call has returned and by its deadline; whether a timer exists for that is the connection's
/// affair. A failure of the network is a reply, never an exception. Implemented by the simulated
/// network in sim; a client on sockets brings its own.
class Connection {
 public:
  virtual ~Connection() = default;

  virtual void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) = 0;
  /// Opens a stream: both ends agree on its protocol. Needed only where negotiations are limited.
  virtual void negotiate(const Interaction& interaction, ReplyHandler& handler,
                         std::uint64_t tag) = 0;
  /// Asks for the remote's contacts closest to `target`, and for the record that it holds under it.
  virtual void get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                                    ReplyHandler& handler, std::uint64_t tag) = 0;
  /// `details`: what the record carries besides, copied during the call; null: nothing.
  virtual void store_segment(const Interaction& interaction, const Segment& segment,
                             const RecordDetails* details, ReplyHandler& handler,
                             std::uint64_t tag) = 0;
  virtual void retrieve_segment(const Interaction& interaction, const Hash& key,
                                ReplyHandler& handler, std::uint64_t tag) = 0;

  /// The operation is over: what was opened for it alone may be closed.
  virtual void operation_over(PeerRef /*origin*/, std::uint64_t /*operation*/) {}
};

}  // namespace kadsim
