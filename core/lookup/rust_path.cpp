#include "core/lookup/rust_path.hpp"

#include "core/lookup/window_walk.hpp"

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

LookupStep RustPath::next(SimTime now) {
  if (finished_) return LookupStep::finished(end_);
  const unsigned alpha = task_.options->alpha;
  const unsigned results = task_.options->results;
  const WalkRules rules{.width = stalled_ ? std::max(results, alpha) : alpha,
                        .results = results,
                        .freed_place = FreedPlace::kInNextWalk};
  const LookupStep step = walk_window(known_, open_, rules, now);
  finished_ = step.kind == LookupStep::Kind::kFinished;
  end_ = step.end;
  return step;
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
