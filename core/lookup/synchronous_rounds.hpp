#pragma once

#include <cstdint>
#include <vector>

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// Rounds in lock step, stopped by an oracle. It measures hops by bucket size; no node could run
/// it.
///
/// The first round is the `concurrency` contacts of the origin's table that are closest to the
/// target; each later one the `concurrency` closest of the union of the answers of the round
/// before. Before each round the oracle is asked: with stop `any-of-closest` the lookup ends as
/// soon as one contact of the round is among the `replication` closest nodes of the network, with
/// `closest` as soon as the closest node is in the round. Hops are the number of the round that met
/// the rule; that round is not asked. They are 0, and no round is asked, if the origin itself meets
/// the rule.
///
/// Source: ProbeLab RFM19.1 (2023), where a round reads tables at no cost. Departures, none of
/// which shows without failures: a contact is asked once, and its answer is kept for a later round
/// that contains it; the origin is never asked (its own table takes its place in the union); a
/// round that names no new contact ends the lookup exhausted.
class SynchronousRoundsLookup final : public LookupStrategy {
 public:
  void start(const LookupTask& task, std::span<const PeerRef> seeds) override;
  LookupStep next(SimTime now) override;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) override;
  void on_failure(PeerRef from, SimTime now) override;
  void collect(std::vector<ResultContact>& out) const override;
  [[nodiscard]] std::uint16_t own_hops() const override { return round_; }
  [[nodiscard]] bool uses_oracle() const override { return true; }

 private:
  /// Answers of all contacts asked so far: `count` contacts from `first` on in `answers_`.
  struct Answer {
    PeerRef from;
    std::size_t first = 0;
    std::size_t count = 0;
  };

  [[nodiscard]] bool rule_met() const;
  /// The next round is the `concurrency` closest contacts of the union of this round's answers.
  void begin_next_round();
  template <class Contact>
  void keep_answer(PeerRef from, std::span<const Contact> contacts);

  LookupTask task_;
  CandidateList known_;       ///< all contacts heard of, for states, hops and the result
  CandidateList merged_;      ///< scratch: the union of one round's answers, nearest first
  std::vector<PeerRef> cur_;  ///< contacts of this round, nearest first
  std::vector<PeerRef> answers_;
  std::vector<Answer> answered_;  ///< in the order of arrival; `concurrency` a round at most
  std::uint16_t round_ = 0;
  bool done_ = false;
};

}  // namespace kadsim
