#pragma once

#include <cstddef>
#include <span>

#include "core/hash/hash.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// Appends to `out` the `count` contacts nearest to `target`, nearest first; all of them if there
/// are no more. Pre: no contact twice. For any number n of contacts, O(n log n); up to 64, as
/// tables nearly always name, it takes O(n^2), which is faster: the place of a contact is the
/// number of nearer ones, counted without a branch, several at a time.
void append_nearest(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                    std::size_t count, ContactsByDistance& out);

}  // namespace kadsim
