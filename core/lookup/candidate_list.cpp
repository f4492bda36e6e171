#include "core/lookup/candidate_list.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <limits>

namespace kadsim {
namespace {

// A lookup with k 20 hears of some 200 contacts, hardly ever of more than 500: room for them from
// the start.
constexpr std::size_t kUsualSize = 512;

// An unknown contact, and the position of the first candidate that is farther.
struct Newcomer {
  Candidate candidate;
  std::size_t before = 0;
};

}  // namespace

void CandidateList::start(const PeerBook& book, const Hash& target) {
  book_ = &book;
  target_ = target;
  candidates_.clear();
  candidates_.reserve(kUsualSize);
}

CandidateList::News CandidateList::add(std::span<const PeerRef> contacts, unsigned hop,
                                       PeerRef except) {
  // Scratch memory, shared by all lists: most lookups rest while one learns.
  thread_local std::vector<Candidate> heard_memory;
  thread_local std::vector<Newcomer> newcomer_memory;
  if (heard_memory.size() < contacts.size()) {
    heard_memory.resize(contacts.size());
    newcomer_memory.resize(contacts.size());
  }
  const std::span<const Candidate> heard = heard_of(contacts, hop, except, heard_memory);

  std::size_t added = 0;
  Newcomer* const newcomers = newcomer_memory.data();
  const std::size_t known = size();
  std::size_t at = 0;
  for (const Candidate& contact : heard) {
    while (at < known && candidates_[at].distance < contact.distance) ++at;
    // Equal upper bits: a contact that is known, or one that only the full hash tells apart.
    while (at < known && before(candidates_[at], contact)) ++at;
    if (at < known && candidates_[at].peer == contact.peer) continue;
    if (added > 0 && newcomers[added - 1].candidate.peer == contact.peer) continue;
    newcomers[added++] = {contact, at};
  }
  if (added == 0) return {};
  const News news{.added = added,
                  .nearest = newcomers[0].before == 0,
                  .nearer_than_farthest = newcomers[0].before < known,
                  .first = newcomers[0].before};

  // From behind, so that each candidate moves once.
  candidates_.resize(known + added);
  Candidate* const list = candidates_.data();
  std::size_t end = known;
  for (std::size_t i = added; i-- > 0;) {
    const std::size_t begin = newcomers[i].before;
    std::copy_backward(list + begin, list + end, list + end + i + 1);
    list[begin + i] = newcomers[i].candidate;
    end = begin;
  }
  return news;
}

std::span<const Candidate> CandidateList::heard_of(std::span<const PeerRef> contacts, unsigned hop,
                                                   PeerRef except,
                                                   std::span<Candidate> memory) const {
  const auto bounded = static_cast<std::uint16_t>(
      std::min<unsigned>(hop, std::numeric_limits<std::uint16_t>::max()));
  std::size_t count = 0;
  bool ascending = true;
  std::uint64_t last = 0;
  for (const PeerRef peer : contacts) {
    if (peer == except) continue;
    const std::uint64_t distance = book_->upper_word(peer) ^ target_.upper_word();
    ascending &= last < distance || count == 0;
    last = distance;
    memory[count++] = {distance, peer, bounded, CandidateState::kHeard};
  }
  const std::span<Candidate> heard = memory.first(count);
  if (!ascending) {
    std::sort(heard.begin(), heard.end(),
              [this](const Candidate& a, const Candidate& b) { return before(a, b); });
  }
  return heard;
}

std::size_t CandidateList::find(PeerRef peer) const {
  const Candidate wanted{.distance = book_->upper_word(peer) ^ target_.upper_word(), .peer = peer};
  const auto at =
      std::lower_bound(candidates_.begin(), candidates_.end(), wanted,
                       [this](const Candidate& a, const Candidate& b) { return before(a, b); });
  return at != candidates_.end() && at->peer == peer
             ? static_cast<std::size_t>(at - candidates_.begin())
             : size();
}

std::size_t CandidateList::find_asked(PeerRef peer) const {
  const std::size_t at = find(peer);
  KADSIM_ASSERT(at < size() && candidates_[at].state == CandidateState::kAsked,
                "the end of an attempt at a contact that is not being asked");
  return at;
}

void CandidateList::collect_nearest(std::size_t count, bool skip_failed,
                                    std::vector<ResultContact>& out) const {
  out.clear();
  for (const Candidate& candidate : candidates_) {
    if (out.size() == count) break;
    const bool failed =
        candidate.state == CandidateState::kFailed || candidate.state == CandidateState::kGivenUp;
    if (skip_failed && failed) continue;
    out.push_back({candidate.peer, candidate.hop, candidate.state == CandidateState::kAnswered});
  }
}

void CandidateList::collect_answered(std::size_t count, std::vector<ResultContact>& out) const {
  out.clear();
  for (const Candidate& candidate : candidates_) {
    if (out.size() == count) break;
    if (candidate.state != CandidateState::kAnswered) continue;
    out.push_back({candidate.peer, candidate.hop, true});
  }
}

}  // namespace kadsim
