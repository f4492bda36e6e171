#pragma once

#include <cstdint>

#include "core/resource/ownership_graph.hpp"

namespace kadsim {

/// What changed edges above a leaf mean for how it is charged.
enum class Displacement : std::uint8_t {
  kNone,           ///< it is charged in a way that is left, or rightly not at all
  kToAnotherWay,   ///< its way is gone, or it has left the placeholder and has none yet
  kToPlaceholder,  ///< it has come under the placeholder, where nothing is charged
};

/// Compares how the leaf is charged with the edges that there are now. A rate leaf that has taken
/// its units is never displaced: they are used up, wherever it is. Pre: the leaf has an owner.
/// O(owners above it).
[[nodiscard]] Displacement displacement(const OwnershipGraph& graph, std::uint32_t leaf);

/// Whether the vertex, and each below it, is on one side of the placeholder's border: with owners
/// that all stand under the placeholder or all beside it, and, if the placeholder is one of them,
/// without another. Pre: the vertex has an owner. O(vertices below and their edges).
[[nodiscard]] bool placeholder_is_apart(const OwnershipGraph& graph, VertexId vertex);

}  // namespace kadsim
