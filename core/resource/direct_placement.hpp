#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/resource/placement_trial.hpp"

namespace kadsim {

/// Where there is room for a leaf as things are, nothing else being moved: a path with room at
/// every owner, higher edge priority first, then older edge, backing out of dead ends once each; or
/// (kAll) all owners above if each has room. None if there is none; then `blocked`, if given, says
/// who was full. O(owners above), O(depth) where nobody is full.
///
/// `avoid`: owners that do not count as having room.
std::optional<Route> find_room(const PlacementTrial& trial, std::uint32_t leaf,
                               std::uint32_t share = 256, Blocked* blocked = nullptr,
                               const std::vector<std::uint32_t>& avoid = {});

/// The owners that a leaf would be charged to on some path, and that have no room for it.
std::vector<std::uint32_t> full_owners(const PlacementTrial& trial, std::uint32_t leaf);

}  // namespace kadsim
