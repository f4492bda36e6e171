#include "core/lookup/py_dht.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {

void PyDhtLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  known_.add(seeds, 1);
  const unsigned alpha = task.options->alpha;
  for (const std::uint32_t entry : pending_) pool_.give_back(entry);
  pending_.clear();
  slots_.assign(alpha, Duration());
  steps_ = 0;
  found_ = false;
}

std::size_t PyDhtLookup::nearest_untried() const {
  std::size_t at = 0;
  while (at < known_.size() && known_[at].state != CandidateState::kHeard) ++at;
  return at;
}

InstantLookup::Resolution PyDhtLookup::resolve(InstantPort& port) {
  const unsigned steps_to_stop = task_.options->steps_to_stop.value_or(kDefaultStepsToStop);
  while (steps_ < steps_to_stop && !found_ && nearest_untried() < known_.size()) {
    ask_nearest(port);
    if (pending_.size() < task_.options->alpha) continue;
    const Pending& outcome = take_fastest();
    charge(outcome.delay);
    learn(outcome);
  }
  const Duration delay = *std::max_element(slots_.begin(), slots_.end());
  if (found_) return {LookupEnd::kFound, delay};
  return {steps_ >= steps_to_stop ? LookupEnd::kComplete : LookupEnd::kExhausted, delay};
}

void PyDhtLookup::ask_nearest(InstantPort& port) {
  const std::size_t at = nearest_untried();
  const PeerRef contact = known_[at].peer;
  known_.set_state(at, CandidateState::kAsked);
  const InstantOutcome outcome = port.dial_and_ask(contact);

  const std::uint32_t entry = pool_.take();
  Pending& pending = pool_[entry];
  pending.from = contact;
  pending.delay = outcome.delay;
  pending.answered = outcome.answered;
  pending.has_record = outcome.answer.has_record;
  const LookupAnswer& answer = outcome.answer;
  pending.contacts.assign(answer.contacts.begin(), answer.contacts.end());
  const auto behind = std::upper_bound(
      pending_.begin(), pending_.end(), pending.delay,
      [this](Duration delay, std::uint32_t other) { return delay < pool_[other].delay; });
  pending_.insert(behind, entry);
}

PyDhtLookup::Pending& PyDhtLookup::take_fastest() {
  const std::uint32_t entry = pending_.front();
  pending_.erase(pending_.begin());
  pool_.give_back(entry);
  return pool_[entry];
}

void PyDhtLookup::charge(Duration delay) {
  *std::min_element(slots_.begin(), slots_.end()) += delay;
}

void PyDhtLookup::learn(const Pending& outcome) {
  const std::size_t at = known_.find(outcome.from);
  known_.set_state(at, outcome.answered ? CandidateState::kAnswered : CandidateState::kFailed);
  if (!outcome.answered) return;
  found_ |= outcome.has_record && task_.stop_at_record;
  if (outcome.contacts.empty()) return;
  const CandidateList::News news = known_.add(outcome.contacts, known_[at].hop + 1U, kNoPeer);
  steps_ = news.nearer_than_farthest ? 0 : steps_ + 1;
}

void PyDhtLookup::collect(std::vector<ResultContact>& out) const {
  known_.collect_nearest(task_.options->beta, false, out);
}

LookupStep PyDhtLookup::next(SimTime) {
  KADSIM_ASSERT(false, "py-dht's lookup is resolved at once, not driven by events");
  return LookupStep::wait();
}
void PyDhtLookup::on_answer(PeerRef, const LookupAnswer&, SimTime) {
  KADSIM_ASSERT(false, "py-dht's lookup is resolved at once, not driven by events");
}
void PyDhtLookup::on_failure(PeerRef, SimTime) {
  KADSIM_ASSERT(false, "py-dht's lookup is resolved at once, not driven by events");
}

}  // namespace kadsim
