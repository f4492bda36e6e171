#pragma once

// Catch2 version 3 where the system has it, version 2 (Debian 12) otherwise. Tests include only
// this header.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;  // NOLINT(misc-unused-using-decls)
#else
#include <catch2/catch.hpp>
#endif
