#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/base/prefetch.hpp"
#include "core/base/prefetching.hpp"
#include "core/lookup/candidate_list.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// Asks the nearest contact not asked yet whenever a schedule allows it: what `sliding-window`,
/// `lock-step` and `adaptive` have in common, so that they differ in their schedules only.
///
/// Ends when, whichever comes first:
/// - the `beta` nearest known contacts, failed ones skipped, have all answered (complete);
/// - `steps_to_stop` answers in a row named no unknown contact nearer than the nearest known
///   (complete; off unless set);
/// - no contact is left to ask and nothing is in flight (exhausted).
/// So with fewer than `beta` live contacts known, it ends exhausted. The result is the nearest
/// known contacts without failed ones. A failed contact is never asked again, and the origin is
/// never asked.
class alignas(kCacheLine) NearestFirstLookup : public LookupStrategy, public Prefetching {
 public:
  void start(const LookupTask& task, std::span<const PeerRef> seeds) final;
  LookupStep next(SimTime now) final;
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) final;
  void on_failure(PeerRef from, SimTime now) final;
  /// Its one step: the nearest contacts, those that an answer is most likely about. A strategy
  /// serves one lookup at a time, so the tag says nothing.
  void prefetch(std::uint64_t, unsigned) const final { known_.prefetch(); }
  [[nodiscard]] std::optional<std::uint32_t> likely_next(std::uint64_t) const final;
  void collect(std::vector<ResultContact>& out) const final;

 protected:
  /// What became of an attempt.
  struct Ended {
    bool answered = false;
    bool named_unknown = false;     ///< the answer named an unknown contact
    std::size_t first_unknown = 0;  ///< position of the nearest unknown contact that it named
  };

  [[nodiscard]] const LookupOptions& options() const { return *options_; }
  [[nodiscard]] unsigned in_flight() const { return in_flight_; }
  [[nodiscard]] const CandidateList& known() const { return known_; }

 private:
  // The schedule.
  virtual void begin() = 0;
  /// Whether another contact may be asked now. A second call gives the same answer unless something
  /// has happened in between.
  virtual bool may_ask(SimTime now) = 0;
  /// The time at which `may_ask` becomes true if nothing else happens.
  [[nodiscard]] virtual SimTime opens_at(SimTime /*now*/) const { return SimTime::max(); }
  /// How many of the nearest contacts, failed ones left out, may be asked at all.
  [[nodiscard]] virtual std::size_t horizon(SimTime /*now*/) const { return kNoHorizon; }
  virtual void asked(PeerRef /*contact*/, SimTime /*now*/) {}
  /// The attempt at `contact` is over; `in_flight()` no longer counts it.
  virtual void ended(PeerRef /*contact*/, const Ended& /*how*/, SimTime /*now*/) {}

  static constexpr std::size_t kNoHorizon = std::numeric_limits<std::size_t>::max();

  [[nodiscard]] std::uint32_t nearest_unasked() const;
  /// An unknown contact came to stand at `from`, among those settled.
  void unsettle(std::uint32_t from);

  // What a reply touches is one cache line, up to the rows of `known_`.
  const LookupOptions* options_ = nullptr;
  std::uint32_t settled_ = 0;           // this many of the nearest contacts answered or failed,
  std::uint32_t settled_answered_ = 0;  // and this many of those answered
  std::uint32_t unasked_ = 0;           // at least this many of the nearest have been asked
  unsigned in_flight_ = 0;
  unsigned steps_without_progress_ = 0;
  PeerRef origin_;
  CandidateList known_;
};

}  // namespace kadsim
