#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// Appends to `out` the `count` contacts nearest to `target`, nearest first; all of them if there
/// are no more. Pre: contacts is not empty, no contact twice.
///
/// `shared`: the contacts share at least so many upper bits with each other (those of bucket b
/// share b + 1), so that the bits behind them tell most contacts apart. It is for speed only.
///
/// O(n^2) for up to 64 contacts, which is faster than sorting them: the place of a contact is the
/// number of nearer ones, counted without a branch, several at a time. O(n log n) for more.
void append_nearest(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                    unsigned shared, std::size_t count, std::vector<PeerRef>& out);

}  // namespace kadsim
