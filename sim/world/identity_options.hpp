#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/hash/hash.hpp"

namespace kadsim {

/// So many nodes close to a key: their hashes begin with the key's first `bits` bits, and the rest
/// is drawn (docs/determinism.md, stream `network.identities`).
struct PrefixIdentities {
  Hash key;
  unsigned bits = 0;  ///< 0 to 256
  std::uint64_t count = 0;
};

/// Identities that are chosen, for attacks and for tables read from elsewhere; the nodes beyond
/// them are named by the rule of the design. Chosen nodes are born first: those of `hashes` in the
/// order given, then those of each item of `prefixes` in turn. So the node of any later birth has
/// the hash that it has in a network without chosen identities. By default none are chosen.
struct IdentityOptions {
  std::vector<Hash> hashes;
  std::vector<PrefixIdentities> prefixes;
  /// A list of hashes that is read into `hashes` before a network is made; a network looks only at
  /// `hashes`.
  std::optional<std::string> file;

  [[nodiscard]] bool any() const { return !hashes.empty() || !prefixes.empty(); }
};

}  // namespace kadsim
