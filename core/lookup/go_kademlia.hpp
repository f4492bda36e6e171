#pragma once

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/open_attempts.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// go-kademlia's query: a window of alpha (default 3) over all contacts known, nearest first, until
/// the `results` nearest of those that did not fail have answered.
///
/// Every call walks the contacts, nearest first:
/// - one that is being asked is given up strictly after its deadline, `contact_timeout` (default
///   1 min) after it was asked, and its place is free at once; before, the walk ends there if alpha
///   are being asked. So a farther contact that is out of time is not noticed behind a nearer one
///   that is not, as long as all places are taken;
/// - one that was not asked yet is asked if there is a place, else the walk ends; one a call;
/// - answers count as long as nobody nearer is being asked; with `results` of them it is complete.
/// With nobody left to ask and nobody waited for it ends exhausted. A late answer counts, and what
/// it names is learnt. The result is the nearest contacts, those left out that failed or were given
/// up.
///
/// Source: plprobelab/go-kademlia at 5d0070005 (2023-12-19), query. Departure: it counts a late
/// answer as a failure and as a success; the simulation counts each attempt once.
class GoKademliaLookup final : public LookupStrategy {
 public:
  static constexpr Duration kDefaultContactTimeout = Duration::minutes(1);

  void start(const LookupTask& task, std::span<const PeerRef> seeds) override;
  LookupStep next(SimTime now) override;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) override;
  void on_failure(PeerRef from, SimTime now) override;
  void collect(std::vector<ResultContact>& out) const override;

 private:
  [[nodiscard]] LookupStep wait(SimTime now) const;

  LookupTask task_;
  CandidateList known_;
  OpenAttempts open_;
};

}  // namespace kadsim
