#include "sim/world/parallel.hpp"

#if defined(__SANITIZE_THREAD__)
#define KADSIM_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KADSIM_THREAD_SANITIZER 1
#endif
#endif

#ifdef KADSIM_THREAD_SANITIZER
#include <array>
#include <exception>
#include <thread>
#else
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#endif

namespace kadsim {

#ifndef KADSIM_THREAD_SANITIZER

void parallel_ranges(std::uint64_t count, std::uint64_t grain,
                     const std::function<void(std::uint64_t, std::uint64_t)>& body) {
  using Range = tbb::blocked_range<std::uint64_t>;
  tbb::parallel_for(Range(0, count, grain),
                    [&](const Range& range) { body(range.begin(), range.end()); });
}

#else

// The system's TBB is not built for the thread sanitizer, which would take every hand-over between
// its tasks for a race. Two plain threads show it what the bodies do.
void parallel_ranges(std::uint64_t count, std::uint64_t,
                     const std::function<void(std::uint64_t, std::uint64_t)>& body) {
  std::array<std::exception_ptr, 2> thrown;
  const auto run = [&](std::uint64_t first, std::uint64_t last, std::exception_ptr& problem) {
    try {
      if (first < last) body(first, last);
    } catch (...) {
      problem = std::current_exception();
    }
  };
  std::thread other([&] { run(count / 2, count, thrown[1]); });
  run(0, count / 2, thrown[0]);
  other.join();
  for (const std::exception_ptr& problem : thrown) {
    if (problem != nullptr) std::rethrow_exception(problem);
  }
}

#endif

}  // namespace kadsim
