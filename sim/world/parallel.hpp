#pragma once

#include <cstdint>
#include <functional>

namespace kadsim {

/// Calls `body(first, last)` for ranges that together are [0, count), on all cores that the
/// caller's TBB arena has; a range is not divided below `grain`. Returns when all have ended;
/// throws what a body threw.
void parallel_ranges(std::uint64_t count, std::uint64_t grain,
                     const std::function<void(std::uint64_t, std::uint64_t)>& body);

/// As above, `body(i)` for each i.
template <class Body>
void parallel_each(std::uint64_t count, const Body& body) {
  parallel_ranges(count, 1, [&](std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) body(i);
  });
}

}  // namespace kadsim
