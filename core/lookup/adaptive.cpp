#include "core/lookup/adaptive.hpp"

#include <algorithm>

namespace kadsim {

void AdaptiveLookup::begin() {
  open_.clear();
  window_ = options().alpha;
  measured_ = false;
  patience_ = kFirstPatience;
}

unsigned AdaptiveLookup::widest() const { return std::max(options().alpha, options().k); }

unsigned AdaptiveLookup::overdue(SimTime now) const {
  const auto first_patient = std::ranges::find_if(
      open_, [&](const Attempt& attempt) { return now < attempt.since + patience_; });
  return static_cast<unsigned>(first_patient - open_.begin());
}

bool AdaptiveLookup::may_ask(SimTime now) {
  return in_flight() < widest() && in_flight() - overdue(now) < window_;
}

std::size_t AdaptiveLookup::horizon(SimTime now) const {
  return std::size_t{options().beta} + overdue(now);
}

SimTime AdaptiveLookup::opens_at(SimTime now) const {
  const std::size_t late = overdue(now);
  return late == open_.size() ? SimTime::max() : open_[late].since + patience_;
}

void AdaptiveLookup::asked(PeerRef contact, SimTime now) { open_.push_back({contact, now}); }

void AdaptiveLookup::ended(PeerRef contact, const Ended& how, SimTime now) {
  const auto attempt = std::ranges::find(open_, contact, &Attempt::contact);
  const Duration took = now - attempt->since;
  open_.erase(attempt);
  if (!how.answered) return;
  measure(took);
  window_ = is_progress(how) ? options().alpha : std::min(2 * window_, widest());
}

bool AdaptiveLookup::is_progress(const Ended& how) const {
  if (!how.named_unknown) return false;
  const std::size_t failed = known().count(CandidateState::kFailed, how.first_unknown);
  return how.first_unknown - failed < options().beta;
}

void AdaptiveLookup::measure(Duration answer_time) {
  if (measured_) {
    const Duration off = answer_time - mean_;
    deviation_ += (std::max(off, -off) - deviation_) / 4;
    mean_ += off / 8;
  } else {
    measured_ = true;
    mean_ = answer_time;
    deviation_ = answer_time / 2;
  }
  patience_ = mean_ + std::max(deviation_ * 4, kLeastSlack);
}

}  // namespace kadsim
