#include "core/lookup/go_kademlia.hpp"

namespace kadsim {
namespace {

constexpr Duration kTick = Duration::nanoseconds(1);

}  // namespace

void GoKademliaLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  known_.add(seeds, 1, task.origin);
  open_.start(task.options->contact_timeout);
}

LookupStep GoKademliaLookup::wait(SimTime now) const {
  // The first deadline that is not over. Who is overdue already and was not noticed is noticed by
  // the call that finds a place free.
  const SimTime deadline = open_.next_deadline(now - kTick);
  return LookupStep::wait(deadline == SimTime::max() ? deadline : deadline + kTick);
}

LookupStep GoKademliaLookup::next(SimTime now) {
  const unsigned alpha = task_.options->alpha;
  unsigned answered = 0;
  bool nearer_is_open = false;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const PeerRef contact = known_[i].peer;
    switch (known_[i].state) {
      case CandidateState::kAsked:
        if (now > open_.deadline(contact)) {
          open_.remove(contact);
          known_.set_state(i, CandidateState::kGivenUp);
        } else if (open_.size() >= alpha) {
          return wait(now);
        } else {
          nearer_is_open = true;
        }
        break;
      case CandidateState::kAnswered:
        if (!nearer_is_open && ++answered == task_.options->results) {
          return LookupStep::finished(LookupEnd::kComplete);
        }
        break;
      case CandidateState::kHeard:
        if (open_.size() >= alpha) return wait(now);
        known_.set_state(i, CandidateState::kAsked);
        open_.add(contact, now);
        return LookupStep::ask(contact);
      case CandidateState::kFailed:
      case CandidateState::kGivenUp:
        break;
    }
  }
  return open_.empty() ? LookupStep::finished(LookupEnd::kExhausted) : wait(now);
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
