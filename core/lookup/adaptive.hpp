#pragma once

#include <vector>

#include "core/lookup/nearest_first.hpp"

namespace kadsim {

/// A window that starts low, widens while nothing is gained, and asks no contact in vain. Ours,
/// after the wish libp2p/go-libp2p-kad-dht#546. Stop rule and result: NearestFirstLookup.
///
/// - **Window.** It starts at alpha (default 2). An answer that names an unknown contact among the
///   `beta` nearest, failed ones left out, is progress and sets it back to alpha; one that does not
///   doubles it. Far from the target much of what is asked at once is asked in vain; once answers
///   name no new contact, those left among the nearest have to be asked anyway.
/// - **Overdue contacts.** One that has been asked for longer than answers take in this lookup
///   holds no place in the window. How long they take: mean + 4 deviations of the answers so far,
///   dials included, smoothed as TCP does its round trips (RFC 6298), at least mean + 1 ms; 1 s
///   before the first answer.
/// - **Horizon.** No contact is asked whose answer the stop rule does not need: only the `beta`
///   nearest that did not fail, and one more for each that is overdue.
///
/// At most max(alpha, k) contacts are asked at once, overdue ones included.
class AdaptiveLookup final : public NearestFirstLookup {
 public:
  static constexpr unsigned kDefaultAlpha = 2;
  static constexpr Duration kFirstPatience = Duration::seconds(1);
  static constexpr Duration kLeastSlack = Duration::milliseconds(1);

 private:
  struct Attempt {
    PeerRef contact;
    SimTime since;
  };

  void begin() override;
  bool may_ask(SimTime now) override;
  [[nodiscard]] std::size_t horizon(SimTime now) const override;
  [[nodiscard]] SimTime opens_at(SimTime now) const override;
  void asked(PeerRef contact, SimTime now) override;
  void ended(PeerRef contact, const Ended& how, SimTime now) override;

  [[nodiscard]] unsigned widest() const;
  [[nodiscard]] unsigned overdue(SimTime now) const;
  [[nodiscard]] bool is_progress(const Ended& how) const;
  void measure(Duration answer_time);

  std::vector<Attempt> open_;  ///< in the order in which they were asked
  unsigned window_ = 0;
  bool measured_ = false;
  Duration mean_;       ///< of answer times, smoothed
  Duration deviation_;  ///< likewise, their mean distance from the mean
  Duration patience_;   ///< a contact asked for so long is overdue
};

}  // namespace kadsim
