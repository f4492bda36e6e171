#pragma once

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/open_attempts.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// One path of a rust-libp2p lookup: the whole of `rust-libp2p`, one of several of
/// `rust-libp2p-disjoint`.
///
/// While it makes progress it asks alpha contacts at a time, nearest first. An answer is progress
/// if fewer than `results` contacts were known, or if it names an unknown one that is nearer than
/// the `results`-th known. Alpha answers in a row without progress stall the path: then
/// max(`results`, alpha) contacts are asked at a time, until an answer is progress again. Failures
/// do not count.
///
/// Every call of `next` walks the candidates as `walk_window` says. A contact is given up from its
/// deadline on, `contact_timeout` after it was asked. Whether a place is free is decided when the
/// walk begins: a place that it frees is used by the next call. A late answer counts like any
/// other. The result of a path is the nearest contacts that answered.
///
/// Source: libp2p/rust-libp2p at 6348a0be4 (2026-08-04), kad 0.49.0, the closest-peers iterator.
/// Departure: that polls when anything stirs in the node; here `next` is due at each deadline, and
/// at once when it has freed a place.
class RustPath {
 public:
  static constexpr Duration kDefaultContactTimeout = Duration::seconds(10);

  void start(const LookupTask& task, std::span<const PeerRef> seeds);
  LookupStep next(SimTime now);
  /// Neither does anything for a contact that is not being asked on this path, nor after its end.
  void on_answer(PeerRef from, const LookupAnswer& answer);
  void on_failure(PeerRef from);

  [[nodiscard]] const CandidateList& known() const { return known_; }

 private:
  void count_answer(bool progress);

  LookupTask task_;
  CandidateList known_;
  OpenAttempts open_;
  unsigned without_progress_ = 0;  ///< answers in a row
  bool stalled_ = false;
  bool finished_ = false;
  LookupEnd end_ = LookupEnd::kComplete;
};

}  // namespace kadsim
