#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <utility>

namespace kadsim {

/// Whoever watched the making of a network wants none of it any more.
class SetupCancelled : public std::runtime_error {
 public:
  SetupCancelled() : std::runtime_error("the making of a network was cancelled") {}
};

/// What takes long when a large network is made, in this order.
enum class SetupPhase : std::uint8_t {
  kNaming,   ///< hashes of all names
  kSorting,  ///< by hash
  kTables,   ///< filled, if they are not derived
};

/// How far the making of a network is: told by the threads that make it, read by any other. What is
/// read is a moment's view and changes nothing.
class SetupProgress {
 public:
  /// `cancelled`, unless empty, is asked now and then, from any of the threads; once it is true the
  /// making ends with a SetupCancelled.
  explicit SetupProgress(std::function<bool()> cancelled = {}) : cancelled_(std::move(cancelled)) {}

  /// A new phase begins, of so many steps.
  void enter(SetupPhase phase, std::uint64_t steps) {
    done_ = 0;
    steps_ = steps;
    phase_ = phase;
  }
  void advance(std::uint64_t steps) {
    if (cancelled_ && cancelled_()) throw SetupCancelled();
    done_.fetch_add(steps, std::memory_order_relaxed);
  }

  [[nodiscard]] SetupPhase phase() const { return phase_; }
  /// Of this phase, 0 to 100.
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
