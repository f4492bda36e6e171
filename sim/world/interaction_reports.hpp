#pragma once

#include <vector>

#include "sim/world/interaction_outcome.hpp"
#include "sim/world/part.hpp"

namespace kadsim {

/// Through which the interactions of a network that are over are counted and told to observers,
/// whichever port they were made through.
class InteractionReports {
 public:
  explicit InteractionReports(Traffic& traffic) : traffic_(traffic) {}

  /// Is told of every interaction that ends, after those that were added before it; outlives the
  /// last of them or is removed. Not during a call of an observer.
  void add_observer(InteractionObserver& observer) { observers_.push_back(&observer); }
  /// Nothing happens if it is not there.
  void remove_observer(InteractionObserver& observer) { std::erase(observers_, &observer); }

  void report(const InteractionOutcome& outcome) {
    ++traffic_.attempts;
    ++(outcome.answered() ? traffic_.successful : traffic_.failures);
    for (InteractionObserver* const observer : observers_) observer->on_interaction(outcome);
  }

 private:
  Traffic& traffic_;
  std::vector<InteractionObserver*> observers_;
};

}  // namespace kadsim
