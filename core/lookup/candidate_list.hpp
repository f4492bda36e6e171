#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "core/lookup/strategy.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

enum class CandidateState : std::uint8_t {
  kHeard,  ///< known, not asked
  kAsked,  ///< being asked
  kAnswered,
  kFailed,
};

/// A contact that a lookup knows.
struct Candidate {
  std::uint64_t distance = 0;  ///< upper 64 bits of its XOR distance to the target
  PeerRef peer;
  std::uint16_t hop =
      0;  ///< 1 from the origin's own table, else 1 + that of the contact that first named it
  CandidateState state = CandidateState::kHeard;
};

/// All contacts that a lookup has heard of, each once, nearest to the target first.
///
/// A sorted array: lookups know some hundred contacts, nearly all new ones arrive near the front or
/// are known already, and every question a strategy asks ("the nearest not asked", "the first k
/// that did not fail") is a walk from the front. Finding is O(log n), adding O(n) moves of 16
/// bytes. Allocates only to grow.
class CandidateList {
 public:
  /// Forgets everything; keeps the memory. `book` outlives the list.
  void start(const PeerBook& book, const Hash& target);

  /// Adds a contact as kHeard unless it is known. Returns its position, or size() if it was known.
  std::size_t add(PeerRef peer, unsigned hop);
  /// Position of a contact; size() if unknown.
  [[nodiscard]] std::size_t find(PeerRef peer) const;
  /// Position of a contact that is being asked; an assertion otherwise.
  [[nodiscard]] std::size_t find_asked(PeerRef peer) const;
  /// Sets `out` to the `count` nearest contacts, leaving out those that failed if `skip_failed`.
  void collect_nearest(std::size_t count, bool skip_failed, std::vector<ResultContact>& out) const;

  [[nodiscard]] std::size_t size() const { return candidates_.size(); }
  [[nodiscard]] bool empty() const { return candidates_.empty(); }
  [[nodiscard]] const Candidate& operator[](std::size_t i) const { return candidates_[i]; }
  [[nodiscard]] std::span<const Candidate> all() const { return candidates_; }
  void set_state(std::size_t i, CandidateState state) { candidates_[i].state = state; }

  [[nodiscard]] const Hash& target() const { return target_; }

 private:
  /// First position whose contact is not nearer than `peer`.
  [[nodiscard]] std::size_t lower_bound(std::uint64_t distance, PeerRef peer) const;

  const PeerBook* book_ = nullptr;
  Hash target_;
  std::vector<Candidate> candidates_;
};

}  // namespace kadsim
