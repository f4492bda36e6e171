#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/slot_pool.hpp"
#include "core/resource/go_libp2p/limits.hpp"
#include "core/resource/resource_ids.hpp"

namespace kadsim::go_libp2p {

/// Names a scope. The default one, and that of a scope that has ended, names a closed scope and is
/// safe to pass.
struct ScopeId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< 0 never names a scope

  auto operator<=>(const ScopeId&) const = default;
};

enum class Direction : std::uint8_t { kInbound, kOutbound };

enum class ScopeType : std::uint8_t {
  kFixed,  ///< system, transient and those of the allowlist
  kService,
  kProtocol,
  kPeer,
  kPartOfPeer,  ///< a peer's part of a service or protocol
  kConnection,
  kStream,
  kSpan,
};

/// The kinds that can be held in a scope of that type, in the order in which it is asked for them;
/// its other limits never matter.
[[nodiscard]] std::span<const Kind> kinds_in(ScopeType type);

/// What a ScopeManager knows of a scope.
struct Scope {
  ScopeType type = ScopeType::kFixed;
  std::string name{};        ///< of a peer, service or protocol as it was given; of kFixed
  std::uint64_t number = 0;  ///< of connections, streams and spans

  Limits limits{};
  OwnerId owner{};      ///< its account
  OwnerId inner{};      ///< the account of what is held directly in it; mostly the same
  ResourceId memory{};  ///< held directly in it

  std::vector<ScopeId> edges{};  ///< scopes charged with it, in the order that they are asked
  ScopeId within{};              ///< of a span; of a peer's part: the service or protocol
  std::uint32_t references = 0;
  std::uint64_t spans_begun = 0;

  // Of connections and streams.
  Direction direction = Direction::kInbound;
  bool allowlisted = false;  ///< opened so
  std::string endpoint{};
  ScopeId peer{};  ///< also of a peer's part
  ScopeId protocol{};
  ScopeId service{};

  bool sticky = false;  ///< not to be collected: it was given limits
};

/// Scopes by id. They do not move; slots are handed out again under another generation.
class ScopeTable {
 public:
  ScopeId add(Scope scope) {
    const std::uint32_t slot = slots_.take();
    slots_[slot].live = true;
    slots_[slot].scope = std::move(scope);
    return {slot, slots_[slot].generation};
  }
  /// Pre: there is such a scope.
  void remove(ScopeId id) {
    Slot& slot = slots_[id.slot];
    slot.live = false;
    slot.scope = {};
    if (++slot.generation == 0) return;  // used up: this slot is never given back
    slots_.give_back(id.slot);
  }

  /// Null if there is none.
  [[nodiscard]] Scope* find(ScopeId id) { return find_in(slots_, id); }
  [[nodiscard]] const Scope* find(ScopeId id) const { return find_in(slots_, id); }

 private:
  struct Slot {
    std::uint32_t generation = 1;
    bool live = false;
    Scope scope;
  };

  template <class Slots>
  static auto find_in(Slots& slots, ScopeId id) -> decltype(&slots[0].scope) {
    if (id.slot >= slots.size()) return nullptr;
    auto& slot = slots[id.slot];
    return slot.live && slot.generation == id.generation ? &slot.scope : nullptr;
  }

  // Scopes are few at most nodes, so they lie in a deque, which takes little for few.
  SlotPool<Slot, std::deque<Slot>> slots_;
};

}  // namespace kadsim::go_libp2p
