#include "core/lookup/go_kademlia.hpp"

#include "core/lookup/window_walk.hpp"

namespace kadsim {
namespace {

// A contact is given up strictly after its deadline: in the tick behind it.
constexpr Duration kGrace = Duration::nanoseconds(1);

}  // namespace

void GoKademliaLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  known_.add(seeds, 1, task.origin);
  open_.start(task.options->contact_timeout, kGrace);
}

LookupStep GoKademliaLookup::next(SimTime now) {
  const WalkRules rules{.width = task_.options->alpha,
                        .results = task_.options->results,
                        .freed_place = FreedPlace::kAtOnce};
  return walk_window(known_, open_, rules, now);
}

void GoKademliaLookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime) {
  open_.remove(from);  // a late one is no longer among them
  const std::size_t at = known_.find(from);
  known_.set_state(at, CandidateState::kAnswered);
  known_.add(answer.contacts, known_[at].hop + 1U, task_.origin);
}

void GoKademliaLookup::on_failure(PeerRef from, SimTime) {
  if (open_.remove(from)) known_.set_state(known_.find_asked(from), CandidateState::kFailed);
}

void GoKademliaLookup::collect(std::vector<ResultContact>& out) const {
  known_.collect_nearest(task_.options->results, true, out);
}

}  // namespace kadsim
