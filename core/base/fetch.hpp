#pragma once

#include <cstddef>

namespace kadsim {

/// Asks for memory that will be read soon, without waiting for it. Changes nothing; any address
/// will do.
inline void fetch(const void* address) { __builtin_prefetch(address); }

/// So many bytes from there on.
inline void fetch(const void* address, std::size_t bytes) {
  constexpr std::size_t kLine = 64;
  const auto* at = static_cast<const char*>(address);
  for (const char* end = at + bytes; at < end; at += kLine) fetch(at);
}

}  // namespace kadsim
