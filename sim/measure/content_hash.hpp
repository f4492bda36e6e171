#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/base/wide.hpp"
#include "core/hash/hash.hpp"

namespace kadsim {

/// The hash of some content, 128 bits: equal for equal contents, and different for others except by
/// chance.
struct ContentHash {
  Wide bits = 0;

  /// 32 lower-case hexadecimal digits, the most significant first.
  [[nodiscard]] std::string hex() const;
  bool operator==(const ContentHash&) const = default;
};

/// Takes the hash of a sequence of numbers, such as the columns of a table. All bytes of a number
/// are hashed in little-endian order, so the hash is the same on every machine.
///
/// Source: XXH3-128 (seed 0) through libxxhash, as for the fingerprint. It detects accidents, not
/// malice. About 10 GB/s.
class ContentHasher {
 public:
  ContentHasher();
  ~ContentHasher();
  ContentHasher(const ContentHasher&) = delete;
  ContentHasher& operator=(const ContentHasher&) = delete;

  void add(std::uint64_t value);
  void add(std::span<const std::uint32_t> values);
  void add(std::span<const Hash> hashes);
  [[nodiscard]] ContentHash finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kadsim
