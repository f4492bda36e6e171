#include "sim/measure/content_hash.hpp"

#include "core/base/assert.hpp"
#include "sim/measure/decimal.hpp"

// Compiled into this file, so that programs that link kadsim need no further library.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <type_traits>

namespace kadsim {
namespace {

void update(XXH3_state_t* state, const void* data, std::size_t bytes) {
  KADSIM_ASSERT(XXH3_128bits_update(state, data, bytes) == XXH_OK, "xxHash takes any bytes");
}

// Where memory is little-endian, numbers lie there as they are hashed.
template <std::unsigned_integral T>
void add_numbers(XXH3_state_t* state, const T* values, std::size_t count) {
  if constexpr (std::endian::native == std::endian::little) {
    update(state, values, count * sizeof(T));
  } else {
    std::array<unsigned char, sizeof(T)> bytes{};
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t b = 0; b < sizeof(T); ++b) {
        bytes[b] = static_cast<unsigned char>(values[i] >> (8 * b));
      }
      update(state, bytes.data(), bytes.size());
    }
  }
}

}  // namespace

struct ContentHasher::State {
  XXH3_state_t* xxh = XXH3_createState();
  State() { KADSIM_ASSERT(xxh != nullptr, "xxHash has a state"); }
  ~State() { XXH3_freeState(xxh); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

ContentHasher::ContentHasher() : state_(std::make_unique<State>()) {
  KADSIM_ASSERT(XXH3_128bits_reset(state_->xxh) == XXH_OK, "a state can be reset");
}
ContentHasher::~ContentHasher() = default;

void ContentHasher::add(std::uint64_t value) { add_numbers(state_->xxh, &value, 1); }

void ContentHasher::add(std::span<const std::uint32_t> values) {
  add_numbers(state_->xxh, values.data(), values.size());
}

void ContentHasher::add(std::span<const Hash> hashes) {
  static_assert(sizeof(Hash) == sizeof(Hash::Words) && std::is_trivially_copyable_v<Hash>);
  if constexpr (std::endian::native == std::endian::little) {
    update(state_->xxh, hashes.data(), hashes.size_bytes());
  } else {
    for (const Hash& hash : hashes) {
      add_numbers(state_->xxh, hash.words().data(), hash.words().size());
    }
  }
}

ContentHash ContentHasher::finish() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh);
  return {(static_cast<Wide>(hash.high64) << 64) | hash.low64};
}

std::string ContentHash::hex() const { return format_hex(bits); }

}  // namespace kadsim
