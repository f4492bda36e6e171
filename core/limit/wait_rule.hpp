#pragma once

#include <algorithm>
#include <optional>
#include <variant>

#include "core/limit/client_resources.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What `on_limit` means for a stream or a dial that finds no room at its node. The option is read
/// here and nowhere else; every gate asks this rule.
///
///     fail      neither waits nor revokes
///     wait      waits until its deadline
///     wait_for  waits until its deadline, but no longer than the given duration
///     revoke    does not wait, and may revoke what ranks below it (core/resource/revocation.cpp)
class WaitRule {
 public:
  explicit WaitRule(const OnLimit& on_limit)
      : longest_(longest_of(on_limit)),
        may_revoke_(std::holds_alternative<on_limit::Revoke>(on_limit)) {}

  /// When a wait that begins `now` ends without a slot, for a caller that could use one until
  /// `deadline`. Not after `now`: there is no wait.
  [[nodiscard]] SimTime wait_end(SimTime now, SimTime deadline) const {
    return longest_.has_value() ? std::min(deadline, now + *longest_) : deadline;
  }
  /// May room be made by taking a resource away from an owner that ranks lower?
  [[nodiscard]] bool may_revoke() const { return may_revoke_; }

 private:
  static std::optional<Duration> longest_of(const OnLimit& on_limit) {
    if (std::holds_alternative<on_limit::Wait>(on_limit)) return std::nullopt;
    if (const auto* wait = std::get_if<on_limit::WaitFor>(&on_limit)) return wait->wait_for;
    return Duration();
  }

  std::optional<Duration> longest_;  // none: as long as the deadline allows
  bool may_revoke_;
};

}  // namespace kadsim
