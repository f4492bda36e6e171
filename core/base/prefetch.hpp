#pragma once

#include <cstddef>
#include <cstdint>

namespace kadsim {

/// Asks for memory that will be read soon, without waiting for it. Changes nothing; any address
/// will do.
inline void prefetch(const void* address) {
  __builtin_prefetch(address);
  // This generates no code. Without it g++ would take a function that only prefetches for one
  // without any effect, and leave out calls of it.
  asm volatile("");
}

inline constexpr std::size_t kCacheLine = 64;

/// Asks for all cache lines that hold any of so many bytes from that address on.
inline void prefetch(const void* address, std::size_t bytes) {
  const auto* at = static_cast<const char*>(address);
  const char* const end = at + bytes;
  for (at -= reinterpret_cast<std::uintptr_t>(at) % kCacheLine; at < end; at += kCacheLine) {
    prefetch(at);
  }
}

}  // namespace kadsim
