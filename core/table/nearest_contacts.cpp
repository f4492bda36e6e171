#include "core/table/nearest_contacts.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace kadsim {
namespace {

constexpr std::size_t kMost = 64;

// Four numbers that are compared at once: the width that every x86-64 and ARM64 has. Signed ones,
// since that is what small vector units compare. (A vector type of g++ and clang++: an element of
// `a < b` is -1 where that holds, else 0.)
using Lanes [[gnu::vector_size(16)]] = std::int32_t;
constexpr std::size_t kLanes = sizeof(Lanes) / sizeof(std::int32_t);
constexpr std::size_t kAtATime = 2 * kLanes;

// Distances as 32-bit numbers.
union Keys {
  std::int32_t each[kMost];
  Lanes lanes[kMost / kLanes];
};

// A union starts without being filled, which would cost as much as the sorting of few.
union Places {
  Places() {}
  PeerRef peers[kMost];
};

// Upper 32 bits of the distance behind those that all contacts share.
std::int32_t key_of(std::uint64_t distance, unsigned shared) {
  const std::uint64_t bits = shared < 64 ? distance << shared : 0;
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(bits >> 32) ^ 0x80000000U);
}

// sorted[i] = the contact with i smaller keys. False if two have one key.
bool sort_by_counting(std::span<const PeerRef> contacts, const Keys& keys, Places& sorted) {
  const std::size_t count = contacts.size();
  std::uint64_t taken = 0;
  for (std::size_t first = 0; first < count; first += kAtATime) {
    const Lanes low = keys.lanes[first / kLanes];
    const Lanes high = keys.lanes[first / kLanes + 1];
    union {
      Lanes lanes[2];
      std::int32_t each[kAtATime];
    } smaller{};
    Lanes below_low{};
    Lanes below_high{};
    for (std::size_t i = 0; i < count; ++i) {
      const std::int32_t key = keys.each[i];
      const Lanes other{key, key, key, key};
      below_low -= other < low;
      below_high -= other < high;
    }
    smaller.lanes[0] = below_low;
    smaller.lanes[1] = below_high;
    const std::size_t used = std::min(kAtATime, count - first);
    for (std::size_t lane = 0; lane < used; ++lane) {
      const auto place = static_cast<std::size_t>(smaller.each[lane]);
      sorted.peers[place] = contacts[first + lane];
      taken |= std::uint64_t{1} << place;
    }
  }
  return taken == ~std::uint64_t{0} >> (kMost - count);
}

// The way that always works.
void append_sorted(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                   std::size_t count, std::vector<PeerRef>& out) {
  thread_local std::vector<PeerRef> sorted;
  sorted.assign(contacts.begin(), contacts.end());
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
  if (contacts.size() == 1) {
    if (count == 1) out.push_back(contacts.front());
    return;
  }
  if (contacts.size() > kMost) {
    append_sorted(contacts, book, target, count, out);
    return;
  }
  Keys keys;
  std::size_t last = 0;
  for (; last < contacts.size(); ++last) {
    keys.each[last] = key_of(book.upper_word(contacts[last]) ^ target.upper_word(), shared);
  }
  for (; last % kAtATime != 0; ++last) keys.each[last] = std::numeric_limits<std::int32_t>::max();
  Places sorted;
  if (sort_by_counting(contacts, keys, sorted)) {
    out.insert(out.end(), sorted.peers, sorted.peers + count);
  } else {
    append_sorted(contacts, book, target, count, out);
  }
}

}  // namespace kadsim
