#pragma once

namespace kadsim {

/// 128-bit integers of the compiler (g++ and clang++ have them), for exact products of 64-bit ones.
__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

}  // namespace kadsim
