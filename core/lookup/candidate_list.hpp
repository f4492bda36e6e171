#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/paired_arrays.hpp"
#include "core/base/prefetch.hpp"
#include "core/hash/hash.hpp"
#include "core/lookup/strategy.hpp"
#include "core/table/near_contact.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

enum class CandidateState : std::uint8_t {
  kHeard,  ///< known, not asked
  kAsked,  ///< being asked
  kAnswered,
  kFailed,
  kGivenUp,  ///< asked, and no longer waited for; its answer may still come
};

/// A contact that a lookup knows.
struct Candidate {
  PeerRef peer;
  /// 1 from the origin's own table, else 1 + that of the contact that first named it
  std::uint16_t hop = 0;
  CandidateState state = CandidateState::kHeard;
};

/// All contacts that a lookup has heard of, each once, nearest to the target first.
///
/// The contacts are kept in sorted arrays. A lookup knows a few hundred contacts; nearly all that
/// an answer names lie near the front, and most of them are known already; and every question that
/// a strategy asks ("the nearest not asked", "the first k that did not fail") is a walk from the
/// front. The contacts of an answer are sorted as well and are merged in one walk; finding one
/// contact is O(log n). Memory is allocated only to grow.
///
/// Hops and states are kept in an array of their own, since merging does not read them. Twins (see
/// NearContact) are told apart by their full hashes.
class CandidateList {
 public:
  /// Forgets everything; keeps the memory. `book` outlives the list. Before the first call the list
  /// is empty, and nothing can be added.
  void start(const PeerBook& book, const Hash& target);

  /// How the contacts of a call of `add` compare with those known before.
  struct News {
    std::size_t added = 0;              ///< unknown ones
    bool nearest = false;               ///< an unknown one is nearer than all known
    bool nearer_than_farthest = false;  ///< an unknown one is nearer than the farthest known
    std::size_t first = 0;              ///< position of the nearest unknown one, if added > 0
  };
  /// Adds the unknown ones of `contacts` as kHeard, without `except`. O(c + n) for c contacts in
  /// ascending order of distance and n candidates; contacts in another order are sorted first.
  News add(std::span<const NearContact> contacts, unsigned hop, PeerRef except = kNoPeer);
  /// The same, for contacts whose distances are still to be measured.
  News add(std::span<const PeerRef> contacts, unsigned hop, PeerRef except = kNoPeer);

  /// Position of a contact; size() if unknown.
  [[nodiscard]] std::size_t find(PeerRef peer) const;
  /// Position of a contact that is being asked; an assertion if it is not. Walks from the front,
  /// where such contacts are, and reads no hash: O(n).
  [[nodiscard]] std::size_t find_asked(PeerRef peer) const;
  /// Sets `out` to the `count` nearest contacts, leaving out those that failed or were given up if
  /// `skip_failed`.
  void collect_nearest(std::size_t count, bool skip_failed, std::vector<ResultContact>& out) const;
  /// Sets `out` to the `count` nearest contacts that answered.
  void collect_answered(std::size_t count, std::vector<ResultContact>& out) const;

  /// Position of the nearest contact in this state; size() if there is none. O(n).
  [[nodiscard]] std::size_t nearest(CandidateState state) const;
  /// How many of the `among` nearest are in this state. O(among). Pre: among <= size().
  [[nodiscard]] std::size_t count(CandidateState state, std::size_t among) const;

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Candidate operator[](std::size_t i) const {
    return {contacts()[i].peer(), fates()[i].hop, fates()[i].state};
  }
  void set_state(std::size_t i, CandidateState state) { fates()[i].state = state; }
  /// Asks ahead for the memory of the nearest candidates, which answers are most likely about.
  void prefetch() const {
    constexpr std::size_t kNear = 24;
    kadsim::prefetch(contacts(), kNear * sizeof(NearContact));
    kadsim::prefetch(fates(), kNear * sizeof(Fate));
  }

  [[nodiscard]] const Hash& target() const { return target_; }

 private:
  // How far a candidate is from the origin in hops, and what became of it.
  struct Fate {
    std::uint16_t hop = 0;
    CandidateState state = CandidateState::kHeard;
  };
  // An unknown contact, and the place of the first candidate farther than it.
  struct Newcomer {
    NearContact contact;
    std::size_t before = 0;
  };
  struct Scratch;
  static Scratch& scratch();

  [[nodiscard]] NearContact* contacts() const { return rows_.first(); }
  [[nodiscard]] Fate* fates() const { return rows_.second(); }
  [[nodiscard]] NearContact measured(PeerRef peer) const {
    return {peer, book_->upper_word(peer) ^ target_.upper_word()};
  }
  /// Is `a` nearer than `b`? Compares full hashes.
  [[nodiscard]] bool nearer_than(PeerRef a, PeerRef b) const {
    return book_->nearer(target_, a, b);
  }

  bool find_newcomers(std::span<const NearContact> heard, PeerRef except, Scratch& memory) const;
  void sort_and_find_newcomers(std::span<const NearContact> heard, PeerRef except,
                               Scratch& memory) const;
  void insert(std::span<const Newcomer> newcomers, unsigned hop);
  void resize(std::size_t size);

  PairedArrays<NearContact, Fate> rows_;  // and a last one, farther than all
  const PeerBook* book_ = nullptr;
  Hash target_;
};

}  // namespace kadsim
