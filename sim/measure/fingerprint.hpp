#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/wide.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// The outcome of an RPC or of an operation, as it enters the fingerprint. The recorder decides
/// what the numbers of `kind` and `outcome` mean; they must not change between versions whose
/// fingerprints are to agree.
struct FingerprintRecord {
  SimTime time;                 ///< of the outcome
  std::uint64_t node = 0;       ///< birth number
  std::uint32_t kind = 0;       ///< of the RPC or operation
  std::uint64_t operation = 0;  ///< key: entry and index
  std::uint32_t attempt = 0;    ///< ordinal within the operation
  std::uint32_t outcome = 0;

  static constexpr std::size_t kBytes = 36;
  /// The fields in the order above, each little-endian in its full width, without padding.
  [[nodiscard]] std::array<unsigned char, kBytes> serialised() const;
};

/// What a run did, in 128 bits: the sum modulo 2^128 of the XXH3-128 (seed 0) of the 36 bytes of
/// each record.
///
/// The sum does not depend on the order of the records, nor on how they were split into parts that
/// were merged. Equal records count as often as they are added. It detects accidents, not malice.
/// Source: XXH3 by Yann Collet, 128-bit variant, through libxxhash; its output is frozen since
/// 0.8.0.
class Fingerprint {
 public:
  /// Allocates nothing and takes some nanoseconds.
  void add(const FingerprintRecord& record);
  void merge(const Fingerprint& other) { sum_ += other.sum_; }

  /// 32 lower-case hexadecimal digits, the most significant first; zeros if nothing was added.
  [[nodiscard]] std::string hex() const;

  bool operator==(const Fingerprint&) const = default;

 private:
  Wide sum_ = 0;
};

}  // namespace kadsim
