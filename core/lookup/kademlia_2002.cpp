#include "core/lookup/kademlia_2002.hpp"

#include <algorithm>

namespace kadsim {

void Kademlia2002Lookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  known_.add(seeds, 1, task.origin);
  open_.start(task.options->contact_timeout);
  nearer_ = true;
}

void Kademlia2002Lookup::begin_round() {
  to_ask_ = nearer_ ? task_.options->alpha : task_.options->k;
  nearer_ = false;
}

LookupStep Kademlia2002Lookup::next(SimTime now) {
  open_.give_up_overdue(now, known_);
  const std::size_t k = task_.options->k;
  std::size_t answered = 0;
  std::size_t considered = 0;
  std::size_t unasked = known_.size();  // position of the nearest of the k that was not asked
  for (std::size_t i = 0; i < known_.size() && considered < k; ++i) {
    switch (known_[i].state) {
      case CandidateState::kFailed:
      case CandidateState::kGivenUp:
        continue;
      case CandidateState::kAnswered:
        ++answered;
        break;
      case CandidateState::kHeard:
        unasked = std::min(unasked, i);
        break;
      case CandidateState::kAsked:
        break;
    }
    ++considered;
  }
  if (answered == k) return LookupStep::finished(LookupEnd::kComplete);
  if (open_.empty()) {
    if (unasked == known_.size()) return LookupStep::finished(LookupEnd::kExhausted);
    begin_round();
  }
  if (to_ask_ == 0 || unasked == known_.size()) {
    to_ask_ = 0;  // contacts heard of from now on are left to the next round
    return LookupStep::wait(open_.next_deadline(now));
  }
  --to_ask_;
  known_.set_state(unasked, CandidateState::kAsked);
  open_.add(known_[unasked].peer, now);
  return LookupStep::ask(known_[unasked].peer);
}

void Kademlia2002Lookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) {
  open_.give_up_overdue(now, known_);
  open_.remove(from);  // a late one is no longer among them
  const std::size_t at = known_.find(from);
  known_.set_state(at, CandidateState::kAnswered);
  nearer_ |= known_.add(answer.contacts, known_[at].hop + 1U, task_.origin).nearest;
}

void Kademlia2002Lookup::on_failure(PeerRef from, SimTime now) {
  open_.give_up_overdue(now, known_);
  open_.remove(from);
  known_.set_state(known_.find(from), CandidateState::kFailed);
}

void Kademlia2002Lookup::collect(std::vector<ResultContact>& out) const {
  known_.collect_nearest(task_.options->results, true, out);
}

}  // namespace kadsim
