#pragma once

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/open_attempts.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// The node lookup of the Kademlia paper, in rounds.
///
/// A round looks at the k contacts nearest to the target that did not fail, and asks the alpha
/// (default 3) nearest of them that were not asked yet. After a round in which no answer named a
/// contact nearer than the nearest known, the next round asks all of the k that were not asked yet.
/// A round is over when all its attempts have ended. The lookup is complete as soon as the k
/// nearest have all answered, and exhausted when no contact is left to ask and fewer have.
///
/// With `contact_timeout` (default: none; the paper says "quickly") a contact that has not answered
/// by then, at its deadline included, is left out until it does. At most max(k, alpha) contacts are
/// waited for.
///
/// Source: Maymounkov & Mazieres, "Kademlia", 2002, sec. 2.3. Departure: the paper allows a round
/// to begin before all of the one before have ended, and does not say when; this one waits for all
/// attempts. `sliding-window` is the other reading.
class Kademlia2002Lookup final : public LookupStrategy {
 public:
  void start(const LookupTask& task, std::span<const PeerRef> seeds) override;
  LookupStep next(SimTime now) override;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) override;
  void on_failure(PeerRef from, SimTime now) override;
  void collect(std::vector<ResultContact>& out) const override;

 private:
  void begin_round();

  LookupTask task_;
  CandidateList known_;
  OpenAttempts open_;
  unsigned to_ask_ = 0;  ///< how many this round may still ask
  bool nearer_ = true;   ///< a nearer one was heard of in this round, or there was none yet
};

}  // namespace kadsim
