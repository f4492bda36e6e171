#pragma once

#include <cstdint>
#include <map>

#include "core/base/per_node.hpp"
#include "core/limit/client_resources.hpp"
#include "core/resource/resource_manager.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// The resource manager of one node, and its owners.
///
///     root                      limits of the node
///       operations              an owner for each operation, with limits of its own
///       service                 what the node does for others
///       temporary owner         what came in and is not served yet
///       buckets                 an owner for each k-bucket, of at most k connections
///       idle                    connections without another owner, of priority 0
///
/// Owners of operations and buckets are made when first asked for. An operation's owner ends when
/// the operation is over and the last of its claims has ended.
class NodeResources {
 public:
  NodeResources(NodeScheduler scheduler, const ManagerOptions& options, unsigned k);

  [[nodiscard]] ResourceManager& manager() { return manager_; }
  [[nodiscard]] OwnerId service() const { return service_; }
  [[nodiscard]] OwnerId idle() const { return idle_; }
  OwnerId operation(std::uint64_t key);
  OwnerId bucket(unsigned index);
  /// Operations that have an owner.
  [[nodiscard]] std::size_t operations() const { return operations_.size(); }
  /// Buckets that have an owner, in the order of their index.
  [[nodiscard]] const std::map<unsigned, OwnerId>& buckets() const { return buckets_; }

  /// A claim of the operation's begins or ends: a stream held or waited for, a connection likewise.
  void claim(std::uint64_t key) { ++operations_.at(key).claims; }
  void unclaim(std::uint64_t key);
  /// The operation is over. Nothing happens if it never had an owner.
  void operation_over(std::uint64_t key);

 private:
  struct Operation {
    OwnerId owner;
    std::uint32_t claims = 0;
    bool over = false;
  };
  void end(std::map<std::uint64_t, Operation>::iterator operation);
  OwnerId add_owner(OwnerId above, const char* name, EdgePriority priority,
                    const OwnerLimits& limits);

  ManagerOptions options_;
  unsigned k_;
  ResourceManager manager_;
  OwnerId operations_owner_;
  OwnerId service_;
  OwnerId buckets_owner_;
  OwnerId idle_;
  std::map<std::uint64_t, Operation> operations_;
  std::map<unsigned, OwnerId> buckets_;
};

/// The managers of all nodes that ever needed one.
class ResourcesByNode {
 public:
  struct Parts {
    NetworkScheduler& scheduler;
    ManagerOptions options;
    unsigned k = 20;
  };
  explicit ResourcesByNode(const Parts& parts) : parts_(parts) {}

  NodeResources& of(PeerRef node);
  /// Null if the node never needed one.
  [[nodiscard]] NodeResources* find(PeerRef node);

 private:
  Parts parts_;
  PerNode<NodeResources> managers_;
};

}  // namespace kadsim
