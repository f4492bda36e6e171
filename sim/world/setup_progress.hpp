#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <utility>

namespace kadsim {

/// The making of a network was cancelled by the caller that watched it.
class SetupCancelled : public std::runtime_error {
 public:
  SetupCancelled() : std::runtime_error("the making of a network was cancelled") {}
};

/// The steps that take long when a large network is made, in this order.
enum class SetupPhase : std::uint8_t {
  kNaming,   ///< hashes of all names
  kSorting,  ///< by hash
  kTables,   ///< filled, if they are not derived
};

/// How far the making of a network is. The threads that make it report their steps, and any other
/// thread may read. The phase and its percentage are views of a moment, and reading them changes
/// nothing.
class SetupProgress {
 public:
  /// `cancelled`, unless it is empty, is called now and then by any of the threads; once it returns
  /// true, the making ends with a SetupCancelled.
  explicit SetupProgress(std::function<bool()> cancelled = {}) : cancelled_(std::move(cancelled)) {}

  /// A new phase begins, which has this number of steps.
  void enter(SetupPhase phase, std::uint64_t steps) {
    done_ = 0;
    steps_ = steps;
    phase_ = phase;
  }
  /// So many more steps of the phase are done. Throws SetupCancelled. For any thread.
  void advance(std::uint64_t steps) {
    if (cancelled_ && cancelled_()) throw SetupCancelled();
    done_.fetch_add(steps, std::memory_order_relaxed);
  }

  [[nodiscard]] SetupPhase phase() const { return phase_; }
  /// The share of the phase that is done, 0 to 100.
  [[nodiscard]] unsigned percent() const {
    const std::uint64_t steps = steps_;
    const std::uint64_t done = done_;
    if (steps == 0 || done >= steps) return steps == 0 ? 0 : 100;
    return static_cast<unsigned>(done * 100 / steps);
  }

 private:
  std::function<bool()> cancelled_;
  std::atomic<SetupPhase> phase_{SetupPhase::kNaming};
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> steps_{0};
};

}  // namespace kadsim
