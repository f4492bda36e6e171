#include "core/lookup/candidate_list.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <limits>

namespace kadsim {
namespace {

// A lookup with k 20 hears of some 200 contacts, hardly ever of more than 500: room for them from
// the start.
constexpr std::size_t kUsualSize = 512;
constexpr std::uint64_t kBehindAll = std::numeric_limits<std::uint64_t>::max();

}  // namespace

// Shared by all lists: most lookups rest while one learns.
struct CandidateList::Scratch {
  std::vector<Newcomer> newcomers;
  std::size_t found = 0;
  std::vector<PeerRef> peers;
  std::vector<std::uint64_t> distances;
};

CandidateList::Scratch& CandidateList::scratch() {
  thread_local Scratch memory;
  return memory;
}

void CandidateList::start(const PeerBook& book, const Hash& target) {
  book_ = &book;
  target_ = target;
  candidates_.clear();
  candidates_.reserve(kUsualSize);
  distances_.reserve(kUsualSize + 1);
  distances_.assign(1, kBehindAll);
}

CandidateList::News CandidateList::add(std::span<const PeerRef> contacts, unsigned hop,
                                       PeerRef except, std::span<const std::uint64_t> distances) {
  Scratch& memory = scratch();
  Heard heard{contacts, distances};
  if (distances.empty()) {
    memory.distances.clear();
    for (const PeerRef peer : contacts) memory.distances.push_back(distance_to(peer));
    heard.distances = memory.distances;
  }
  if (memory.newcomers.size() < contacts.size()) memory.newcomers.resize(contacts.size());
  if (!find_newcomers(heard, except, memory)) {
    heard = sort_and_find_newcomers(heard, except, memory);
  }
  if (memory.found == 0) return {};
  const std::size_t known = size();
  const std::size_t first = memory.newcomers.front().before;
  insert(heard, std::span(memory.newcomers).first(memory.found), hop);
  return {.added = memory.found,
          .nearest = first == 0,
          .nearer_than_farthest = first < known,
          .first = first};
}

// One walk along both, which needs the upper bits only. False, and nothing found, if those don't
// ascend in what was heard, or if somebody known has the same as another contact: a twin.
bool CandidateList::find_newcomers(const Heard& heard, PeerRef except, Scratch& memory) const {
  const std::size_t count = heard.peers.size();
  const std::size_t known = size();
  const std::uint64_t* const distances = distances_.data();
  const Candidate* const candidates = candidates_.data();
  std::size_t found = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t distance = heard.distances[i];
    const PeerRef peer = heard.peers[i];
    // Most contacts are known, and so is the next.
    if (at < known && distances[at] == distance && candidates[at].peer == peer) {
      ++at;
      continue;
    }
    if (i > 0 && distance <= heard.distances[i - 1]) return false;
    while (distances[at] < distance) ++at;
    if (distances[at] == distance) {
      if (at == known || candidates[at].peer != peer) return false;
      ++at;
    } else if (peer != except) {
      memory.newcomers[found++] = {i, at};
    }
  }
  memory.found = found;
  return true;
}

// The way that always works. Returns what was heard, sorted.
CandidateList::Heard CandidateList::sort_and_find_newcomers(const Heard& heard, PeerRef except,
                                                            Scratch& memory) const {
  std::vector<PeerRef>& peers = memory.peers;
  peers.assign(heard.peers.begin(), heard.peers.end());
  std::sort(peers.begin(), peers.end(), [this](PeerRef a, PeerRef b) { return nearer_than(a, b); });
  peers.erase(std::unique(peers.begin(), peers.end()), peers.end());
  memory.distances.clear();
  memory.found = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    const PeerRef peer = peers[i];
    memory.distances.push_back(distance_to(peer));
    while (at < size() && nearer_than(candidates_[at].peer, peer)) ++at;
    if (peer == except || (at < size() && candidates_[at].peer == peer)) continue;
    memory.newcomers[memory.found++] = {i, at};
  }
  return {peers, memory.distances};
}

// From behind, so that each candidate moves once.
void CandidateList::insert(const Heard& heard, std::span<const Newcomer> newcomers, unsigned hop) {
  const auto bounded = static_cast<std::uint16_t>(
      std::min<unsigned>(hop, std::numeric_limits<std::uint16_t>::max()));
  std::size_t end = size();
  candidates_.resize(end + newcomers.size());
  distances_.resize(end + newcomers.size() + 1);
  distances_.back() = kBehindAll;
  Candidate* const candidates = candidates_.data();
  std::uint64_t* const distances = distances_.data();
  for (std::size_t i = newcomers.size(); i-- > 0;) {
    const auto [from, begin] = newcomers[i];
    std::copy_backward(candidates + begin, candidates + end, candidates + end + i + 1);
    std::copy_backward(distances + begin, distances + end, distances + end + i + 1);
    candidates[begin + i] = {heard.peers[from], bounded, CandidateState::kHeard};
    distances[begin + i] = heard.distances[from];
    end = begin;
  }
}

std::size_t CandidateList::find(PeerRef peer) const {
  const auto first = std::lower_bound(distances_.begin(), distances_.end() - 1, distance_to(peer));
  auto at = static_cast<std::size_t>(first - distances_.begin());
  while (at < size() && nearer_than(candidates_[at].peer, peer)) ++at;
  return at < size() && candidates_[at].peer == peer ? at : size();
}

std::size_t CandidateList::find_asked(PeerRef peer) const {
  std::size_t at = 0;
  while (at < size() && candidates_[at].peer != peer) ++at;
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
