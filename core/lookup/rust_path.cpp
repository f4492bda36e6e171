#include "core/lookup/rust_path.hpp"

#include <algorithm>

namespace kadsim {

void RustPath::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  known_.add(seeds, 1, task.origin);
  open_.start(task.options->contact_timeout);
  without_progress_ = 0;
  stalled_ = false;
  finished_ = false;
}

bool RustPath::has_place() const {
  const unsigned alpha = task_.options->alpha;
  return open_.size() < (stalled_ ? std::max(task_.options->results, alpha) : alpha);
}

LookupStep RustPath::wait(SimTime now, bool freed) const {
  // Who is overdue already and was not noticed is noticed by the call that finds a place free.
  return LookupStep::wait(freed ? now : open_.next_deadline(now));
}

LookupStep RustPath::finish(LookupEnd end) {
  finished_ = true;
  end_ = end;
  return LookupStep::finished(end);
}

LookupStep RustPath::next(SimTime now) {
  if (finished_) return LookupStep::finished(end_);
  const bool place = has_place();
  bool freed = false;
  unsigned answered = 0;
  bool nearer_is_open = false;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const PeerRef contact = known_[i].peer;
    switch (known_[i].state) {
      case CandidateState::kAsked:
        if (now >= open_.deadline(contact)) {
          open_.remove(contact);
          known_.set_state(i, CandidateState::kGivenUp);
          freed = true;
        } else if (!place) {
          return wait(now, freed);
        } else {
          nearer_is_open = true;
        }
        break;
      case CandidateState::kAnswered:
        if (!nearer_is_open && ++answered == task_.options->results) {
          return finish(LookupEnd::kComplete);
        }
        break;
      case CandidateState::kHeard:
        if (!place) return wait(now, freed);
        known_.set_state(i, CandidateState::kAsked);
        open_.add(contact, now);
        return LookupStep::ask(contact);
      case CandidateState::kFailed:
      case CandidateState::kGivenUp:
        break;
    }
  }
  return open_.empty() ? finish(LookupEnd::kExhausted) : wait(now, false);
}

void RustPath::on_answer(PeerRef from, const LookupAnswer& answer) {
  if (finished_) return;
  const std::size_t at = known_.find(from);
  if (at == known_.size()) return;
  if (known_[at].state == CandidateState::kAsked) {
    open_.remove(from);
  } else if (known_[at].state != CandidateState::kGivenUp) {
    return;
  }
  known_.set_state(at, CandidateState::kAnswered);
  const std::size_t wanted = task_.options->results;
  const bool too_few = known_.size() < wanted;
  const CandidateList::News news = known_.add(answer.contacts, known_[at].hop + 1U, task_.origin);
  count_answer(too_few || (news.added > 0 && news.first < wanted));
}

void RustPath::count_answer(bool progress) {
  if (progress) {
    without_progress_ = 0;
    stalled_ = false;
  } else if (!stalled_) {
    stalled_ = ++without_progress_ >= task_.options->alpha;
  }
}

void RustPath::on_failure(PeerRef from) {
  if (finished_) return;
  const std::size_t at = known_.find(from);
  if (at == known_.size()) return;
  if (known_[at].state == CandidateState::kAsked) {
    open_.remove(from);
  } else if (known_[at].state != CandidateState::kGivenUp) {
    return;
  }
  known_.set_state(at, CandidateState::kFailed);
}

}  // namespace kadsim
