#include "core/lookup/go_libp2p.hpp"

#include <algorithm>

namespace kadsim {

void GoLibp2pLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  known_.add(seeds, 1, task.origin);
  phase_ = Phase::kQuery;
  dialling_.clear();
  on_wire_.clear();
  result_.clear();
  stopped_ = false;
}

LookupStep GoLibp2pLookup::next(SimTime) {
  if (phase_ == Phase::kQuery) {
    const LookupStep step = next_of_query();
    if (phase_ == Phase::kQuery) return step;
  }
  if (phase_ == Phase::kDrain) {
    if (!on_wire_.empty()) return LookupStep::wait();
    if (stopped_) return LookupStep::finished(end_);
    phase_ = Phase::kFollowUp;
  }
  return next_of_follow_up();
}

LookupStep GoLibp2pLookup::next_of_query() {
  const std::size_t nearest_heard = known_.nearest(CandidateState::kHeard);
  const bool none_left = nearest_heard == known_.size();
  const std::size_t waiting = dialling_.size() + on_wire_.size();
  if (none_left && waiting == 0) {
    end_query(LookupEnd::kExhausted);
  } else if (nearest_beta_answered()) {
    end_query(LookupEnd::kComplete);
  } else if (!none_left && waiting < task_.options->alpha) {
    const PeerRef contact = known_[nearest_heard].peer;
    known_.set_state(nearest_heard, CandidateState::kAsked);
    dialling_.push_back(contact);
    return LookupStep::ask(contact);
  }
  return LookupStep::wait();
}

bool GoLibp2pLookup::nearest_beta_answered() const {
  unsigned answered = 0;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const CandidateState state = known_[i].state;
    if (state == CandidateState::kFailed) continue;
    if (state != CandidateState::kAnswered) return false;
    if (++answered == task_.options->beta) return true;
  }
  return true;  // fewer are known, and all of them have answered
}

void GoLibp2pLookup::end_query(LookupEnd end) {
  phase_ = Phase::kDrain;
  end_ = end;
  for (std::size_t i = 0; i < known_.size() && result_.size() < task_.options->results; ++i) {
    if (known_[i].state != CandidateState::kFailed) result_.push_back(known_[i].peer);
  }
}

LookupStep GoLibp2pLookup::next_of_follow_up() {
  for (const PeerRef contact : result_) {
    const std::size_t at = known_.find(contact);
    if (known_[at].state != CandidateState::kHeard) continue;
    known_.set_state(at, CandidateState::kAsked);
    dialling_.push_back(contact);
    return LookupStep::ask(contact);
  }
  const bool waiting = std::ranges::any_of(result_, [this](PeerRef contact) {
    return known_[known_.find(contact)].state == CandidateState::kAsked;
  });
  return waiting ? LookupStep::wait() : LookupStep::finished(end_);
}

bool GoLibp2pLookup::in_result(PeerRef contact) const {
  return std::ranges::find(result_, contact) != result_.end();
}

void GoLibp2pLookup::on_sent(PeerRef to, SimTime) {
  // From the end of the query on, a contact outside the result counts as cancelled.
  if (std::erase(dialling_, to) > 0 && (phase_ == Phase::kQuery || in_result(to))) {
    on_wire_.push_back(to);
  }
}

void GoLibp2pLookup::ended(PeerRef contact, CandidateState state) {
  std::erase(dialling_, contact);
  std::erase(on_wire_, contact);
  known_.set_state(known_.find_asked(contact), state);
}

void GoLibp2pLookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime) {
  ended(from, CandidateState::kAnswered);
  if (phase_ != Phase::kQuery) return;
  const std::size_t kept = std::min<std::size_t>(answer.contacts.size(), 2U * task_.options->k);
  const unsigned hop = known_[known_.find(from)].hop + 1U;
  known_.add(answer.contacts.first(kept), hop, task_.origin);
}

void GoLibp2pLookup::on_failure(PeerRef from, SimTime) { ended(from, CandidateState::kFailed); }

bool GoLibp2pLookup::stop() {
  stopped_ = true;
  if (phase_ == Phase::kFollowUp) return true;  // the others are cancelled, on the wire or not
  if (phase_ == Phase::kQuery) end_query(LookupEnd::kFound);
  end_ = LookupEnd::kFound;
  return on_wire_.empty();
}

void GoLibp2pLookup::collect(std::vector<ResultContact>& out) const {
  if (phase_ == Phase::kQuery) {  // something cut it short
    known_.collect_nearest(task_.options->results, true, out);
    return;
  }
  out.clear();
  for (const PeerRef contact : result_) {
    const Candidate candidate = known_[known_.find(contact)];
    out.push_back({contact, candidate.hop, candidate.state == CandidateState::kAnswered});
  }
}

}  // namespace kadsim
