#include "sim/measure/fingerprint.hpp"

#include "sim/measure/decimal.hpp"

// The hash is compiled into this file: for 36 bytes a call into the shared library would cost as
// much as the hash. The values are the same.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <concepts>

namespace kadsim {
namespace {

// Compilers turn this loop into one store.
template <std::unsigned_integral T>
unsigned char* put_little_endian(unsigned char* to, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) *to++ = static_cast<unsigned char>(value >> (8 * i));
  return to;
}

}  // namespace

std::array<unsigned char, FingerprintRecord::kBytes> FingerprintRecord::serialised() const {
  std::array<unsigned char, kBytes> bytes{};
  unsigned char* to = bytes.data();
  to = put_little_endian(to, static_cast<std::uint64_t>(time.ns()));
  to = put_little_endian(to, node);
  to = put_little_endian(to, kind);
  to = put_little_endian(to, operation);
  to = put_little_endian(to, attempt);
  put_little_endian(to, outcome);
  return bytes;
}

void Fingerprint::add(const FingerprintRecord& record) {
  const auto bytes = record.serialised();
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  sum_ += (static_cast<Wide>(hash.high64) << 64) | hash.low64;
}

std::string Fingerprint::hex() const { return format_hex(sum_); }

}  // namespace kadsim
