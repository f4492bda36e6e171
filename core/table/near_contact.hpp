#pragma once

#include <bit>
#include <cstdint>

#include "core/table/peer.hpp"

namespace kadsim {

/// A contact and its XOR distance to some target, rounded, in 64 bits: what answers bring and
/// lookups keep, half a dozen to a cache line more than with full hashes, and no hash to look up.
///
/// The distance is rounded down to 27 significant bits: 6 bits say where its leading one is, and 26
/// bits follow it. The contact with the smaller rounded distance is nearer. Two contacts rounded
/// alike are twins: one pair in 2^26 of those between two powers of two, which only their full
/// hashes can tell apart.
class NearContact {
 public:
  /// No contact; its distance is greater than that of every contact.
  constexpr NearContact() = default;
  /// `distance`: the upper 64 bits of it.
  NearContact(PeerRef peer, std::uint64_t distance)
      : bits_((static_cast<std::uint64_t>(rounded(distance)) << 32) | peer.value) {}

  [[nodiscard]] constexpr PeerRef peer() const { return {static_cast<std::uint32_t>(bits_)}; }
  [[nodiscard]] constexpr std::uint32_t rounded_distance() const {
    return static_cast<std::uint32_t>(bits_ >> 32);
  }
  /// Converts to the contact, for callers to which the distance does not matter.
  constexpr operator PeerRef() const { return peer(); }

  friend constexpr bool operator==(NearContact, NearContact) = default;

  /// Of the upper 64 bits of a distance. Of those the last 13 don't count: among 2^32 nodes the
  /// nearest to a target is some 2^32 away.
  [[nodiscard]] static constexpr std::uint32_t rounded(std::uint64_t distance) {
    // A double is made of just that, leading one first, and holds 52 bits exactly. This is how to
    // make one of them in steps that every vector unit knows: 2^52 and as many, less 2^52.
    constexpr auto kPower = std::bit_cast<std::uint64_t>(0x1p52);
    const double number = std::bit_cast<double>((distance >> 12) | 1 | kPower) - 0x1p52;
    return static_cast<std::uint32_t>((std::bit_cast<std::uint64_t>(number) - kOne) >> 26);
  }

 private:
  static constexpr auto kOne = std::bit_cast<std::uint64_t>(1.0);

  std::uint64_t bits_ = ~std::uint64_t{0};
};

}  // namespace kadsim
