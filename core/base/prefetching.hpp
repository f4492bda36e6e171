#pragma once

#include <cstdint>
#include <optional>

namespace kadsim {

/// What an object can do beside its contract if waiting for memory matters to its caller: say ahead
/// what memory one of its calls will touch. Optional: strategies, handlers of replies and
/// connections need not implement it, and a caller that does not care never calls it. It changes no
/// result, so it may be called at any time, also before the object was used, after the call in
/// question, or for a call that never comes.
class Prefetching {
 public:
  virtual ~Prefetching() = default;

  /// Asks for the memory that the call with this tag will touch and that lies `step` pointers away:
  /// step 0 reads nothing, and each further step reads what the step before has asked for. Beyond
  /// its last step an object does nothing.
  virtual void prefetch(std::uint64_t tag, unsigned step) const = 0;
  /// Number of the node that will probably be called in consequence; none if the object cannot
  /// tell. Reads what all steps have asked for.
  [[nodiscard]] virtual std::optional<std::uint32_t> likely_next(std::uint64_t tag) const = 0;
};

}  // namespace kadsim
