#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/resource/placement_trial.hpp"

namespace kadsim {

/// Leaves of one class that are to be charged.
struct Newcomers {
  std::span<const std::uint32_t> leaves;
  std::uint32_t share = 256;  ///< below 256 no other leaf is moved for them
};

/// Finds a place for all `newcomers` in `trial`, where they are not charged yet, and for the leaves
/// charged there to owners that are over their limits. True: the newcomers are charged, and no
/// owner is over its limit. False: the trial is as it was. Room that needs no move is tried first.
/// Then, if any vertex has several owners, other leaves are moved: by FlowPlacement, which misses
/// no way, if all units are equal, and else by `rehome_greedily`.
bool settle(PlacementTrial& trial, const Newcomers& newcomers, Blocked* blocked = nullptr);

/// Makes room by moving leaves charged to a full owner, lowest first, to paths without full owners:
/// at most ResourceManager::kMaxRehomed of them, each once. It may miss a way; if it returns false,
/// the trial is left in any state.
bool rehome_greedily(PlacementTrial& trial, const Newcomers& newcomers);

/// Places the newcomers in `trial`, removes the victims from it by the rule of ResourceManager, and
/// returns the victims, lowest first. None: the newcomers would not fit, or only by displacing
/// leaves that do not rank below all of them; the trial is then in any state.
/// Without newcomers an owner is over its limit, and there is always an answer.
std::optional<std::vector<std::uint32_t>> make_room(PlacementTrial& trial,
                                                    const Newcomers& newcomers);

}  // namespace kadsim
