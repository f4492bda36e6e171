#include "core/resource/go_libp2p/scope_accounts.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kadsim::go_libp2p {
namespace {

constexpr std::uint32_t kWhole = 256;
constexpr std::size_t kMostOwners = 8;

void expect_done(Refusal refusal) { KADSIM_ASSERT(refusal == Refusal::kNone, name(refusal)); }

bool has_room(Refusal refusal) {
  if (refusal == Refusal::kOverLimit) return false;
  expect_done(refusal);
  return true;
}

}  // namespace

ScopeAccounts::ScopeAccounts(NodeScheduler scheduler) : graph_(scheduler) {
  for (const Kind kind : kKinds) classes_[kind] = graph_.define_class(ClassKind::kStock);
  classes_.memory = kMemory;
  classes_.fd = kFileDescriptors;
  classes_.conns = kConnections;
  classes_.streams = kStreams;
}

OwnerId ScopeAccounts::open(OwnerOptions options, std::span<const OwnerId> above) {
  options.charging = Charging::kAll;
  const AddedOwner added = graph_.add_owner(above.front(), options);
  expect_done(added.refusal);
  for (const OwnerId further : above.subspan(1)) {
    expect_done(graph_.try_add(further, added.owner, {}).refusal);
  }
  return added.owner;
}

void ScopeAccounts::close(OwnerId owner) {
  expect_done(graph_.destroy(owner).refusal);
  settle();
}

void ScopeAccounts::set_limits(OwnerId owner, std::span<const Kind> kinds, const Limits& limits) {
  for (const Kind kind : kinds) {
    std::erase_if(overfull_, [&](const Overfull& overfull) {
      return overfull.owner == owner && overfull.kind == kind;
    });
    cap(owner, kind, limits[kind]);
  }
}

void ScopeAccounts::cap(OwnerId owner, Kind kind, std::int64_t limit) {
  const std::int64_t in_use = used(owner, kind);
  if (limit < in_use) overfull_.push_back({owner, kind, limit});
  if (limit != kUnlimited) {
    expect_done(graph_.set_limit(owner, class_of(kind), {std::max(limit, in_use)}));
  } else if (graph_.limit(owner, class_of(kind))) {
    expect_done(graph_.remove_limit(owner, class_of(kind)));
  }
}

void ScopeAccounts::settle() {
  if (overfull_.empty()) return;
  for (const Overfull& overfull : std::exchange(overfull_, {})) {
    if (graph_.exists(overfull.owner)) cap(overfull.owner, overfull.kind, overfull.limit);
  }
}

bool ScopeAccounts::hold(OwnerId owner, std::span<const Kind> kinds) {
  std::array<ResourceId, kKinds.size()> added{};
  std::size_t count = 0;
  for (const Kind kind : kinds) {
    ResourceOptions options;
    options.resource_class = class_of(kind);
    const AddedResource leaf = graph_.try_add(owner, options);
    if (!has_room(leaf.refusal)) {
      for (std::size_t i = 0; i < count; ++i) expect_done(graph_.destroy(added[i]).refusal);
      return false;
    }
    added[count++] = leaf.resource;
  }
  return true;
}

bool ScopeAccounts::resize_memory(OwnerId owner, ResourceId& leaf, std::int64_t bytes,
                                  std::uint32_t share) {
  const std::int64_t before = held(leaf);
  if (bytes == before) return true;
  if (bytes == 0) {
    expect_done(graph_.destroy(std::exchange(leaf, {})).refusal);
  } else if (before == 0) {
    ResourceOptions options;
    options.resource_class = class_of(Kind::kMemory);
    options.units = bytes;
    options.share = share;
    const AddedResource added = graph_.try_add(owner, options);
    if (!has_room(added.refusal)) return false;
    leaf = added.resource;
  } else if (!has_room(graph_.try_resize(leaf, bytes, bytes < before ? kWhole : share).refusal)) {
    return false;
  }
  if (bytes < before) settle();
  return true;
}

bool ScopeAccounts::move(OwnerId owner, std::span<const OwnerId> above) {
  KADSIM_ASSERT(above.size() <= kMostOwners, "no scope has so many above it");
  std::array<OwnerEdge, kMostOwners> edges{};
  std::ranges::transform(above, edges.begin(), [](OwnerId id) { return OwnerEdge{id}; });
  const std::span<const OwnerEdge> all(edges.data(), above.size());
  const bool moved = has_room(graph_.try_move_resource(owner, all).refusal);
  if (moved) settle();
  return moved;
}

std::int64_t ScopeAccounts::used(OwnerId owner, Kind kind) const {
  return graph_.used(owner, class_of(kind));
}

std::int64_t ScopeAccounts::held(ResourceId leaf) const {
  return graph_.exists(leaf) ? graph_.units(leaf) : 0;
}

}  // namespace kadsim::go_libp2p
