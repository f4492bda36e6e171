#pragma once

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// Alpha contacts are being asked at any time, nearest first: whenever one answers or fails, the
/// next starts.
///
/// Ends when, whichever comes first:
/// - the `beta` nearest known contacts, failed ones skipped, have all answered (complete);
/// - `steps_to_stop` answers in a row named no unknown contact nearer than the nearest known
/// (complete; off unless set);
/// - nobody is left to ask and nothing is in flight (exhausted).
/// So with fewer than `beta` live contacts known, it ends exhausted. The result is the nearest
/// known contacts, failed ones left out. A failed contact is never asked again; the origin never
/// is. Source: the event-driven window of go-libp2p-kad-dht and rust-libp2p, without their
/// follow-up and stall rules.
class SlidingWindowLookup final : public LookupStrategy {
 public:
  void start(const LookupTask& task, std::span<const PeerRef> seeds) override;
  LookupStep next(SimTime now) override;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) override;
  void on_failure(PeerRef from, SimTime now) override;
  void fetch(unsigned stage) const override;
  void collect(std::vector<ResultContact>& out) const override;

 private:
  LookupTask task_;
  CandidateList known_;
  unsigned in_flight_ = 0;
  unsigned steps_without_progress_ = 0;
};

}  // namespace kadsim
