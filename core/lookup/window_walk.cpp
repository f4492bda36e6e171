#include "core/lookup/window_walk.hpp"

namespace kadsim {

LookupStep walk_window(CandidateList& known, OpenAttempts& open, const WalkRules& rules,
                       SimTime now) {
  const bool place_at_first = open.size() < rules.width;
  const bool at_once = rules.freed_place == FreedPlace::kAtOnce;
  const auto has_place = [&] { return at_once ? open.size() < rules.width : place_at_first; };
  // A deadline that has passed unnoticed is noticed by the walk that finds a place free.
  const auto wait = [&] { return LookupStep::wait(open.next_deadline(now)); };
  bool freed = false;
  const auto wait_for_place = [&] { return freed && !at_once ? LookupStep::wait(now) : wait(); };

  unsigned answered = 0;
  bool nearer_is_open = false;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const PeerRef contact = known[i].peer;
    switch (known[i].state) {
      case CandidateState::kAsked:
        if (now >= open.deadline(contact)) {
          open.remove(contact);
          known.set_state(i, CandidateState::kGivenUp);
          freed = true;
        } else if (!has_place()) {
          return wait_for_place();
        } else {
          nearer_is_open = true;
        }
        break;
      case CandidateState::kAnswered:
        if (!nearer_is_open && ++answered == rules.results) {
          return LookupStep::finished(LookupEnd::kComplete);
        }
        break;
      case CandidateState::kHeard:
        if (!has_place()) return wait_for_place();
        known.set_state(i, CandidateState::kAsked);
        open.add(contact, now);
        return LookupStep::ask(contact);
      case CandidateState::kFailed:
      case CandidateState::kGivenUp:
        break;
    }
  }
  return open.empty() ? LookupStep::finished(LookupEnd::kExhausted) : wait();
}

}  // namespace kadsim
