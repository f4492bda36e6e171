#include "core/resource/resource_manager.hpp"

#include "core/base/assert.hpp"
#include "core/resource/resource_engine.hpp"

#include <algorithm>

// Arguments are checked here, before anything changes; the engine makes the change. Every call that
// changed something ends with `settled`.

namespace kadsim {
namespace {

bool knows(const ResourceEngine& engine, VertexId what) {
  if (what.generation == 0) return false;
  if (what.is_owner()) {
    const auto& owners = engine.graph.owners;
    return what.slot < owners.size() && owners[what.slot].live &&
           owners[what.slot].generation == what.generation;
  }
  const auto& leaves = engine.graph.leaves;
  return what.slot < leaves.size() && leaves[what.slot].live &&
         leaves[what.slot].generation == what.generation;
}

bool built_in(VertexId what) { return what.is_owner() && what.slot < 3; }

Refusal check_class(const ResourceEngine& engine, ResourceClass c) {
  return c.number < engine.graph.classes.size() ? Refusal::kNone : Refusal::kUnknownClass;
}

Refusal check_new(const ResourceEngine& engine, OwnerId owner, const ResourceOptions& options) {
  if (engine.notices.telling()) return Refusal::kReentered;
  if (!knows(engine, owner)) return Refusal::kUnknownOwner;
  if (const Refusal refusal = check_class(engine, options.resource_class);
      refusal != Refusal::kNone)
    return refusal;
  if (options.units < 1) return Refusal::kUnitsOutOfRange;
  if (options.share < 1 || options.share > 256) return Refusal::kShareOutOfRange;
  if (options.within != LifetimeId{} && !engine.lifetimes.alive(options.within))
    return Refusal::kLifetimeEnded;
  return Refusal::kNone;
}

// The refusal of a call on a vertex, or kNone if the vertex exists and may be changed.
Refusal check_change(const ResourceEngine& engine, VertexId what) {
  if (engine.notices.telling()) return Refusal::kReentered;
  if (!knows(engine, what)) return Refusal::kUnknownResource;
  return built_in(what) ? Refusal::kBuiltIn : Refusal::kNone;
}

Refusal check_owner_above(const ResourceEngine& engine, OwnerId owner, VertexId what) {
  if (!knows(engine, owner)) return Refusal::kUnknownOwner;
  if (what.is_owner() && engine.graph.stands_above(what.slot, owner.slot)) return Refusal::kCycle;
  return Refusal::kNone;
}

Changed reshape(ResourceEngine& engine, VertexId what, Links links, Room room) {
  const Changed changed = engine.reshape({{{what, std::move(links)}}, {}}, room);
  if (changed.refusal == Refusal::kNone) engine.settled();
  return changed;
}

Changed move(ResourceEngine& engine, VertexId what, std::span<const OwnerEdge> owners, Room room) {
  if (const Refusal refusal = check_change(engine, what); refusal != Refusal::kNone)
    return {refusal, {}};
  if (owners.empty()) return {Refusal::kNoOwner, {}};
  Links links;
  for (const OwnerEdge& edge : owners) {
    if (const Refusal refusal = check_owner_above(engine, edge.owner, what);
        refusal != Refusal::kNone)
      return {refusal, {}};
    if (std::any_of(links.begin(), links.end(),
                    [&](const Link& link) { return link.owner == edge.owner.slot; }))
      return {Refusal::kAlreadyOwned, {}};
    links.push_back({edge.owner.slot, edge.priority});
  }
  return reshape(engine, what, std::move(links), room);
}

Changed add_edge(ResourceEngine& engine, OwnerId owner, VertexId what, EdgePriority priority,
                 Room room) {
  if (const Refusal refusal = check_change(engine, what); refusal != Refusal::kNone)
    return {refusal, {}};
  if (const Refusal refusal = check_owner_above(engine, owner, what); refusal != Refusal::kNone)
    return {refusal, {}};
  Links links = engine.graph.links(what);
  if (std::any_of(links.begin(), links.end(),
                  [&](const Link& link) { return link.owner == owner.slot; }))
    return {Refusal::kAlreadyOwned, {}};
  links.push_back({owner.slot, priority});
  return reshape(engine, what, std::move(links), room);
}

AddedResource add(ResourceEngine& engine, OwnerId owner, const ResourceOptions& options,
                  Room room) {
  if (const Refusal refusal = check_new(engine, owner, options); refusal != Refusal::kNone)
    return {refusal, {}, {}};
  const AddedResource added = engine.admit(owner, options, room);
  if (added.refusal == Refusal::kNone) engine.settled();
  return added;
}

}  // namespace

ResourceManager::ResourceManager(NodeScheduler scheduler)
    : engine_(std::make_unique<ResourceEngine>(scheduler)) {}

ResourceManager::~ResourceManager() = default;

OwnerId ResourceManager::root() const { return {OwnershipGraph::kRoot, 1}; }
OwnerId ResourceManager::placeholder_owner() const { return {OwnershipGraph::kPlaceholder, 1}; }
OwnerId ResourceManager::temporary_owner() const { return {2, 1}; }

ResourceClass ResourceManager::define_class(ClassKind kind) {
  auto& classes = engine_->graph.classes;
  KADSIM_ASSERT(classes.size() < 65536, "too many classes of resources");
  const ResourceClass fresh{static_cast<std::uint16_t>(classes.size())};
  classes.emplace_back();
  classes.back().kind = kind;
  return fresh;
}

AddedOwner ResourceManager::add_owner(OwnerId above, const OwnerOptions& options) {
  if (engine_->notices.telling()) return {Refusal::kReentered, {}};
  if (!knows(*engine_, above)) return {Refusal::kUnknownOwner, {}};
  const std::uint32_t owner = engine_->add_owner(above.slot, options);
  return {Refusal::kNone, {owner, engine_->graph.owners[owner].generation}};
}

AddedResource ResourceManager::add_resource(OwnerId owner, const ResourceOptions& options) {
  return add(*engine_, owner, options, Room::kRevoke);
}

AddedResource ResourceManager::try_add(OwnerId owner, const ResourceOptions& options) {
  return add(*engine_, owner, options, Room::kAsItIs);
}

AddedOrWaiting ResourceManager::add_with_deadline(OwnerId owner, const ResourceOptions& options,
                                                  SimTime deadline) {
  if (const Refusal refusal = check_new(*engine_, owner, options); refusal != Refusal::kNone)
    return {refusal, {}, {}};
  const AddedOrWaiting added = engine_->wait(owner, options, deadline);
  // Admitting a leaf may have moved others; a waiter that has to queue leaves everything as it was.
  const bool waits = added.waiter.number != 0;
  engine_->settled(!waits);
  return added;
}

Refusal ResourceManager::cancel_wait(WaiterId waiter) {
  if (engine_->notices.telling()) return Refusal::kReentered;
  const bool held_others_back = engine_->waiters.is_urgent(waiter.number);
  if (!engine_->waiters.remove(waiter.number)) return Refusal::kUnknownWaiter;
  engine_->settled(held_others_back);
  return Refusal::kNone;
}

Changed ResourceManager::add_resource(OwnerId owner, VertexId what, EdgePriority priority) {
  return add_edge(*engine_, owner, what, priority, Room::kRevoke);
}

Changed ResourceManager::try_add(OwnerId owner, VertexId what, EdgePriority priority) {
  return add_edge(*engine_, owner, what, priority, Room::kAsItIs);
}

Changed ResourceManager::move_resource(VertexId what, OwnerId owner, EdgePriority priority) {
  const OwnerEdge edge{owner, priority};
  return move(*engine_, what, {&edge, 1}, Room::kRevoke);
}

Changed ResourceManager::try_move_resource(VertexId what, OwnerId owner, EdgePriority priority) {
  const OwnerEdge edge{owner, priority};
  return move(*engine_, what, {&edge, 1}, Room::kAsItIs);
}

Changed ResourceManager::try_move_resource(VertexId what, std::span<const OwnerEdge> owners) {
  return move(*engine_, what, owners, Room::kAsItIs);
}

Changed ResourceManager::drop_owner(OwnerId owner, VertexId what) {
  if (const Refusal refusal = check_change(*engine_, what); refusal != Refusal::kNone)
    return {refusal, {}};
  if (!knows(*engine_, owner)) return {Refusal::kUnknownOwner, {}};
  Links links = engine_->graph.links(what);
  if (std::erase_if(links, [&](const Link& link) { return link.owner == owner.slot; }) == 0)
    return {Refusal::kNotOwned, {}};
  if (links.empty()) return destroy(what);
  return reshape(*engine_, what, std::move(links), Room::kAsItIs);
}

Changed ResourceManager::try_resize(ResourceId what, Units units, std::uint32_t share) {
  if (const Refusal refusal = check_change(*engine_, what); refusal != Refusal::kNone)
    return {refusal, {}};
  if (units < 1) return {Refusal::kUnitsOutOfRange, {}};
  if (share < 1 || share > 256) return {Refusal::kShareOutOfRange, {}};
  if (engine_->graph.is_rate(engine_->graph.leaves[what.slot].resource_class))
    return {Refusal::kUnknownClass, {}};
  const Changed changed = engine_->resize(what.slot, units, share);
  if (changed.refusal == Refusal::kNone) engine_->settled();
  return changed;
}

Changed ResourceManager::destroy(VertexId what) {
  if (const Refusal refusal = check_change(*engine_, what); refusal != Refusal::kNone)
    return {refusal, {}};
  const Changed changed = engine_->destroy(what);
  if (changed.refusal == Refusal::kNone) engine_->settled();
  return changed;
}

Refusal ResourceManager::lost(ResourceId what) {
  if (const Refusal refusal = check_change(*engine_, what); refusal != Refusal::kNone)
    return refusal;
  engine_->end_leaf(what.slot, EndReason::kLost, false);
  engine_->settled();
  return Refusal::kNone;
}

Refusal ResourceManager::activate(VertexId what) {
  if (const Refusal refusal = check_change(*engine_, what); refusal != Refusal::kNone)
    return refusal;
  return engine_->activate(what);
}

Refusal ResourceManager::set_limit(OwnerId owner, ResourceClass resource_class, Limit limit) {
  if (engine_->notices.telling()) return Refusal::kReentered;
  if (!knows(*engine_, owner)) return Refusal::kUnknownOwner;
  if (const Refusal refusal = check_class(*engine_, resource_class); refusal != Refusal::kNone)
    return refusal;
  if (owner == placeholder_owner()) return Refusal::kPlaceholder;
  const bool rate = engine_->graph.is_rate(resource_class);
  if (limit.units < 0 || limit.burst < 0 || (!rate && limit.burst != 0))
    return Refusal::kLimitOutOfRange;
  engine_->set_limit(owner.slot, resource_class, limit);
  engine_->settled();
  return Refusal::kNone;
}

Refusal ResourceManager::remove_limit(OwnerId owner, ResourceClass resource_class) {
  if (engine_->notices.telling()) return Refusal::kReentered;
  if (!knows(*engine_, owner)) return Refusal::kUnknownOwner;
  if (const Refusal refusal = check_class(*engine_, resource_class); refusal != Refusal::kNone)
    return refusal;
  engine_->remove_limit(owner.slot, resource_class);
  engine_->settled();
  return Refusal::kNone;
}

LifetimeId ResourceManager::lifetime(VertexId what) {
  return knows(*engine_, what) ? engine_->lifetime(what) : LifetimeId{};
}

LifetimeId ResourceManager::derive(LifetimeId from) {
  if (engine_->notices.telling() || !engine_->lifetimes.alive(from)) return {};
  return engine_->lifetimes.derive(from);
}

Refusal ResourceManager::end(LifetimeId lifetime) {
  if (engine_->notices.telling()) return Refusal::kReentered;
  if (!engine_->lifetimes.alive(lifetime)) return Refusal::kUnknownLifetime;
  if (engine_->lifetimes.of_vertex(lifetime)) return Refusal::kLifetimeOfVertex;
  engine_->end_lifetime(lifetime);
  engine_->settled();
  return Refusal::kNone;
}

bool ResourceManager::alive(LifetimeId lifetime) const {
  return engine_->lifetimes.alive(lifetime);
}
bool ResourceManager::exists(VertexId what) const { return knows(*engine_, what); }

}  // namespace kadsim
