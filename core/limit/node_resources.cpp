#include "core/limit/node_resources.hpp"

#include "core/base/assert.hpp"

namespace kadsim {

NodeResources::NodeResources(NodeScheduler scheduler, const ManagerOptions& options, unsigned k)
    : options_(options), k_(k), manager_(scheduler) {
  const auto limit = [this](OwnerId owner, ResourceClass resource_class,
                            const std::optional<std::uint32_t>& units) {
    if (units.has_value()) manager_.set_limit(owner, resource_class, {.units = *units});
  };
  limit(manager_.root(), kStreams, options.limits.streams);
  limit(manager_.root(), kConnections, options.limits.connections);
  limit(manager_.temporary_owner(), kStreams, options.incoming);
  operations_owner_ = add_owner(manager_.root(), "operations", options.operation_priority, {});
  service_ = add_owner(manager_.root(), "service", options.service_priority,
                       {.streams = options.service, .connections = {}});
  buckets_owner_ = add_owner(manager_.root(), "buckets", options.bucket_priority, {});
  idle_ = add_owner(manager_.root(), "idle", EdgePriority::of(0), {});
}

OwnerId NodeResources::add_owner(OwnerId above, const char* name, EdgePriority priority,
                                 const OwnerLimits& limits) {
  const AddedOwner added = manager_.add_owner(above, {.name = name, .priority = priority});
  KADSIM_ASSERT(added.refusal == Refusal::kNone, "an owner could not be made");
  if (limits.streams.has_value()) {
    manager_.set_limit(added.owner, kStreams, {.units = *limits.streams});
  }
  if (limits.connections.has_value()) {
    manager_.set_limit(added.owner, kConnections, {.units = *limits.connections});
  }
  return added.owner;
}

OwnerId NodeResources::operation(std::uint64_t key) {
  const auto [at, fresh] = operations_.try_emplace(key);
  if (fresh) at->second.owner = add_owner(operations_owner_, "operation", {}, options_.operation);
  return at->second.owner;
}

OwnerId NodeResources::bucket(unsigned index) {
  const auto [at, fresh] = buckets_.try_emplace(index);
  if (fresh) {
    at->second = add_owner(buckets_owner_, "bucket", {}, {.streams = {}, .connections = k_});
  }
  return at->second;
}

void NodeResources::unclaim(std::uint64_t key) {
  const auto at = operations_.find(key);
  KADSIM_ASSERT(at != operations_.end() && at->second.claims > 0, "a claim ends twice");
  if (--at->second.claims == 0 && at->second.over) end(at);
}

void NodeResources::operation_over(std::uint64_t key) {
  const auto at = operations_.find(key);
  if (at == operations_.end()) return;
  at->second.over = true;
  if (at->second.claims == 0) end(at);
}

void NodeResources::end(std::map<std::uint64_t, Operation>::iterator operation) {
  const Changed ended = manager_.destroy(operation->second.owner);
  KADSIM_ASSERT(ended.refusal == Refusal::kNone, "an operation's owner could not end");
  operations_.erase(operation);
}

NodeResources& ResourcesByNode::of(PeerRef node) {
  return managers_.of(node, parts_.scheduler.of(node.value), parts_.options, parts_.k);
}

NodeResources* ResourcesByNode::find(PeerRef node) { return managers_.find(node); }

}  // namespace kadsim
