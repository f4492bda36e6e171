#include "core/lookup/nearest_first.hpp"

#include <algorithm>

namespace kadsim {

void NearestFirstLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  options_ = task.options;
  origin_ = task.origin;
  known_.start(*task.book, task.target);
  in_flight_ = 0;
  settled_ = 0;
  settled_answered_ = 0;
  unasked_ = 0;
  steps_without_progress_ = 0;
  known_.add(seeds, 1);
  begin();
}

LookupStep NearestFirstLookup::next(SimTime now) {
  const LookupOptions& options = *options_;
  if (options.steps_to_stop.has_value() && steps_without_progress_ >= *options.steps_to_stop) {
    return LookupStep::finished(LookupEnd::kComplete);
  }
  while (settled_ < known_.size()) {
    const CandidateState state = known_[settled_].state;
    if (state == CandidateState::kHeard || state == CandidateState::kAsked) break;
    if (state == CandidateState::kAnswered) ++settled_answered_;
    ++settled_;
  }
  if (settled_answered_ >= options.beta) return LookupStep::finished(LookupEnd::kComplete);
  if (settled_ == known_.size()) return LookupStep::finished(LookupEnd::kExhausted);
  if (!may_ask(now)) return LookupStep::wait(opens_at(now));

  unasked_ = nearest_unasked();
  if (unasked_ == known_.size()) return LookupStep::wait();
  if (const std::size_t horizon = this->horizon(now); horizon != kNoHorizon) {
    const std::size_t live = unasked_ - known_.count(CandidateState::kFailed, unasked_);
    if (live >= horizon) return LookupStep::wait(opens_at(now));
  }
  const PeerRef contact = known_[unasked_].peer;
  known_.set_state(unasked_, CandidateState::kAsked);
  ++unasked_;
  ++in_flight_;
  asked(contact, now);
  return LookupStep::ask(contact);
}

std::uint32_t NearestFirstLookup::nearest_unasked() const {
  std::uint32_t at = unasked_;
  while (at < known_.size() && known_[at].state != CandidateState::kHeard) ++at;
  return at;
}

std::optional<std::uint32_t> NearestFirstLookup::likely_next(std::uint64_t) const {
  const std::uint32_t at = nearest_unasked();
  if (at >= known_.size()) return std::nullopt;
  return known_[at].peer.value;
}

void NearestFirstLookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) {
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kAnswered);
  --in_flight_;
  const CandidateList::News news = known_.add(answer.contacts, known_[at].hop + 1U, origin_);
  if (news.added > 0) {
    const auto first = static_cast<std::uint32_t>(news.first);
    unasked_ = std::min(unasked_, first);
    if (first < settled_) unsettle(first);
  }
  steps_without_progress_ = news.nearest ? 0 : steps_without_progress_ + 1;
  ended(from, {.answered = true, .named_unknown = news.added > 0, .first_unknown = news.first},
        now);
}

void NearestFirstLookup::unsettle(std::uint32_t from) {
  settled_ = from;
  settled_answered_ = static_cast<std::uint32_t>(known_.count(CandidateState::kAnswered, from));
}

void NearestFirstLookup::on_failure(PeerRef from, SimTime now) {
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kFailed);
  --in_flight_;
  ended(from, {}, now);
}

void NearestFirstLookup::collect(std::vector<ResultContact>& out) const {
  known_.collect_nearest(options_->results, true, out);
}

}  // namespace kadsim
