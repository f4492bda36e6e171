#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/resource/edge_priority.hpp"
#include "core/resource/refusal.hpp"
#include "core/resource/resource_class.hpp"
#include "core/resource/resource_ids.hpp"

namespace kadsim {

/// Why a vertex ended.
enum class EndReason : std::uint8_t {
  kRevoked,        ///< a more important leaf needed the room, or a limit was lowered
  kLost,           ///< the resource reported its own end
  kDestroyed,      ///< by `destroy`, or its last owner dropped it
  kOrphaned,       ///< the last of its owners ended
  kLifetimeEnded,  ///< the lifetime that bounded it is over
};

[[nodiscard]] const char* name(EndReason reason);

/// What a manager calls to tell of endings and waits. Listeners are called after the change is
/// complete, in this order: those of each vertex that ended, lowest effective priority first
/// (resources before owners), and after each resource those of the owners above it that stay; then
/// those of waiters. A handler may schedule events and ask the manager questions; a call that would
/// change the manager is refused with Refusal::kReentered.
///
/// Borrowed: a listener lives as long as the vertex or waiter that it was given for.
class ResourceListener {
 public:
  virtual ~ResourceListener() = default;
  /// `what` has ended and names nothing any more. It is not called for the vertex that destroy,
  /// drop_owner or lost was called for: there the call's result tells it. `tag`: as given with it.
  virtual void on_ended(VertexId what, EndReason reason, std::uint64_t tag) = 0;
  /// A resource below `owner`, at any depth, was revoked; `owner` stays.
  virtual void on_revoked_below(OwnerId owner, ResourceId what, std::uint64_t tag) {
    static_cast<void>(owner), static_cast<void>(what), static_cast<void>(tag);
  }
  /// The end of a wait: `refusal` is kNone and `resource` is held, or why it never will be.
  virtual void on_wait_over(WaiterId waiter, Refusal refusal, ResourceId resource,
                            std::uint64_t tag) {
    static_cast<void>(waiter), static_cast<void>(refusal);
    static_cast<void>(resource), static_cast<void>(tag);
  }
};

/// Which owners an owner's own leaves are charged to. See "Charging" at ResourceManager.
enum class Charging : std::uint8_t { kOne, kAll };

struct OwnerOptions {
  std::string name = {};       ///< for people
  EdgePriority priority = {};  ///< of the edge from the owner above
  Charging charging = Charging::kOne;
  /// False: what is charged to this owner is not charged by way of it to the owners above it. It
  /// then has an account of its own, like go-libp2p's service-peer scopes.
  bool charges_above = true;
  ResourceListener* listener = nullptr;
  std::uint64_t tag = 0;
};

struct ResourceOptions {
  ResourceClass resource_class = {};
  Units units = 1;
  EdgePriority priority = {};  ///< of the edge from the owner
  /// Admitted only while each owner it is charged to stays within share/256 of its limit (memory
  /// priorities of go-libp2p: share = 1 + priority). 1 to 256. Below 256 no other
  /// leaf is moved for it.
  std::uint32_t share = 256;
  LifetimeId within = {};  ///< revoked when that ends; {}: bound by its owners alone
  ResourceListener* listener = nullptr;
  std::uint64_t tag = 0;
};

/// One of the owners of a vertex, and the priority of the edge from it.
struct OwnerEdge {
  OwnerId owner;
  EdgePriority priority = {};

  bool operator==(const OwnerEdge&) const = default;
};

struct AddedOwner {
  Refusal refusal = Refusal::kNone;
  OwnerId owner = {};
};

struct AddedResource {
  Refusal refusal = Refusal::kNone;
  ResourceId resource = {};  ///< held, if not refused
  Blocked blocked = {};
};

/// The result of add_with_deadline: refused, or `resource` is held, or `waiter` waits.
struct AddedOrWaiting {
  Refusal refusal = Refusal::kNone;
  ResourceId resource = {};
  WaiterId waiter = {};
};

/// The result of calls that change owners or units of vertices that exist.
struct Changed {
  Refusal refusal = Refusal::kNone;
  Blocked blocked = {};
};

}  // namespace kadsim
