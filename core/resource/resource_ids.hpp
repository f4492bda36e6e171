#pragma once

#include <cstdint>

namespace kadsim {

/// Names a vertex of a ResourceManager. The default one names nothing and is safe to pass; one
/// whose vertex has ended names nothing either, as slots are handed out again under another
/// generation.
struct OwnerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< 0 never names a vertex

  bool operator==(const OwnerId&) const = default;
};

/// A leaf: so many units of a class.
struct ResourceId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  bool operator==(const ResourceId&) const = default;
};

/// Either of the two, where a call takes any vertex.
struct VertexId {
  enum class Kind : std::uint8_t { kOwner, kResource };

  VertexId() = default;
  VertexId(OwnerId owner)  // NOLINT(google-explicit-constructor): an owner is a vertex
      : kind(Kind::kOwner), slot(owner.slot), generation(owner.generation) {}
  VertexId(ResourceId resource)  // NOLINT(google-explicit-constructor): so is a resource
      : kind(Kind::kResource), slot(resource.slot), generation(resource.generation) {}

  [[nodiscard]] bool is_owner() const { return kind == Kind::kOwner; }
  /// Pre: is_owner().
  [[nodiscard]] OwnerId owner() const { return {slot, generation}; }
  /// Pre: !is_owner().
  [[nodiscard]] ResourceId resource() const { return {slot, generation}; }

  bool operator==(const VertexId&) const = default;

  Kind kind = Kind::kOwner;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

/// A waiter in `add_with_deadline`. Numbers are never used again.
struct WaiterId {
  std::uint64_t number = 0;  ///< 0 names no waiter

  bool operator==(const WaiterId&) const = default;
};

/// See "Lifetimes" at ResourceManager.
struct LifetimeId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  bool operator==(const LifetimeId&) const = default;
};

}  // namespace kadsim
