// How a ScopeManager charges: scopes as accounts, and which scope had no room when they refuse.

#include <array>

#include "core/base/assert.hpp"
#include "core/resource/go_libp2p/scope_manager.hpp"

namespace kadsim::go_libp2p {

Scope& ScopeManager::at(ScopeId id) {
  Scope* scope = table_.find(id);
  KADSIM_ASSERT(scope != nullptr, "there is such a scope");
  return *scope;
}
const Scope& ScopeManager::at(ScopeId id) const {
  const Scope* scope = table_.find(id);
  KADSIM_ASSERT(scope != nullptr, "there is such a scope");
  return *scope;
}

void ScopeManager::on_ended(VertexId what, EndReason reason, std::uint64_t tag) {
  static_cast<void>(what);
  KADSIM_ASSERT(reason == EndReason::kOrphaned, "no scope is revoked or has a lifetime");
  table_.remove({static_cast<std::uint32_t>(tag >> 32), static_cast<std::uint32_t>(tag)});
}

ScopeId ScopeManager::add(Scope scope, std::span<const OwnerId> above, bool charges_above) {
  const ScopeId id = table_.add(std::move(scope));
  Scope& added = at(id);
  OwnerOptions options;
  options.name = name(id);
  options.charges_above = charges_above;
  if (added.type == ScopeType::kSpan) {  // only spans end with the scope around them
    options.listener = this;
    options.tag = (std::uint64_t{id.slot} << 32) | id.generation;
  }
  added.owner = accounts_.open(std::move(options), above);
  if (charges_above || added.type == ScopeType::kPartOfPeer) added.inner = added.owner;
  accounts_.set_limits(added.owner, kinds_in(added.type), added.limits);
  for (const ScopeId edge : added.edges) refer(edge);
  return id;
}

void ScopeManager::end(ScopeId id) {
  const Scope ended = std::move(at(id));
  table_.remove(id);
  for (const OwnerId account : {ended.inner, ended.owner}) {
    if (graph().exists(account)) accounts_.close(account);
  }
  for (const ScopeId edge : ended.edges) let_go(edge);
  if (ended.type == ScopeType::kSpan) let_go(ended.within);
}

OwnerId ScopeManager::inner_account(Scope& scope) {
  if (!graph().exists(scope.inner)) {
    // A peer: what it holds itself is charged to its edges too.
    const std::array<OwnerId, 2> above = {scope.owner, at(system_).owner};
    OwnerOptions options;
    options.name = "peer:" + scope.name + " itself";
    scope.inner = accounts_.open(std::move(options), above);
  }
  return scope.inner;
}

Outcome ScopeManager::hold(ScopeId id, std::span<const Kind> kinds) {
  if (accounts_.hold(at(id).owner, kinds)) return std::nullopt;
  PerKind<std::int64_t> amounts;
  for (const Kind kind : kinds) amounts[kind] = 1;
  Outcome refusal = first_without_room(charged(id), kinds, amounts, MemoryPriority::kAlways);
  KADSIM_ASSERT(refusal, "the accounts refuse only what some scope has no room for");
  return refusal;
}

Outcome ScopeManager::attach(ScopeId id, std::vector<ScopeId> edges, std::span<const ScopeId> newly,
                             std::span<const OwnerId> above) {
  Scope& scope = at(id);
  if (!accounts_.move(scope.owner, above)) {
    const PerKind<std::int64_t> amounts = usage(id);
    std::vector<Kind> held;
    for (const Kind kind : kinds_in(ScopeType::kPeer)) {
      if (amounts[kind] > 0) held.push_back(kind);
    }
    Outcome refusal = first_without_room(newly, held, amounts, MemoryPriority::kAlways);
    KADSIM_ASSERT(refusal, "the accounts refuse only what some scope has no room for");
    return refusal;
  }
  for (const ScopeId edge : edges) refer(edge);
  std::swap(scope.edges, edges);
  for (const ScopeId edge : edges) let_go(edge);
  return std::nullopt;
}

Outcome ScopeManager::first_without_room(std::span<const ScopeId> scopes,
                                         std::span<const Kind> kinds,
                                         const PerKind<std::int64_t>& amounts,
                                         MemoryPriority priority) const {
  for (const ScopeId id : scopes) {
    const Scope& scope = at(id);
    for (const Kind kind : kinds) {
      const std::int64_t used = accounts_.used(scope.owner, kind);
      const std::uint32_t share = kind == Kind::kMemory ? share_of(priority) : 256;
      if (fits(used, amounts[kind], scope.limits[kind], share)) continue;
      return ScopeRefusal{.reason = ScopeRefusal::Reason::kLimitExceeded,
                          .scope = name(id),
                          .kind = kind,
                          .current = used,
                          .attempted = amounts[kind],
                          .limit = scope.limits[kind],
                          .priority = priority};
    }
  }
  return std::nullopt;
}

std::vector<ScopeId> ScopeManager::charged(ScopeId id) const {
  std::vector<ScopeId> scopes;
  for (; at(id).type == ScopeType::kSpan; id = at(id).within) scopes.push_back(id);
  scopes.push_back(id);
  const Scope& scope = at(id);
  scopes.insert(scopes.end(), scope.edges.begin(), scope.edges.end());
  return scopes;
}

}  // namespace kadsim::go_libp2p
