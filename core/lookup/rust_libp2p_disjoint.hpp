#pragma once

#include <vector>

#include "core/lookup/rust_path.hpp"

namespace kadsim {

/// rust-libp2p's lookup over disjoint paths, after S/Kademlia: alpha (default 3) paths from the
/// same seeds, each with alpha and `contact_timeout` (default 10 s) of its own, served in turn. So
/// up to alpha x alpha contacts are asked at once, and alpha x max(`results`, alpha) if all paths
/// have stalled.
///
/// A contact asked on one path is never asked again: another path that comes to it takes it for
/// asked, and hears that it answered, without what it named, or that it failed. What it named is
/// learnt on the path that asked only; one that has ended takes no notice of what comes later. The
/// lookup ends when all paths have; complete if one of them is. The result are those that answered
/// on any path, nearest first. An answer is never overwritten by a failure.
///
/// Source: libp2p/rust-libp2p at 6348a0be4 (2026-08-04), kad 0.49.0. Departure: the result is cut
/// to `results` contacts; there it may be longer where paths disagree.
class RustLibp2pDisjointLookup final : public LookupStrategy {
 public:
  void start(const LookupTask& task, std::span<const PeerRef> seeds) override;
  LookupStep next(SimTime now) override;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) override;
  void on_failure(PeerRef from, SimTime now) override;
  void collect(std::vector<ResultContact>& out) const override;

 private:
  struct Contacted {
    PeerRef contact;
    std::size_t path = 0;  ///< that asked it
    CandidateState state = CandidateState::kAsked;
  };

  [[nodiscard]] std::span<RustPath> paths();
  [[nodiscard]] std::vector<Contacted>::iterator place_of(PeerRef contact);
  /// What `path` wants next, told of those that other paths have asked. Never one of those.
  LookupStep next_on(std::size_t path, SimTime now);

  LookupTask task_;
  std::vector<RustPath> memory_;      ///< the first alpha are in use
  std::vector<Contacted> contacted_;  ///< by contact
  std::size_t turn_ = 0;              ///< the path that is served next
};

}  // namespace kadsim
