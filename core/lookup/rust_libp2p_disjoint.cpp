#include "core/lookup/rust_libp2p_disjoint.hpp"

#include <algorithm>

namespace kadsim {

void RustLibp2pDisjointLookup::start(const LookupTask& task, std::span<const PeerRef> seeds) {
  task_ = task;
  contacted_.clear();
  turn_ = 0;
  if (memory_.size() < task.options->alpha) memory_.resize(task.options->alpha);
  for (RustPath& path : paths()) path.start(task, seeds);
}

std::span<RustPath> RustLibp2pDisjointLookup::paths() {
  return std::span(memory_).first(task_.options->alpha);
}

std::vector<RustLibp2pDisjointLookup::Contacted>::iterator RustLibp2pDisjointLookup::place_of(
    PeerRef contact) {
  return std::ranges::lower_bound(contacted_, contact, {}, &Contacted::contact);
}

LookupStep RustLibp2pDisjointLookup::next(SimTime now) {
  bool all_finished = true;
  LookupEnd end = LookupEnd::kExhausted;
  SimTime until = SimTime::max();
  for (std::size_t i = 0; i < paths().size(); ++i) {
    const std::size_t path = turn_;
    turn_ = (turn_ + 1) % paths().size();
    const LookupStep step = next_on(path, now);
    switch (step.kind) {
      case LookupStep::Kind::kAsk:
        contacted_.insert(place_of(step.contact), {step.contact, path});
        return step;
      case LookupStep::Kind::kWait:
        all_finished = false;
        until = std::min(until, step.until);
        break;
      case LookupStep::Kind::kFinished:
        if (step.end == LookupEnd::kComplete) end = LookupEnd::kComplete;
        break;
    }
  }
  return all_finished ? LookupStep::finished(end) : LookupStep::wait(until);
}

LookupStep RustLibp2pDisjointLookup::next_on(std::size_t path, SimTime now) {
  for (;;) {
    const LookupStep step = paths()[path].next(now);
    if (step.kind != LookupStep::Kind::kAsk) return step;
    const auto known = place_of(step.contact);
    if (known == contacted_.end() || known->contact != step.contact) return step;
    // While it has not ended, the path waits for it like for one of its own.
    if (known->state == CandidateState::kAnswered) paths()[path].on_answer(step.contact, {});
    if (known->state == CandidateState::kFailed) paths()[path].on_failure(step.contact);
  }
}

void RustLibp2pDisjointLookup::on_answer(PeerRef from, const LookupAnswer& answer, SimTime) {
  const auto contacted = place_of(from);
  contacted->state = CandidateState::kAnswered;
  for (std::size_t i = 0; i < paths().size(); ++i) {
    paths()[i].on_answer(from, i == contacted->path ? answer : LookupAnswer{});
  }
}

void RustLibp2pDisjointLookup::on_failure(PeerRef from, SimTime) {
  place_of(from)->state = CandidateState::kFailed;
  for (RustPath& path : paths()) path.on_failure(from);
}

void RustLibp2pDisjointLookup::collect(std::vector<ResultContact>& out) const {
  // The same contact may stand on several paths; its nearest hop counts.
  std::vector<ResultContact> merged;
  std::vector<ResultContact> of_path;
  for (std::size_t i = 0; i < task_.options->alpha; ++i) {
    memory_[i].known().collect_answered(task_.options->results, of_path);
    merged.insert(merged.end(), of_path.begin(), of_path.end());
  }
  const PeerBook& book = *task_.book;
  std::ranges::sort(merged, [&](const ResultContact& a, const ResultContact& b) {
    if (a.peer == b.peer) return a.hop < b.hop;
    return nearer(task_.target, book.hash(a.peer), book.hash(b.peer));
  });
  const auto repeated = std::ranges::unique(merged, {}, &ResultContact::peer);
  merged.erase(repeated.begin(), repeated.end());
  if (merged.size() > task_.options->results) merged.resize(task_.options->results);
  out = merged;
}

}  // namespace kadsim
