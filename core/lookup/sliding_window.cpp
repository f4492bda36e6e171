#include "core/lookup/sliding_window.hpp"

#include "core/base/fetch.hpp"

namespace kadsim {

void SlidingWindowLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  in_flight_ = 0;
  steps_without_progress_ = 0;
  known_.add(seeds, 1);
}

LookupStep SlidingWindowLookup::next(SimTime) {
  const ClientOptions& options = *task_.options;
  if (options.steps_to_stop.has_value() && steps_without_progress_ >= *options.steps_to_stop) {
    return LookupStep::finished(LookupEnd::kComplete);
  }
  unsigned answered = 0;
  bool gap = false;  // a nearer contact has not answered yet
  for (std::size_t i = 0; i < known_.size(); ++i) {
    switch (known_[i].state) {
      case CandidateState::kAnswered:
        if (!gap && ++answered == options.beta) return LookupStep::finished(LookupEnd::kComplete);
        break;
      case CandidateState::kFailed:
        break;
      case CandidateState::kAsked:
        if (in_flight_ >= options.alpha) return LookupStep::wait();
        gap = true;
        break;
      case CandidateState::kHeard:
        if (in_flight_ >= options.alpha) return LookupStep::wait();
        known_.set_state(i, CandidateState::kAsked);
        ++in_flight_;
        return LookupStep::ask(known_[i].peer);
    }
  }
  return in_flight_ > 0 ? LookupStep::wait() : LookupStep::finished(LookupEnd::kExhausted);
}

void SlidingWindowLookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime) {
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kAnswered);
  --in_flight_;
  const CandidateList::News news = known_.add(answer.contacts, known_[at].hop + 1U, task_.origin);
  steps_without_progress_ = news.nearest ? 0 : steps_without_progress_ + 1;
}

void SlidingWindowLookup::on_failure(PeerRef from, SimTime) {
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kFailed);
  --in_flight_;
}

void SlidingWindowLookup::fetch(unsigned stage) const {
  if (stage == 0) {
    kadsim::fetch(this, sizeof(*this));
  } else {
    known_.fetch();
  }
}

void SlidingWindowLookup::collect(std::vector<ResultContact>& out) const {
  known_.collect_nearest(task_.options->results, true, out);
}

}  // namespace kadsim
