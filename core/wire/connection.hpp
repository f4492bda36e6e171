#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/hash/hash.hpp"
#include "core/lookup/strategy.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/table/near_contact.hpp"
#include "core/table/peer.hpp"
#include "core/time/time.hpp"
#include "core/wire/record.hpp"

namespace kadsim {

/// What two nodes do with each other: a dial, or a request with its answer.
enum class InteractionKind : std::uint8_t {
  kDial,
  kGetClosestNodes,
  kStoreSegment,
  kRetrieveSegment,
  kNegotiation,  ///< which protocol a stream speaks, agreed on before its request
};

/// One interaction: who, with whom, for what.
struct Interaction {
  InteractionKind kind = InteractionKind::kDial;
  bool dialled = false;  ///< a request behind a dial that succeeded: errors have befallen the dial
  PeerRef from{};
  PeerRef to{};
  std::uint64_t operation = 0;  ///< opaque key of the operation that this serves; keys random draws
  std::uint32_t attempt = 0;    ///< the how-manyth contact of its phase (lookup, stores), from 0
  std::uint8_t ordinal = 0;     ///< phase of the operation: 0 lookup, 1 stores, 2 repairs; keys
                                ///< draws too
  SimTime deadline{};           ///< completes no later than this
};

enum class ReplyStatus : std::uint8_t {
  kOk,
  kRefused,   ///< nobody listens: known soon (a fast error)
  kNoAnswer,  ///< nothing came before the deadline or the end of a slow error
  kRejected,  ///< the remote answered that it won't: a store over its limits, or older than what it
              ///< holds
  kBusy,      ///< the remote had no slot for the stream: over its limits in time
  kNoSlot,    ///< the sender itself had none: nothing was sent
  kRevoked,   ///< the sender's slot went to somebody more important while the request was under way
};

/// Did it fail for somebody's limits, the contact being there all the same?
constexpr bool is_want_of_slot(ReplyStatus status) { return status >= ReplyStatus::kBusy; }

struct Reply {
  ReplyStatus status = ReplyStatus::kNoAnswer;
  std::span<const NearContact> contacts{};  ///< get_closest_nodes_to; valid during the call only
  bool has_value = false;                   ///< the remote stores the key that was asked for
  Record value{};                           ///< that it stores, if it does
  bool sent = true;                         ///< false: the request itself was never sent

  /// Sets what it stores under the key.
  void set_value(const std::optional<Record>& record) {
    has_value = record.has_value();
    value = record.value_or(Record{});
  }
};

/// Told how interactions end. `tag` is the number given with the call.
class ReplyHandler {
 public:
  virtual ~ReplyHandler() = default;
  /// Does what made the call still wait for its reply? If not, `on_reply` changes nothing.
  [[nodiscard]] virtual bool awaits(std::uint64_t tag) const = 0;
  virtual void on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) = 0;
};

/// How a client reaches its peers. Every call completes exactly once, through the handler, after
/// the call has returned and by its deadline; whether a timer exists for that is the connection's
/// affair. A failure of the network is a reply, never an exception. Implemented by the simulated
/// network in sim, and by whoever puts a client on sockets.
class Connection {
 public:
  virtual ~Connection() = default;

  virtual void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) = 0;
  /// Opens a stream: both agree on its protocol. Needed only by whoever limits negotiations.
  virtual void negotiate(const Interaction& interaction, ReplyHandler& handler,
                         std::uint64_t tag) = 0;
  /// The remote's contacts closest to `target`, and whether it stores a value of that key.
  virtual void get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                                    ReplyHandler& handler, std::uint64_t tag) = 0;
  virtual void store_segment(const Interaction& interaction, const Segment& segment,
                             ReplyHandler& handler, std::uint64_t tag) = 0;
  virtual void retrieve_segment(const Interaction& interaction, const Hash& key,
                                ReplyHandler& handler, std::uint64_t tag) = 0;

  /// The operation is over: what was opened for it alone may be closed.
  virtual void operation_over(PeerRef /*origin*/, std::uint64_t /*operation*/) {}

  /// For lookups that are resolved at once (py-dht): a port that dials and asks on behalf of
  /// `origin`, outcome and delay known immediately. Valid until the next call of this function.
  /// Null where only time can tell.
  virtual InstantPort* open_instant_port(PeerRef origin, std::uint64_t operation,
                                         const Hash& target) = 0;
};

/// What peers ask of a client: the server's side, called by the connection when a request arrives.
class RequestServer {
 public:
  virtual ~RequestServer() = default;

  /// `asker` wants the contacts of `at` closest to `target`: `contacts` is set to them. Returns the
  /// record that `at` stores under `target`, if it does.
  virtual std::optional<Record> serve_get_closest_nodes_to(PeerRef at, PeerRef asker,
                                                           const Hash& target,
                                                           ContactsByDistance& contacts) = 0;
  /// False: over the limits of the store, or older than the record held.
  virtual bool serve_store_segment(PeerRef at, PeerRef asker, const Segment& segment) = 0;
  virtual std::optional<Record> serve_retrieve_segment(PeerRef at, PeerRef asker,
                                                       const Hash& key) = 0;
};

}  // namespace kadsim
