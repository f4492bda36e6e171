#include "core/lookup/nearest_first.hpp"

#include "core/base/fetch.hpp"

namespace kadsim {

void NearestFirstLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  in_flight_ = 0;
  steps_without_progress_ = 0;
  known_.add(seeds, 1);
  begin();
}

LookupStep NearestFirstLookup::next(SimTime now) {
  const ClientOptions& options = *task_.options;
  if (options.steps_to_stop.has_value() && steps_without_progress_ >= *options.steps_to_stop) {
    return LookupStep::finished(LookupEnd::kComplete);
  }
  const bool room = may_ask(now);
  const std::size_t horizon = this->horizon(now);
  std::size_t live = 0;  // contacts so far that did not fail
  unsigned answered = 0;
  bool gap = false;  // a nearer contact has not answered yet
  for (std::size_t i = 0; i < known_.size(); ++i) {
    switch (known_[i].state) {
      case CandidateState::kAnswered:
        ++live;
        if (!gap && ++answered == options.beta) return LookupStep::finished(LookupEnd::kComplete);
        break;
      case CandidateState::kFailed:
      case CandidateState::kGivenUp:
        break;
      case CandidateState::kAsked:
        if (!room) return LookupStep::wait(opens_at(now));
        ++live;
        gap = true;
        break;
      case CandidateState::kHeard:
        if (!room || live >= horizon) return LookupStep::wait(opens_at(now));
        known_.set_state(i, CandidateState::kAsked);
        ++in_flight_;
        asked(known_[i].peer, now);
        return LookupStep::ask(known_[i].peer);
    }
  }
  return in_flight_ > 0 ? LookupStep::wait() : LookupStep::finished(LookupEnd::kExhausted);
}

void NearestFirstLookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) {
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kAnswered);
  --in_flight_;
  const CandidateList::News news = known_.add(answer.contacts, known_[at].hop + 1U, task_.origin);
  steps_without_progress_ = news.nearest ? 0 : steps_without_progress_ + 1;
  ended(from, {.answered = true, .named_unknown = news.added > 0, .first_unknown = news.first},
        now);
}

void NearestFirstLookup::on_failure(PeerRef from, SimTime now) {
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kFailed);
  --in_flight_;
  ended(from, {}, now);
}

void NearestFirstLookup::fetch(unsigned stage) const {
  if (stage == 0) {
    kadsim::fetch(this, sizeof(*this));
  } else {
    known_.fetch();
  }
}

void NearestFirstLookup::collect(std::vector<ResultContact>& out) const {
  known_.collect_nearest(task_.options->results, true, out);
}

}  // namespace kadsim
