#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/resource/go_libp2p/limits.hpp"
#include "core/resource/resource_manager.hpp"

namespace kadsim::go_libp2p {

/// The accounts of the scopes: a ResourceManager with an owner for each scope, which charges all
/// above, and a class for each kind. Nothing here revokes, waits, or knows what a scope is.
///
/// A call is refused only for lack of room; any other refusal of the graph is a mistake of ours.
class ScopeAccounts {
 public:
  /// See ResourceManager. Borrows both.
  explicit ScopeAccounts(NodeScheduler scheduler);

  /// An owner below others, at least one. It charges all above whatever the options say of that.
  OwnerId open(OwnerOptions options, std::span<const OwnerId> above);
  /// Ends an owner, with all that is held in it.
  void close(OwnerId owner);

  /// Sets the limits of those kinds. The graph revokes where a limit falls below what is held,
  /// which go-libp2p does not do: there the owner keeps what it has as its limit, which follows as
  /// that shrinks (see `settle`).
  void set_limits(OwnerId owner, std::span<const Kind> kinds, const Limits& limits);

  /// One of each of these kinds, or none.
  [[nodiscard]] bool hold(OwnerId owner, std::span<const Kind> kinds);
  /// Memory held in an owner: from `leaf`, which may name nothing, to `bytes`; 0 ends the leaf.
  /// Growing is refused if more than share/256 of a limit would be used.
  [[nodiscard]] bool resize_memory(OwnerId owner, ResourceId& leaf, std::int64_t bytes,
                                   std::uint32_t share);
  /// From now on these owners, and no others, own `owner` with all below it.
  [[nodiscard]] bool move(OwnerId owner, std::span<const OwnerId> above);

  [[nodiscard]] std::int64_t used(OwnerId owner, Kind kind) const;
  /// The memory held in this leaf; 0 if it names nothing.
  [[nodiscard]] std::int64_t held(ResourceId leaf) const;
  [[nodiscard]] const ResourceManager& graph() const { return graph_; }

 private:
  /// An owner that holds more than its limit.
  struct Overfull {
    OwnerId owner;
    Kind kind;
    std::int64_t limit;
  };

  [[nodiscard]] ResourceClass class_of(Kind kind) const { return classes_[kind]; }
  void cap(OwnerId owner, Kind kind, std::int64_t limit);
  /// Lowers the limits of overfull owners to what they hold now. O(overfull), mostly none.
  void settle();

  ResourceManager graph_;
  PerKind<ResourceClass> classes_;
  std::vector<Overfull> overfull_;
};

}  // namespace kadsim::go_libp2p
