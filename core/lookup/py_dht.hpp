#pragma once

#include <cstdint>
#include <vector>

#include "core/base/slot_pool.hpp"
#include "core/lookup/candidate_list.hpp"
#include "core/lookup/instant_lookup.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// py-dht's lookup (cortze/py-dht at 65e6fdf), its defects included, so that its users can check
/// their old results.
///
/// Every contact is dialled and asked at once, nearest not yet tried first, and the outcome put
/// into a list ordered by its total delay (equal delays: first come). With alpha outcomes in the
/// list, the one with the smallest delay is taken out, its delay added to the least-loaded of alpha
/// slots (equal: the lowest), and learnt from: an answer that names an unknown contact closer than
/// the farthest known resets the step counter, another answer raises it; failures and empty answers
/// leave it. Ends after `steps_to_stop` (default 3) raises in a row, at a record if the task stops
/// at one, or when none is left to try. Its delay is the fullest slot; its result the beta
/// closest of all contacts heard of, asked or not.
///
/// Defects kept: what is still in the list at the end is thrown away, so the slowest answers never
/// count; alpha above the number of contacts finds nothing; a contact that failed stays in the
/// result; the origin may be asked like any other.
class PyDhtLookup final : public LookupStrategy, public InstantLookup {
 public:
  static constexpr unsigned kDefaultStepsToStop = 3;

  void start(const LookupTask& task, std::span<const PeerRef> seeds) override;
  InstantLookup* instant() override { return this; }
  Resolution resolve(InstantPort& port) override;
  void collect(std::vector<ResultContact>& out) const override;

  // An instant lookup is not driven by events: calling these is an assertion.
  LookupStep next(SimTime now) override;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) override;
  void on_failure(PeerRef from, SimTime now) override;

 private:
  /// The outcome of one attempt that has not been learnt from yet.
  struct Pending {
    PeerRef from;
    Duration delay;
    bool answered = false;
    bool has_record = false;
    std::vector<NearContact> contacts;
  };

  void ask_nearest(InstantPort& port);
  Pending& take_fastest();
  void charge(Duration delay);
  void learn(const Pending& outcome);
  [[nodiscard]] std::size_t nearest_untried() const;

  LookupTask task_;
  CandidateList known_;
  SlotPool<Pending> pool_;              ///< memory of pending outcomes
  std::vector<std::uint32_t> pending_;  ///< their slots, by delay; equal delays: first come
  std::vector<Duration> slots_;         ///< alpha of them
  unsigned steps_ = 0;
  bool found_ = false;
};

}  // namespace kadsim
