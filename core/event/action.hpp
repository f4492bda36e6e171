#pragma once

#include <concepts>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace kadsim {

/// What an event may capture: at most this much, so that no event ever allocates.
inline constexpr std::size_t kActionBytes = 32;
inline constexpr std::size_t kActionAlignment = alignof(void*);

/// A callable `void()` that fits into an event. Anything larger does not compile: keep the state in
/// an object that lives as long as its events, and capture a pointer or an index.
template <class F>
concept EventAction = std::invocable < std::decay_t<F>
& > &&sizeof(std::decay_t<F>) <= kActionBytes &&
    alignof(std::decay_t<F>) <=
        kActionAlignment&& std::is_nothrow_move_constructible_v<std::decay_t<F>>;

/// An action that knows beforehand what memory it will touch: `prefetch` is called some events
/// before it runs, once for each stage from 0 to kPrefetchStages - 1, each some events after the
/// one before. A stage may read what the stage before has asked for, to ask for what lies behind
/// it. It changes nothing, and may be left out.
template <class F>
concept PrefetchingAction = requires(const F& action) {
  action.prefetch(0U);
};

inline constexpr unsigned kPrefetchStages = 4;

/// Storage for one callable, which stays where it was made: neither copied nor moved.
/// Empty until `emplace`; `run` and `discard` empty it again.
class Action {
 public:
  Action() = default;
  Action(const Action&) = delete;
  Action& operator=(const Action&) = delete;
  ~Action() { discard(); }

  /// Pre: empty.
  template <EventAction F>
  void emplace(F&& callable) {
    using Callable = std::decay_t<F>;
    ::new (static_cast<void*>(storage_)) Callable(std::forward<F>(callable));
    apply_ = [](void* storage, Task task) {
      if constexpr (PrefetchingAction<Callable>) {
        if (task >= kPrefetch) {
          std::launder(static_cast<const Callable*>(storage))->prefetch(task - kPrefetch);
          return;
        }
      }
      // Destroyed also when the call throws.
      struct Destroy {
        Callable* callable;
        ~Destroy() { callable->~Callable(); }
      } held{std::launder(static_cast<Callable*>(storage))};
      if (task == kRun) (*held.callable)();
    };
  }

  /// Calls the callable and destroys it. Pre: not empty.
  void run() { std::exchange(apply_, nullptr)(storage_, kRun); }
  /// Destroys it without a call. Nothing happens when empty.
  void discard() {
    if (apply_ != nullptr) std::exchange(apply_, nullptr)(storage_, kDestroy);
  }
  /// Pre: not empty, and the callable is a PrefetchingAction; stage < kPrefetchStages.
  void prefetch(unsigned stage) { apply_(storage_, kPrefetch + stage); }

 private:
  using Task = unsigned;
  static constexpr Task kDestroy = 0;
  static constexpr Task kRun = 1;
  static constexpr Task kPrefetch = 2;  // and a number for each further stage

  alignas(kActionAlignment) std::byte storage_[kActionBytes];
  void (*apply_)(void*, Task) = nullptr;
};

}  // namespace kadsim
