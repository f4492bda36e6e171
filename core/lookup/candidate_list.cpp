#include "core/lookup/candidate_list.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <limits>

namespace kadsim {
namespace {

// A lookup with k 20 hears of some 500 contacts, hardly ever of more than 1,000: room for all of
// them from the start.
constexpr std::size_t kUsualSize = 1024;

}  // namespace

void CandidateList::start(const PeerBook& book, const Hash& target) {
  book_ = &book;
  target_ = target;
  candidates_.clear();
  candidates_.reserve(kUsualSize);
}

std::size_t CandidateList::lower_bound(std::uint64_t distance, PeerRef peer) const {
  const auto at =
      std::lower_bound(candidates_.begin(), candidates_.end(), distance,
                       [&](const Candidate& candidate, std::uint64_t wanted) {
                         if (candidate.distance != wanted) return candidate.distance < wanted;
                         // Equal upper bits: the same contact, or two that only their full hashes
                         // tell apart.
                         return candidate.peer != peer &&
                                nearer(target_, book_->hash(candidate.peer), book_->hash(peer));
                       });
  return static_cast<std::size_t>(at - candidates_.begin());
}

std::size_t CandidateList::find(PeerRef peer) const {
  const std::uint64_t distance = book_->hash(peer).upper_word() ^ target_.upper_word();
  const std::size_t at = lower_bound(distance, peer);
  return at < candidates_.size() && candidates_[at].peer == peer ? at : candidates_.size();
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

std::size_t CandidateList::add(PeerRef peer, unsigned hop) {
  const std::uint64_t distance = book_->hash(peer).upper_word() ^ target_.upper_word();
  const std::size_t at = lower_bound(distance, peer);
  if (at < candidates_.size() && candidates_[at].peer == peer) return candidates_.size();
  const auto bounded = static_cast<std::uint16_t>(
      std::min<unsigned>(hop, std::numeric_limits<std::uint16_t>::max()));
  candidates_.insert(candidates_.begin() + static_cast<std::ptrdiff_t>(at),
                     Candidate{distance, peer, bounded, CandidateState::kHeard});
  return at;
}

}  // namespace kadsim
