#include "core/lookup/synchronous_rounds.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {

void SynchronousRoundsLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  KADSIM_ASSERT(task.oracle != nullptr, "synchronous-rounds needs an oracle to stop it");
  task_ = task;
  known_.start(*task.book, task.target);
  answers_.clear();
  answered_.clear();
  round_ = 0;
  known_.add(seeds, 1);
  keep_answer(task.origin, seeds);

  // Round 0 is the origin itself, and its "answer" is its own table.
  cur_.assign(1, task.origin);
  done_ = rule_met();
  if (!done_) begin_next_round();
}

bool SynchronousRoundsLookup::rule_met() const {
  const LookupOptions& options = *task_.options;
  const unsigned closest = options.stop == RoundsStop::kClosest ? 1 : options.replication;
  return std::any_of(cur_.begin(), cur_.end(), [&](PeerRef contact) {
    return task_.oracle->is_among_closest(contact, task_.target, closest);
  });
}

LookupStep SynchronousRoundsLookup::next(SimTime) {
  for (;;) {
    if (done_) return LookupStep::finished(LookupEnd::kComplete);
    bool waiting = false;
    for (const PeerRef contact : cur_) {
      if (contact == task_.origin) continue;
      const std::size_t at = known_.find(contact);
      if (known_[at].state == CandidateState::kHeard) {
        known_.set_state(at, CandidateState::kAsked);
        return LookupStep::ask(contact);
      }
      waiting |= known_[at].state == CandidateState::kAsked;
    }
    if (waiting) return LookupStep::wait();

    begin_next_round();
    const bool any_new = std::any_of(cur_.begin(), cur_.end(), [&](PeerRef contact) {
      return contact != task_.origin &&
             known_[known_.find(contact)].state == CandidateState::kHeard;
    });
    if (!done_ && !any_new) return LookupStep::finished(LookupEnd::kExhausted);
  }
}

void SynchronousRoundsLookup::begin_next_round() {
  merged_.start(*task_.book, task_.target);
  for (const PeerRef contact : cur_) {
    const auto answer = std::find_if(answered_.begin(), answered_.end(),
                                     [&](const Answer& a) { return a.from == contact; });
    if (answer == answered_.end()) continue;  // it failed
    merged_.add(std::span<const PeerRef>(answers_).subspan(answer->first, answer->count), 0);
  }
  cur_.clear();
  for (std::size_t i = 0; i < merged_.size(); ++i) {
    if (cur_.size() == task_.options->concurrency) break;
    const PeerRef contact = merged_[i].peer;
    // A contact that failed stays out: it would be waited for in vain again.
    if (contact != task_.origin && known_[known_.find(contact)].state == CandidateState::kFailed) {
      continue;
    }
    cur_.push_back(contact);
  }
  ++round_;
  done_ = rule_met();
}

template <class Contact>
void SynchronousRoundsLookup::keep_answer(PeerRef from, std::span<const Contact> contacts) {
  answered_.push_back({from, answers_.size(), contacts.size()});
  answers_.insert(answers_.end(), contacts.begin(), contacts.end());
}

void SynchronousRoundsLookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime) {
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kAnswered);
  known_.add(answer.contacts, known_[at].hop + 1U, task_.origin);
  keep_answer(from, answer.contacts);
}

void SynchronousRoundsLookup::on_failure(PeerRef from, SimTime) {
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kFailed);
}

void SynchronousRoundsLookup::collect(std::vector<ResultContact>& out) const {
  known_.collect_nearest(task_.options->results, true, out);
}

}  // namespace kadsim
