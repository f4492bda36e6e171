#pragma once

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <cstdint>

#if defined(__SANITIZE_THREAD__)
#define KADSIM_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KADSIM_THREAD_SANITIZER 1
#endif
#endif

#ifdef KADSIM_THREAD_SANITIZER
#include <exception>
#include <thread>
#endif

namespace kadsim {

#ifndef KADSIM_THREAD_SANITIZER

/// Calls `body(first, last)` for ranges of at least about `grain` that together are [0, count), on
/// all cores that the caller's TBB arena has. Returns when all have ended; throws what a body
/// threw.
template <class Body>
void parallel_ranges(std::uint64_t count, std::uint64_t grain, const Body& body) {
  tbb::parallel_for(
      tbb::blocked_range<std::uint64_t>(0, count, grain),
      [&](const tbb::blocked_range<std::uint64_t>& range) { body(range.begin(), range.end()); });
}

#else

// The system's TBB is not built for the thread sanitizer, which would take every hand-over between
// its tasks for a race. Two plain threads show it what the bodies do.
template <class Body>
void parallel_ranges(std::uint64_t count, std::uint64_t, const Body& body) {
  const auto guarded = [&](std::uint64_t first, std::uint64_t last, std::exception_ptr& thrown) {
    try {
      if (first < last) body(first, last);
    } catch (...) {
      thrown = std::current_exception();
    }
  };
  std::exception_ptr thrown[2];
  std::thread other([&] { guarded(count / 2, count, thrown[1]); });
  guarded(0, count / 2, thrown[0]);
  other.join();
  for (const std::exception_ptr& exception : thrown) {
    if (exception != nullptr) std::rethrow_exception(exception);
  }
}

#endif

/// As above, `body(i)` for each i.
template <class Body>
void parallel_each(std::uint64_t count, const Body& body) {
  parallel_ranges(count, 1, [&](std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) body(i);
  });
}

}  // namespace kadsim
