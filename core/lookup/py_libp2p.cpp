#include "core/lookup/py_libp2p.hpp"

#include <algorithm>

namespace kadsim {

void PyLibp2pLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  known_.start(*task.book, task.target);
  known_.add(seeds, 1, task.origin);
  open_.start(task.options->contact_timeout);
  rounds_ = 0;
  done_ = false;
  begin_round();
}

void PyLibp2pLookup::copy_list(std::vector<PeerRef>& out) const {
  out.clear();
  const std::size_t listed = std::min<std::size_t>(known_.size(), task_.options->results);
  for (std::size_t i = 0; i < listed; ++i) out.push_back(known_[i].peer);
}

void PyLibp2pLookup::begin_round() {
  copy_list(list_);
  round_.clear();
  admitted_ = 0;
  any_named_ = false;
  const std::size_t at_most = kind_ == Round::kAlpha ? task_.options->alpha : list_.size();
  for (std::size_t i = 0; i < list_.size() && round_.size() < at_most; ++i) {
    if (known_[i].state == CandidateState::kHeard) round_.push_back(list_[i]);
  }
  if (round_.empty()) finish(LookupEnd::kExhausted);
}

void PyLibp2pLookup::end_round() {
  ++rounds_;
  copy_list(merged_);
  if (!any_named_ || merged_ == list_ || rounds_ >= task_.options->max_rounds) {
    finish(LookupEnd::kComplete);
  } else {
    begin_round();
  }
}

void PyLibp2pLookup::finish(LookupEnd end) {
  done_ = true;
  end_ = end;
}

LookupStep PyLibp2pLookup::next(SimTime now) {
  open_.give_up_overdue(now, known_);
  for (;;) {
    if (done_) return LookupStep::finished(end_);
    if (admitted_ < round_.size() && open_.size() < task_.options->alpha) {
      const PeerRef contact = round_[admitted_++];
      known_.set_state(known_.find(contact), CandidateState::kAsked);
      open_.add(contact, now);
      return LookupStep::ask(contact);
    }
    if (!open_.empty()) return LookupStep::wait(open_.next_deadline(now));
    end_round();
  }
}

void PyLibp2pLookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) {
  open_.give_up_overdue(now, known_);
  if (!open_.remove(from)) return;
  const std::size_t at = known_.find_asked(from);
  known_.set_state(at, CandidateState::kAnswered);
  any_named_ |= std::ranges::any_of(answer.contacts,
                                    [this](PeerRef contact) { return contact != task_.origin; });
  known_.add(answer.contacts, known_[at].hop + 1U, task_.origin);
}

void PyLibp2pLookup::on_failure(PeerRef from, SimTime now) {
  open_.give_up_overdue(now, known_);
  if (open_.remove(from)) known_.set_state(known_.find_asked(from), CandidateState::kFailed);
}

void PyLibp2pLookup::collect(std::vector<ResultContact>& out) const {
  known_.collect_nearest(task_.options->results, false, out);
}

}  // namespace kadsim
