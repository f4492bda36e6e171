#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "sim/world/identity_options.hpp"

namespace kadsim {

/// The chosen hashes of a network of `nodes` nodes: item b is the hash of the node born as number
/// b. The rest of a hash that shares a prefix with a key is the draw of the stream
/// `network.identities` with the key (b, 0, 0), its 256 bits in the order of the words.
/// Throws InputError if more are chosen than there are nodes, if a prefix is longer than 256 bits,
/// or if two of the hashes are the same. O(m log m) for m chosen identities.
[[nodiscard]] std::vector<Hash> chosen_identities(const IdentityOptions& options,
                                                  std::uint64_t nodes, std::uint64_t seed,
                                                  std::uint32_t replica);

/// Throws InputError if a generated hash is one of the chosen. `by_birth` holds the hashes of all
/// nodes, the first `chosen` of them chosen. By all cores of the caller's TBB arena; the message
/// names the lowest such birth, on any number of them. O(n log m).
void require_generated_are_new(std::span<const Hash> by_birth, std::size_t chosen);

}  // namespace kadsim
