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
  thread_local std::vector<Candidate> heard;
  thread_local std::vector<Newcomer> newcomers;
  const auto bounded = static_cast<std::uint16_t>(
      std::min<unsigned>(hop, std::numeric_limits<std::uint16_t>::max()));
  heard.clear();
  bool ascending = true;
  for (const PeerRef peer : contacts) {
    if (peer == except) continue;
    const std::uint64_t distance = book_->upper_word(peer) ^ target_.upper_word();
    ascending &= heard.empty() || heard.back().distance < distance;
    heard.push_back({distance, peer, bounded, CandidateState::kHeard});
  }
  const auto nearer_first = [this](const Candidate& a, const Candidate& b) { return before(a, b); };
  if (!ascending) std::sort(heard.begin(), heard.end(), nearer_first);

  newcomers.clear();
  std::size_t at = 0;
  for (const Candidate& contact : heard) {
    while (at < size() && before(candidates_[at], contact)) ++at;
    const bool known = at < size() && candidates_[at].peer == contact.peer;
    const bool twice = !newcomers.empty() && newcomers.back().candidate.peer == contact.peer;
    if (!known && !twice) newcomers.push_back({contact, at});
  }
  if (newcomers.empty()) return {};
  const News news{.added = newcomers.size(),
                  .nearest = newcomers.front().before == 0,
                  .nearer_than_farthest = newcomers.front().before < size()};

  // From behind, so that each candidate moves once.
  std::size_t end = size();
  candidates_.resize(size() + newcomers.size());
  std::size_t to = size();
  for (auto newcomer = newcomers.rbegin(); newcomer != newcomers.rend(); ++newcomer) {
    const auto first = candidates_.begin() + static_cast<std::ptrdiff_t>(newcomer->before);
    const auto last = candidates_.begin() + static_cast<std::ptrdiff_t>(end);
    std::move_backward(first, last, candidates_.begin() + static_cast<std::ptrdiff_t>(to));
    to -= end - newcomer->before + 1;
    end = newcomer->before;
    candidates_[to] = newcomer->candidate;
  }
  return news;
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
    if (skip_failed && candidate.state == CandidateState::kFailed) continue;
    out.push_back({candidate.peer, candidate.hop, candidate.state == CandidateState::kAnswered});
  }
}

}  // namespace kadsim
