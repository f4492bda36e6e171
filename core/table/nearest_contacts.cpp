#include "core/table/nearest_contacts.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace kadsim {
namespace {

constexpr std::size_t kMost = 64;
constexpr std::size_t kLanes = 8;  // places that are counted at a time

// Distances, as 32-bit numbers. Signed, since that is what small vector units compare.
using Keys = std::array<std::int32_t, kMost>;

// Upper 32 bits of the distance behind those that all contacts share.
std::int32_t key_of(std::uint64_t distance, unsigned shared) {
  const std::uint64_t bits = shared < 64 ? distance << shared : 0;
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(bits >> 32) ^ 0x80000000U);
}

// sorted[i] = the contact with i smaller keys. False if two have one key.
bool sort_by_counting(std::span<const PeerRef> contacts, const Keys& keys,
                      std::array<PeerRef, kMost>& sorted) {
  std::uint64_t taken = 0;
  for (std::size_t first = 0; first < contacts.size(); first += kLanes) {
    std::array<std::int32_t, kLanes> smaller{};
    for (std::size_t other = 0; other < contacts.size(); ++other) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        smaller[lane] += keys[other] < keys[first + lane] ? 1 : 0;
      }
    }
    const std::size_t used = std::min(kLanes, contacts.size() - first);
    for (std::size_t lane = 0; lane < used; ++lane) {
      const auto place = static_cast<std::size_t>(smaller[lane]);
      sorted[place] = contacts[first + lane];
      taken |= std::uint64_t{1} << place;
    }
  }
  const std::uint64_t all = ~std::uint64_t{0} >> (kMost - contacts.size());
  return taken == all;
}

void append_sorted(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                   std::size_t count, std::vector<PeerRef>& out) {
  std::vector<PeerRef> sorted(contacts.begin(), contacts.end());
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(count);
  const auto nearer_first = [&](PeerRef a, PeerRef b) {
    const std::uint64_t to_a = book.upper_word(a) ^ target.upper_word();
    const std::uint64_t to_b = book.upper_word(b) ^ target.upper_word();
    return to_a != to_b ? to_a < to_b : nearer(target, book.hash(a), book.hash(b));
  };
  std::partial_sort(sorted.begin(), end, sorted.end(), nearer_first);
  out.insert(out.end(), sorted.begin(), end);
}

}  // namespace

void append_nearest(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                    unsigned shared, std::size_t count, std::vector<PeerRef>& out) {
  count = std::min(count, contacts.size());
  if (contacts.size() <= 1) {
    out.insert(out.end(), contacts.begin(), contacts.end());
    return;
  }
  if (contacts.size() <= kMost) {
    Keys keys;
    std::size_t last = 0;
    for (; last < contacts.size(); ++last) {
      keys[last] = key_of(book.upper_word(contacts[last]) ^ target.upper_word(), shared);
    }
    for (; last % kLanes != 0; ++last) keys[last] = std::numeric_limits<std::int32_t>::max();
    std::array<PeerRef, kMost> sorted;
    if (sort_by_counting(contacts, keys, sorted)) {
      out.insert(out.end(), sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count));
      return;
    }
  }
  append_sorted(contacts, book, target, count, out);
}

}  // namespace kadsim
