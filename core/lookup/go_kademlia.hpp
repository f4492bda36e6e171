#pragma once

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/open_attempts.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// go-kademlia's query: a window of alpha (default 3) over all contacts known, nearest first, until
/// the `results` nearest of those that did not fail have answered.
///
/// Every call walks the candidates as `walk_window` says, with alpha places. A contact is given up
/// strictly after its deadline, `contact_timeout` (default 1 min) after it was asked, and its place
/// is free at once. With no contact left to ask and none waited for the lookup ends exhausted. A
/// late answer counts, and what it names is learnt. The result is the nearest contacts, without
/// those that failed or were given up.
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
  LookupTask task_;
  CandidateList known_;
  OpenAttempts open_;
};

}  // namespace kadsim
