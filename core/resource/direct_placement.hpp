#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/resource/placement_trial.hpp"

namespace kadsim {

/// Finds the owners that a leaf can be charged to without moving any other leaf. Under kOne that is
/// a path with room at every owner; edges of higher priority are tried first, then older ones, and
/// each dead end is entered once. Under kAll it is all owners above, if each has room. None if
/// there is no such room; then `blocked`, if given, is set to the full owner that was met first.
/// O(owners above), or O(depth) where no owner is full.
///
/// `avoid`: owners that are taken to have no room.
std::optional<Route> find_room(const PlacementTrial& trial, std::uint32_t leaf,
                               std::uint32_t share = 256, Blocked* blocked = nullptr,
                               const std::vector<std::uint32_t>& avoid = {});

/// The owners that a leaf would be charged to on some path, and that have no room for it.
std::vector<std::uint32_t> full_owners(const PlacementTrial& trial, std::uint32_t leaf);

}  // namespace kadsim
