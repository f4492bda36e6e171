#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/lookup/candidate_list.hpp"
#include "core/table/peer.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// The contacts that a lookup waits for, each until a deadline.
///
/// All of them wait equally long, so they stand in the order in which they were asked and their
/// deadlines ascend. There are some ten at most: finding one is a walk. A contact is out of time
/// from its deadline on; systems in which an answer at the deadline itself is in time add a grace
/// of one tick.
class OpenAttempts {
 public:
  struct Attempt {
    PeerRef contact;
    SimTime deadline;
  };

  /// `limit`: how long each contact is waited for; none: without a limit.
  void start(std::optional<Duration> limit, Duration grace = {}) {
    open_.clear();
    limit_ = limit;
    if (limit_.has_value()) *limit_ += grace;
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

  /// Gives up every contact that is out of time, and marks it in `known`.
  void give_up_overdue(SimTime now, CandidateList& known) {
    const auto waiting = std::ranges::upper_bound(open_, now, {}, &Attempt::deadline);
    for (auto overdue = open_.begin(); overdue != waiting; ++overdue) {
      known.set_state(known.find(overdue->contact), CandidateState::kGivenUp);
    }
    open_.erase(open_.begin(), waiting);
  }

  [[nodiscard]] std::size_t size() const { return open_.size(); }
  [[nodiscard]] bool empty() const { return open_.empty(); }

 private:
  std::optional<Duration> limit_;
  std::vector<Attempt> open_;
};

}  // namespace kadsim
