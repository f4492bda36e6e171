#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/table/peer.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// The contacts that a lookup waits for, each until a deadline.
///
/// All wait equally long, so they stand in the order in which they were asked and their deadlines
/// ascend. At most some ten: finding one is a walk. Whether a contact is out of time at its
/// deadline or only after it differs between systems, and is the strategy's to say.
class OpenAttempts {
 public:
  struct Attempt {
    PeerRef contact;
    SimTime deadline;
  };

  /// `limit`: how long each is waited for; none: for ever.
  void start(std::optional<Duration> limit) {
    open_.clear();
    limit_ = limit;
  }
  void add(PeerRef contact, SimTime now) {
    open_.push_back({contact, limit_.has_value() ? now + *limit_ : SimTime::max()});
  }
  /// False if that contact is not waited for.
  bool remove(PeerRef contact) {
    return std::erase_if(open_, [contact](const Attempt& a) { return a.contact == contact; }) > 0;
  }
  /// Pre: that contact is waited for.
  [[nodiscard]] SimTime deadline(PeerRef contact) const {
    return std::ranges::find(open_, contact, &Attempt::contact)->deadline;
  }
  /// The first deadline after `now`; SimTime::max() if there is none.
  [[nodiscard]] SimTime next_deadline(SimTime now) const {
    const auto at = std::ranges::upper_bound(open_, now, {}, &Attempt::deadline);
    return at == open_.end() ? SimTime::max() : at->deadline;
  }

  [[nodiscard]] std::span<const Attempt> oldest_first() const { return open_; }
  [[nodiscard]] std::size_t size() const { return open_.size(); }
  [[nodiscard]] bool empty() const { return open_.empty(); }

 private:
  std::optional<Duration> limit_;
  std::vector<Attempt> open_;
};

}  // namespace kadsim
