#include "sim/world/identities.hpp"

#include "core/base/input_error.hpp"
#include "core/random/random_stream.hpp"
#include "sim/world/parallel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>

namespace kadsim {
namespace {

// The first `bits` bits of `key`, then those of `drawn`.
Hash with_prefix(const Hash& key, unsigned bits, const Hash& drawn) {
  Hash::Words words{};
  for (unsigned i = 0; i < words.size(); ++i) {
    const unsigned kept = std::clamp(bits, 64 * i, 64 * (i + 1)) - 64 * i;
    const std::uint64_t of_key = kept == 0 ? 0 : ~std::uint64_t{0} << (64 - kept);
    words[i] = (key.words()[i] & of_key) | (drawn.words()[i] & ~of_key);
  }
  return Hash(words);
}

void check_count(const IdentityOptions& options, std::uint64_t nodes) {
  std::uint64_t left = nodes;
  const auto take = [&](std::uint64_t count) {
    if (count > left) {
      throw InputError(fmt::format(
          "identities: more are chosen than the network has nodes (want at most {})", nodes));
    }
    left -= count;
  };
  take(options.hashes.size());
  for (const PrefixIdentities& prefix : options.prefixes) {
    if (prefix.bits > Hash::kBits) {
      throw InputError(fmt::format("identities: a prefix of {} bits (want at most {})", prefix.bits,
                                   Hash::kBits));
    }
    take(prefix.count);
  }
}

void check_distinct(const std::vector<Hash>& chosen) {
  std::vector<std::size_t> births(chosen.size());
  std::iota(births.begin(), births.end(), std::size_t{0});
  std::sort(births.begin(), births.end(), [&](std::size_t a, std::size_t b) {
    return chosen[a] != chosen[b] ? chosen[a] < chosen[b] : a < b;
  });
  const auto same =
      std::adjacent_find(births.begin(), births.end(),
                         [&](std::size_t a, std::size_t b) { return chosen[a] == chosen[b]; });
  if (same == births.end()) return;
  throw InputError(
      fmt::format("identities: {} is chosen twice, for births {} and {} (want each once)",
                  chosen[*same].hex(), same[0], same[1]));
}

}  // namespace

std::vector<Hash> chosen_identities(const IdentityOptions& options, std::uint64_t nodes,
                                    std::uint64_t seed, std::uint32_t replica) {
  check_count(options, nodes);
  std::vector<Hash> chosen = options.hashes;
  const RandomStream stream(seed, replica, "network.identities");
  for (const PrefixIdentities& prefix : options.prefixes) {
    for (std::uint64_t i = 0; i < prefix.count; ++i) {
      const Hash drawn(stream.block({chosen.size(), 0, 0}));
      chosen.push_back(with_prefix(prefix.key, prefix.bits, drawn));
    }
  }
  check_distinct(chosen);
  return chosen;
}

void require_generated_are_new(std::span<const Hash> by_birth, std::size_t chosen) {
  std::vector<Hash> sorted(by_birth.begin(),
                           by_birth.begin() + static_cast<std::ptrdiff_t>(chosen));
  std::sort(sorted.begin(), sorted.end());
  constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();
  std::atomic<std::uint64_t> lowest{kNone};
  parallel_ranges(by_birth.size() - chosen, 4096, [&](std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t birth = chosen + first; birth < chosen + last; ++birth) {
      if (!std::binary_search(sorted.begin(), sorted.end(), by_birth[birth])) continue;
      std::uint64_t known = lowest;
      while (birth < known && !lowest.compare_exchange_weak(known, birth)) {
      }
      return;
    }
  });
  if (lowest == kNone) return;
  throw InputError(fmt::format(
      "identities: {} is chosen, and is the generated hash of birth {} (want another hash)",
      by_birth[lowest].hex(), lowest.load()));
}

}  // namespace kadsim
