#include "core/resource/go_libp2p/scope_manager.hpp"

#include "core/base/assert.hpp"

#include <array>

namespace kadsim::go_libp2p {
namespace {

using Reason = ScopeRefusal::Reason;

ScopeRefusal closed() { return {.reason = Reason::kScopeClosed}; }

}  // namespace

ScopeManager::ScopeManager(NodeScheduler scheduler, ConcreteLimitConfig limits)
    : scheduler_(scheduler),
      made_(scheduler.now()),
      limits_(std::move(limits)),
      accounts_(scheduler) {
  const auto fixed = [this](std::string name, Section section, OwnerId above) {
    return add({.type = ScopeType::kFixed, .name = std::move(name), .limits = limits_[section]},
               std::span(&above, 1));
  };
  const OwnerId root = graph().root();
  system_ = fixed("system", Section::kSystem, root);
  transient_ = fixed("transient", Section::kTransient, at(system_).owner);
  allowlisted_system_ = fixed("allowlistedSystem", Section::kAllowlistedSystem, root);
  allowlisted_transient_ =
      fixed("allowlistedTransient", Section::kAllowlistedTransient, at(allowlisted_system_).owner);
  at(transient_).edges = {system_};
  at(allowlisted_transient_).edges = {allowlisted_system_};
}

ScopeManager::~ScopeManager() { scheduler_.cancel(collection_); }

ScopeId ScopeManager::service(std::string_view name) {
  return find_or_add(services_, name, ScopeType::kService, NamedSection::kService);
}
ScopeId ScopeManager::protocol(std::string_view name) {
  return find_or_add(protocols_, name, ScopeType::kProtocol, NamedSection::kProtocol);
}
ScopeId ScopeManager::peer(std::string_view name) {
  return find_or_add(peers_, name, ScopeType::kPeer, NamedSection::kPeer);
}

ScopeId ScopeManager::find_or_add(ByName& scopes, std::string_view name, ScopeType type,
                                  NamedSection section) {
  if (const auto there = scopes.find(name); there != scopes.end()) return there->second;
  Scope scope{.type = type, .name = std::string(name), .limits = limits_.of(section, name)};
  scope.edges = {system_};
  // What a peer's connections and streams hold reaches system by another edge of theirs.
  const bool charges_above = type != ScopeType::kPeer;
  const ScopeId id = add(std::move(scope), std::span(&at(system_).owner, 1), charges_above);
  scopes.emplace(name, id);
  if (type != ScopeType::kService) schedule_collection();
  return id;
}

ScopeId ScopeManager::part_of_peer(ScopeId service_or_protocol, ScopeId peer) const {
  const auto part = parts_.find({peer, service_or_protocol});
  return part == parts_.end() ? ScopeId{} : part->second;
}

ScopeId ScopeManager::part_for(ScopeId service_or_protocol, ScopeId peer, NamedSection section) {
  if (const ScopeId there = part_of_peer(service_or_protocol, peer); alive(there)) return there;
  const Scope& whole = at(service_or_protocol);
  Scope scope{.type = ScopeType::kPartOfPeer, .limits = limits_.of(section, whole.name)};
  scope.within = service_or_protocol;
  scope.peer = peer;
  return parts_[{peer, service_or_protocol}] =
             add(std::move(scope), std::span(&whole.owner, 1), false);
}

Opened ScopeManager::open_connection(const ConnectionOptions& options) {
  const Kind direction =
      options.direction == Direction::kInbound ? Kind::kConnsInbound : Kind::kConnsOutbound;
  const std::array<Kind, 3> kinds = {direction, Kind::kConns, Kind::kFd};
  const std::span<const Kind> asked(kinds.data(), options.uses_fd ? 3 : 2);
  ScopeId id = add_connection(options, false);
  Outcome refusal = hold(id, asked);
  if (refusal && allowlist_.allowed(options.endpoint)) {
    end(id);
    id = add_connection(options, true);
    refusal = hold(id, asked);
  }
  if (!refusal) return id;
  end(id);
  return std::move(*refusal);
}

ScopeId ScopeManager::add_connection(const ConnectionOptions& options, bool allowlisted) {
  const ScopeId transient = allowlisted ? allowlisted_transient_ : transient_;
  const ScopeId system = allowlisted ? allowlisted_system_ : system_;
  Scope scope{
      .type = ScopeType::kConnection, .number = ++connections_, .limits = limits_[Section::kConn]};
  scope.edges = {transient, system};
  scope.allowlisted = allowlisted;
  if (allowlisted) scope.endpoint = options.endpoint;
  return add(std::move(scope), std::span(&at(transient).owner, 1));
}

Opened ScopeManager::open_stream(std::string_view peer_name, Direction direction) {
  const ScopeId peer_id = peer(peer_name);
  Scope scope{
      .type = ScopeType::kStream, .number = ++streams_, .limits = limits_[Section::kStream]};
  scope.edges = {peer_id, transient_, system_};
  scope.peer = peer_id;
  const std::array<OwnerId, 2> above = {at(peer_id).owner, at(transient_).owner};
  const ScopeId id = add(std::move(scope), above);
  const Kind kind =
      direction == Direction::kInbound ? Kind::kStreamsInbound : Kind::kStreamsOutbound;
  Outcome refusal = hold(id, std::array{kind, Kind::kStreams});
  if (!refusal) return id;
  end(id);
  return std::move(*refusal);
}

Outcome ScopeManager::set_peer(ScopeId connection, std::string_view peer_name) {
  Scope* scope = table_.find(connection);
  if (scope == nullptr) return closed();
  KADSIM_ASSERT(scope->type == ScopeType::kConnection, "a stream has its peer from the start");
  if (alive(scope->peer))
    return ScopeRefusal{.reason = Reason::kAlreadySet, .scope = name(connection)};

  const bool leaves = scope->allowlisted && !allowlist_.allowed(scope->endpoint, peer_name);
  const ScopeId system = scope->allowlisted && !leaves ? allowlisted_system_ : system_;
  const ScopeId peer_id = peer(peer_name);
  const OwnerId of_peer = at(peer_id).owner;
  if (leaves) {
    // It must not come past transient; once it has shown that it fits there, it leaves it again.
    if (Outcome refusal = attach(connection, {peer_id, transient_, system_},
                                 std::array{system_, transient_, peer_id},
                                 std::array{of_peer, at(transient_).owner})) {
      return refusal;
    }
  }
  Outcome refusal = attach(connection, {peer_id, system}, std::span(&peer_id, 1),
                           std::array{of_peer, at(system).owner});
  KADSIM_ASSERT(!refusal || !leaves, "where it is charged already there is room for it");
  if (!refusal) scope->peer = peer_id;
  return refusal;
}

Outcome ScopeManager::set_protocol(ScopeId stream, std::string_view protocol_name) {
  Scope* scope = table_.find(stream);
  if (scope == nullptr) return closed();
  KADSIM_ASSERT(scope->type == ScopeType::kStream, "only a stream has a protocol");
  if (alive(scope->protocol))
    return ScopeRefusal{.reason = Reason::kAlreadySet, .scope = name(stream)};

  const ScopeId whole = protocol(protocol_name);
  const ScopeId part = part_for(whole, scope->peer, NamedSection::kProtocolPeer);
  const std::array<OwnerId, 3> above = {at(scope->peer).owner, at(part).owner, at(whole).owner};
  Outcome refusal =
      attach(stream, {scope->peer, part, whole, system_}, std::array{whole, part}, above);
  if (!refusal) scope->protocol = whole;
  return refusal;
}

Outcome ScopeManager::set_service(ScopeId stream, std::string_view service_name) {
  Scope* scope = table_.find(stream);
  if (scope == nullptr) return closed();
  KADSIM_ASSERT(scope->type == ScopeType::kStream, "only a stream has a service");
  if (alive(scope->service))
    return ScopeRefusal{.reason = Reason::kAlreadySet, .scope = name(stream)};
  if (!alive(scope->protocol))
    return ScopeRefusal{.reason = Reason::kNoProtocol, .scope = name(stream)};

  const ScopeId whole = service(service_name);
  const ScopeId part = part_for(whole, scope->peer, NamedSection::kServicePeer);
  const ScopeId of_protocol = part_of_peer(scope->protocol, scope->peer);
  const std::array<OwnerId, 5> above = {at(scope->peer).owner, at(of_protocol).owner,
                                        at(part).owner, at(scope->protocol).owner, at(whole).owner};
  Outcome refusal =
      attach(stream, {scope->peer, of_protocol, part, scope->protocol, whole, system_},
             std::array{whole, part}, above);
  if (!refusal) scope->service = whole;
  return refusal;
}

void ScopeManager::done(ScopeId id) {
  const Scope* scope = table_.find(id);
  if (scope == nullptr) return;
  KADSIM_ASSERT(scope->type == ScopeType::kConnection || scope->type == ScopeType::kStream ||
                    scope->type == ScopeType::kSpan,
                "other scopes are not opened, and end by themselves");
  end(id);
}

Outcome ScopeManager::reserve_memory(ScopeId id, std::int64_t bytes, MemoryPriority priority) {
  Scope* scope = table_.find(id);
  if (scope == nullptr) return closed();
  if (bytes < 0) return ScopeRefusal{.reason = Reason::kNegativeMemory, .scope = name(id)};
  const std::int64_t held = accounts_.held(scope->memory);
  // Nothing at all is refused too where more than the share is used.
  const bool countable = bytes <= kUnlimited - held;
  if (bytes > 0 && countable &&
      accounts_.resize_memory(inner_account(*scope), scope->memory, held + bytes,
                              share_of(priority))) {
    return std::nullopt;
  }
  PerKind<std::int64_t> amounts;
  amounts.memory = bytes;
  constexpr std::array kMemoryAlone = {Kind::kMemory};
  Outcome refusal = first_without_room(charged(id), kMemoryAlone, amounts, priority);
  KADSIM_ASSERT(refusal || bytes == 0, "the accounts refuse only what some scope has no room for");
  return refusal;
}

void ScopeManager::release_memory(ScopeId id, std::int64_t bytes) {
  Scope* scope = table_.find(id);
  if (scope == nullptr) return;
  const std::int64_t held = accounts_.held(scope->memory);
  KADSIM_ASSERT(bytes >= 0 && bytes <= held, "no more is released than is held");
  const bool done = accounts_.resize_memory(scope->inner, scope->memory, held - bytes, 256);
  KADSIM_ASSERT(done, "there is room for less");
}

Opened ScopeManager::begin_span(ScopeId id) {
  Scope* scope = table_.find(id);
  if (scope == nullptr) return closed();
  Scope span{.type = ScopeType::kSpan, .number = ++scope->spans_begun, .limits = scope->limits};
  span.within = id;
  refer(id);
  const OwnerId inner = inner_account(*scope);
  return add(std::move(span), std::span(&inner, 1));
}

void ScopeManager::refer(ScopeId id) { ++at(id).references; }

void ScopeManager::let_go(ScopeId id) {
  Scope* scope = table_.find(id);
  if (scope == nullptr) return;
  KADSIM_ASSERT(scope->references > 0, "a scope is let go of more often than it was referred to");
  --scope->references;
  const bool collectable = scope->type == ScopeType::kPeer || scope->type == ScopeType::kProtocol;
  if (collectable && scope->references == 0 && !scope->sticky) schedule_collection();
}

void ScopeManager::set_limits(ScopeId id, const Limits& limits) {
  Scope* scope = table_.find(id);
  if (scope == nullptr) return;
  for (const Kind kind : kKinds) KADSIM_ASSERT(limits[kind] >= 0, "a limit is 0 or more");
  scope->limits = limits;
  scope->sticky = true;
  accounts_.set_limits(scope->owner, kinds_in(scope->type), limits);
}

PerKind<std::int64_t> ScopeManager::usage(ScopeId id) const {
  PerKind<std::int64_t> usage;
  const Scope* scope = table_.find(id);
  if (scope == nullptr) return usage;
  for (const Kind kind : kinds_in(scope->type)) usage[kind] = accounts_.used(scope->owner, kind);
  return usage;
}

const Limits& ScopeManager::limits(ScopeId id) const { return at(id).limits; }

std::string ScopeManager::name(ScopeId id) const {
  const Scope& scope = at(id);
  switch (scope.type) {
    case ScopeType::kFixed:
      return scope.name;
    case ScopeType::kService:
      return "service:" + scope.name;
    case ScopeType::kProtocol:
      return "protocol:" + scope.name;
    case ScopeType::kPeer:
      return "peer:" + scope.name;
    case ScopeType::kPartOfPeer:
      return name(scope.within) + "." + name(scope.peer);
    case ScopeType::kConnection:
      return "conn-" + std::to_string(scope.number);
    case ScopeType::kStream:
      return "stream-" + std::to_string(scope.number);
    case ScopeType::kSpan:
      return name(scope.within) + ".span-" + std::to_string(scope.number);
  }
  return {};
}

}  // namespace kadsim::go_libp2p
