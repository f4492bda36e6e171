#include "core/table/nearest_contacts.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace kadsim {
namespace {

constexpr std::size_t kFew = 64;

// Eight numbers that are compared at once: the width that every x86-64 and ARM64 has. Signed ones,
// since that is what small vector units compare. (A vector type of g++ and clang++: an element of
// `a < b` is -1 where that holds, else 0.)
using Lanes [[gnu::vector_size(16)]] = std::int16_t;
constexpr std::size_t kLanes = sizeof(Lanes) / sizeof(std::int16_t);

// One for each contact, the last vector filled up.
union Numbers {
  std::int16_t each[kFew];
  Lanes lanes[kFew / kLanes];
};

// smaller.each[i] = how many keys are smaller than keys.each[i], for as many vectors of them as
// stay in registers meanwhile, from `first` on.
template <std::size_t kVectors>
void count_smaller(const Numbers& keys, std::size_t count, std::size_t first, Numbers& smaller) {
  Lanes own[kVectors];
  Lanes below[kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) {
    own[v] = keys.lanes[first + v];
    below[v] = Lanes{};
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::int16_t key = keys.each[i];
    const Lanes other{key, key, key, key, key, key, key, key};
    for (std::size_t v = 0; v < kVectors; ++v) below[v] -= other < own[v];
  }
  for (std::size_t v = 0; v < kVectors; ++v) smaller.lanes[first + v] = below[v];
}

void count_smaller(const Numbers& keys, std::size_t count, std::size_t vectors, Numbers& smaller) {
  std::size_t first = 0;
  for (; vectors - first >= 3; first += 3) count_smaller<3>(keys, count, first, smaller);
  if (vectors - first == 2) count_smaller<2>(keys, count, first, smaller);
  if (vectors - first == 1) count_smaller<1>(keys, count, first, smaller);
}

// The way for any number of contacts.
void append_sorted(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                   std::size_t count, ContactsByDistance& out) {
  out.reserve(out.size() + count);
  thread_local std::vector<PeerRef> sorted;
  sorted.assign(contacts.begin(), contacts.end());
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(count);
  const auto distance = [&](PeerRef peer) { return book.upper_word(peer) ^ target.upper_word(); };
  const auto nearer_first = [&](PeerRef a, PeerRef b) { return book.nearer(target, a, b); };
  std::partial_sort(sorted.begin(), end, sorted.end(), nearer_first);
  std::transform(sorted.begin(), end, out.end(),
                 [&](PeerRef peer) { return NearContact(peer, distance(peer)); });
  out.grow(count);
}

// Contacts, not filled to begin with, which would cost as much as sorting.
union Peers {
  Peers() {}
  PeerRef each[kFew];
};

// Pre: count <= contacts.size() <= kFew.
void append_few(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                std::size_t count, ContactsByDistance& out) {
  out.reserve(out.size() + count);
  const std::size_t size = contacts.size();
  // Whole vectors: what lies behind the last contact does not matter.
  std::uint64_t distances[kFew + kLanes];
  std::uint64_t either = 0;                // bits that some distance has,
  std::uint64_t both = ~std::uint64_t{0};  // and that all have
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t distance = book.upper_word(contacts[i]) ^ target.upper_word();
    distances[i] = distance;
    either |= distance;
    both &= distance;
  }
  std::fill_n(distances + size, kLanes, std::uint64_t{0});
  // The 16 bits behind those that all distances share tell nearly all apart.
  const std::uint64_t differing = either & ~both;
  const int shared = differing == 0 ? 0 : std::countl_zero(differing);
  const std::size_t vectors = (size + kLanes - 1) / kLanes;
  Numbers keys;
  for (std::size_t i = 0; i < vectors * kLanes; ++i) {
    keys.each[i] = static_cast<std::int16_t>((distances[i] << shared >> 48) ^ 0x8000U);
  }
  Numbers places;
  count_smaller(keys, size, vectors, places);

  Peers peers;
  std::uint64_t sorted[kFew];
  std::size_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const auto place = static_cast<std::size_t>(places.each[i]);
    peers.each[place] = contacts[i];
    sorted[place] = distances[i];
    sum += place;
  }
  // Two contacts with equal keys get the same place, so the sum of places is less than it should
  // be.
  if (sum != size * (size - 1) / 2) {
    append_sorted(contacts, book, target, count, out);
    return;
  }
  NearContact* const end = out.end();
  for (std::size_t i = 0; i < count; ++i) end[i] = {peers.each[i], sorted[i]};
  out.grow(count);
}

}  // namespace

void append_nearest(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                    std::size_t count, ContactsByDistance& out) {
  count = std::min(count, contacts.size());
  if (count == 0) return;
  if (contacts.size() <= kFew) {
    append_few(contacts, book, target, count, out);
  } else {
    append_sorted(contacts, book, target, count, out);
  }
}

}  // namespace kadsim
