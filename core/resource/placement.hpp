#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/resource/placement_trial.hpp"

namespace kadsim {

/// Some leaves of one class that want to be charged.
struct Newcomers {
  std::span<const std::uint32_t> leaves;
  std::uint32_t share = 256;  ///< below 256 nothing is re-homed for them
};

/// Finds a place for all `newcomers` in `trial`, where they are not charged yet, and for what is
/// charged there at owners over full. True: they are charged, and nobody is over full. False: the
/// trial is as it was. In this order: where there is room as things are; then, unless no vertex has
/// several owners, with equal units by FlowPlacement, which misses nothing; otherwise by
/// `rehome_greedily`.
bool settle(PlacementTrial& trial, const Newcomers& newcomers, Blocked* blocked = nullptr);

/// Makes room by moving leaves charged to a full owner, lowest first, to paths without full owners:
/// at most ResourceManager::kMaxRehomed of them, each once. May miss a way; leaves the trial in any
/// state when false.
bool rehome_greedily(PlacementTrial& trial, const Newcomers& newcomers);

/// Places the newcomers in `trial` and removes from it who has to give way, by the rule of
/// ResourceManager; they are returned, lowest first. None: the newcomers would not fit, or only by
/// displacing others that do not rank below all of them; the trial is then in any state.
/// Without newcomers: somebody is over full, and there is always an answer.
std::optional<std::vector<std::uint32_t>> make_room(PlacementTrial& trial,
                                                    const Newcomers& newcomers);

}  // namespace kadsim
