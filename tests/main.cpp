// With version 3 the library brings main(); with version 2 it is made here, once for all test
// programs.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
