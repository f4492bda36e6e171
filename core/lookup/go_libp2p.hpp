#pragma once

#include <vector>

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// go-libp2p-kad-dht's lookup with its follow-up.
///
/// Query: whenever something has ended, the nearest contacts not asked yet are asked until alpha
/// (default 10) are being asked. Of an answer the first 2k contacts are kept. Before each new
/// request it is checked, in this order, whether the query ends: because the caller has stopped it;
/// because no contact is left to ask or waited for (exhausted); because the `beta` (default 3)
/// nearest contacts that did not fail have all answered (complete). The result is fixed then: the
/// `results` nearest contacts that have not failed by then, asked or not.
///
/// Drain: dials are cancelled, requests on the wire are waited for. Nothing is learnt from them.
/// Follow-up, unless stopped: every contact of the result not asked yet is asked, all at once; the
/// lookup is over when they have ended, or when one of them brings what the caller wanted. Their
/// answers and failures change nothing but whether a contact of the result has answered.
///
/// At most alpha contacts are asked at once by the query, and `results` more by the follow-up.
///
/// Source: libp2p/go-libp2p-kad-dht at 2a10abdf (2026-08-01). Departures:
/// - no contact is asked twice. There, a contact of the result that is being asked when the query
///   ends is asked again by the follow-up; here its request is waited for, and its dial is not
///   cancelled but goes on as the follow-up's;
/// - a driver cannot take a dial back: the dial of a contact outside the result is no longer waited
///   for, but a request may still follow it while the lookup is waiting for others;
/// - with `client.table_updates: learn` a contact that fails in the follow-up leaves the origin's
///   table as well; there only one that fails in the query does;
/// - no filter for the diversity of addresses, as there are no addresses.
class GoLibp2pLookup final : public LookupStrategy {
 public:
  static constexpr unsigned kDefaultAlpha = 10;
  static constexpr unsigned kDefaultBeta = 3;

  void start(const LookupTask& task, std::span<const PeerRef> seeds) override;
  LookupStep next(SimTime now) override;
  void on_sent(PeerRef to, SimTime now) override;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) override;
  void on_failure(PeerRef from, SimTime now) override;
  bool stop() override;
  void collect(std::vector<ResultContact>& out) const override;

 private:
  enum class Phase { kQuery, kDrain, kFollowUp };

  LookupStep next_of_query();
  LookupStep next_of_follow_up();
  [[nodiscard]] bool nearest_beta_answered() const;
  void end_query(LookupEnd end);
  [[nodiscard]] bool in_result(PeerRef contact) const;
  void ended(PeerRef contact, CandidateState state);

  LookupTask task_;
  CandidateList known_;
  Phase phase_ = Phase::kQuery;
  std::vector<PeerRef> dialling_;
  std::vector<PeerRef> on_wire_;
  std::vector<PeerRef> result_;  ///< from the end of the query on, nearest first
  LookupEnd end_ = LookupEnd::kComplete;
  bool stopped_ = false;
};

}  // namespace kadsim
