#include "core/lookup/candidate_list.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <limits>

namespace kadsim {
namespace {

// A lookup with k 20 hears of some 200 contacts: room for them from the start.
constexpr std::size_t kUsualSize = 256;

}  // namespace

// Shared by all lists of a thread: only one of them learns at a time.
struct CandidateList::Scratch {
  std::vector<Newcomer> newcomers;
  std::size_t found = 0;  // of them
  std::vector<NearContact> heard;
};

CandidateList::Scratch& CandidateList::scratch() {
  thread_local Scratch memory;
  return memory;
}

void CandidateList::start(const PeerBook& book, const Hash& target) {
  book_ = &book;
  target_ = target;
  rows_.reserve(kUsualSize);
  resize(0);
}

CandidateList::News CandidateList::add(std::span<const PeerRef> contacts, unsigned hop,
                                       PeerRef except) {
  std::vector<NearContact>& heard = scratch().heard;
  heard.clear();
  for (const PeerRef peer : contacts) heard.push_back(measured(peer));
  return add(heard, hop, except);
}

CandidateList::News CandidateList::add(std::span<const NearContact> contacts, unsigned hop,
                                       PeerRef except) {
  Scratch& memory = scratch();
  if (memory.newcomers.size() < contacts.size()) memory.newcomers.resize(contacts.size());
  if (!find_newcomers(contacts, except, memory)) sort_and_find_newcomers(contacts, except, memory);
  if (memory.found == 0) return {};
  const std::size_t known = size();
  const std::size_t first = memory.newcomers.front().before;
  insert(std::span(memory.newcomers).first(memory.found), hop);
  return {.added = memory.found,
          .nearest = first == 0,
          .nearer_than_farthest = first < known,
          .first = first};
}

// Walks along both lists once. False if the contacts heard are not in order of distance, or
// if a known contact is the twin of another one.
bool CandidateList::find_newcomers(std::span<const NearContact> heard, PeerRef except,
                                   Scratch& memory) const {
  const NearContact* const known = contacts();
  const NearContact* at = known;
  Newcomer* const newcomers = memory.newcomers.data();
  std::size_t found = 0;
  std::uint64_t beyond = 0;  // the rounded distance of the contact before, and one
  for (const NearContact contact : heard) {
    const std::uint32_t distance = contact.rounded_distance();
    if (distance < beyond) return false;
    beyond = std::uint64_t{distance} + 1;
    while (at->rounded_distance() < distance) ++at;
    if (*at == contact) {
      ++at;
    } else if (at->rounded_distance() == distance) {
      return false;
    } else if (contact.peer() != except) {
      newcomers[found++] = {contact, static_cast<std::size_t>(at - known)};
    }
  }
  memory.found = found;
  return true;
}

// Works for contacts in any order, twins included.
void CandidateList::sort_and_find_newcomers(std::span<const NearContact> heard, PeerRef except,
                                            Scratch& memory) const {
  std::vector<NearContact> sorted(heard.begin(), heard.end());
  std::sort(sorted.begin(), sorted.end(),
            [this](NearContact a, NearContact b) { return nearer_than(a, b); });
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  memory.found = 0;
  std::size_t at = 0;
  for (const NearContact contact : sorted) {
    while (at < size() && nearer_than(contacts()[at], contact)) ++at;
    if (contact.peer() == except || (at < size() && contacts()[at] == contact)) continue;
    memory.newcomers[memory.found++] = {contact, at};
  }
}

void CandidateList::resize(std::size_t size) {
  rows_.reserve_more(size + 1);
  rows_.resize(size);
  contacts()[size] = NearContact();
}

// Inserts from the far end, so that each candidate moves once.
void CandidateList::insert(std::span<const Newcomer> newcomers, unsigned hop) {
  const auto bounded = static_cast<std::uint16_t>(
      std::min<unsigned>(hop, std::numeric_limits<std::uint16_t>::max()));
  std::size_t end = size();
  resize(end + newcomers.size());
  Fate* const fates = this->fates();
  NearContact* const contacts = this->contacts();
  for (std::size_t i = newcomers.size(); i-- > 0;) {
    const auto [contact, begin] = newcomers[i];
    std::copy_backward(contacts + begin, contacts + end, contacts + end + i + 1);
    std::copy_backward(fates + begin, fates + end, fates + end + i + 1);
    contacts[begin + i] = contact;
    fates[begin + i] = {bounded, CandidateState::kHeard};
    end = begin;
  }
}

std::size_t CandidateList::find(PeerRef peer) const {
  const std::uint32_t distance = measured(peer).rounded_distance();
  const std::span<const NearContact> known(contacts(), size() + 1);
  const auto first =
      std::ranges::lower_bound(known.first(size()), distance, {}, &NearContact::rounded_distance);
  auto at = static_cast<std::size_t>(first - known.begin());
  while (known[at].rounded_distance() == distance && known[at].peer() != peer) ++at;
  return known[at].peer() == peer ? at : size();
}

std::size_t CandidateList::find_asked(PeerRef peer) const {
  std::size_t at = 0;
  while (at < size() && contacts()[at].peer() != peer) ++at;
  KADSIM_ASSERT(at < size() && fates()[at].state == CandidateState::kAsked,
                "the end of an attempt at a contact that is not being asked");
  return at;
}

std::size_t CandidateList::nearest(CandidateState state) const {
  const std::span<const Fate> all(fates(), size());
  return static_cast<std::size_t>(std::ranges::find(all, state, &Fate::state) - all.begin());
}

std::size_t CandidateList::count(CandidateState state, std::size_t among) const {
  return static_cast<std::size_t>(
      std::ranges::count(std::span<const Fate>(fates(), among), state, &Fate::state));
}

void CandidateList::collect_nearest(std::size_t count, bool skip_failed,
                                    std::vector<ResultContact>& out) const {
  out.clear();
  for (std::size_t i = 0; i < size() && out.size() < count; ++i) {
    const auto [peer, hop, state] = (*this)[i];
    const bool failed = state == CandidateState::kFailed || state == CandidateState::kGivenUp;
    if (!skip_failed || !failed) out.push_back({peer, hop, state == CandidateState::kAnswered});
  }
}

void CandidateList::collect_answered(std::size_t count, std::vector<ResultContact>& out) const {
  out.clear();
  for (std::size_t i = 0; i < size() && out.size() < count; ++i) {
    const auto [peer, hop, state] = (*this)[i];
    if (state == CandidateState::kAnswered) out.push_back({peer, hop, true});
  }
}

}  // namespace kadsim
