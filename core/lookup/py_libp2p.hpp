#pragma once

#include <vector>

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/open_attempts.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// py-libp2p's iterative lookup: rounds in lock step over a list of the `results` closest contacts.
///
/// A round asks the first alpha (default 10) of the list that were not asked yet, and is over when
/// all of them have ended. Then what they named is merged into the list, which is cut to `results`
/// again. The lookup ends after a round if
/// - all its answers were empty, or it brought none;
/// - the list did not change, even if some on it were never asked;
/// - `max_rounds` (default 20) rounds were done;
/// and before a round if the whole list has been asked (exhausted; only an empty list can come to
/// that, as a list that changes has a new contact on it). The result is the list, including
/// contacts that failed and contacts that were never asked.
///
/// `contact_timeout` (default: none, as in that version; 10 s since its issue 1434 was fixed)
/// gives a contact up at its deadline: an answer at that very instant is late, and late answers are
/// dropped.
///
/// Source: libp2p/py-libp2p at 1523c8c7 (2026-08-18), find_closest_peers_network.
/// Departures: a client is never short of seeds, so those from connected peers and the peer store
/// are left out; the origin's table changes as `client.table_updates` says, where py-libp2p adds
/// every contact before it asks it.
class PyLibp2pLookup : public LookupStrategy {
 public:
  static constexpr unsigned kDefaultAlpha = 10;

  PyLibp2pLookup() : PyLibp2pLookup(Round::kAlpha) {}
  void start(const LookupTask& task, std::span<const PeerRef> seeds) override;
  LookupStep next(SimTime now) override;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) override;
  void on_failure(PeerRef from, SimTime now) override;
  void collect(std::vector<ResultContact>& out) const override;

 protected:
  /// How many contacts a round asks, of those on the list not asked yet.
  enum class Round { kAlpha, kAll };
  explicit PyLibp2pLookup(Round round) : kind_(round) {}

 private:
  void begin_round();
  void end_round();
  void finish(LookupEnd end);
  void copy_list(std::vector<PeerRef>& out) const;

  Round kind_;
  LookupTask task_;
  CandidateList known_;  ///< its first `results` contacts are the list
  OpenAttempts open_;
  std::vector<PeerRef> list_;    ///< the list when the round began
  std::vector<PeerRef> merged_;  ///< scratch
  std::vector<PeerRef> round_;
  std::size_t admitted_ = 0;  ///< of the round
  unsigned rounds_ = 0;
  bool any_named_ = false;  ///< an answer of this round named a contact
  bool done_ = false;
  LookupEnd end_ = LookupEnd::kComplete;
};

}  // namespace kadsim
