#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/event/entry_chain.hpp"
#include "core/event/event_entry.hpp"
#include "core/event/event_heap.hpp"

namespace kadsim {

/// A priority queue of events, the least key first, for clocks that do not run backwards.
///
/// A comparison heap of a million events pays ten dependent cache misses a pop. Here an event is
/// only put roughly in its place, and sorted with its few neighbours when its turn is near:
///
///   near_     the next dozens or hundreds, sorted, up to the end of the current tick
///   early_    a heap for what is pushed into the current tick (or before it) afterwards
///   buckets_  everything later, unsorted. A tick is a time divided by the width of 2^shift ns.
///             Read as a number of digits, a later tick differs from the current one first in
///             digit L (counted from the last, 0); it lies in bucket [L][its digit L].
///
/// When near_ runs short, the first used bucket of the lowest used level comes next: a bucket of
/// level 0 is one tick, is sorted and put behind the others; one of a higher level is dealt out to
/// the levels below. So an entry moves at most once a level, in practice one or two times. The
/// width follows the mean distance of the events that ran, so that a tick holds about 256,
/// whether they come nanoseconds apart or hours: O(1) amortised then, O(log n) at worst. near_
/// never runs out before the buckets do, so that whoever runs events can fetch what the next ones
/// touch.
///
/// An entry can't be taken out of the middle; whoever cancels skips the entry later, or calls
/// `remove_if`.
///
/// Source: a radix heap (Ahuja, Mehlhorn, Orlin & Tarjan, "Faster algorithms for the shortest path
/// problem", J. ACM 37(2), 1990) with hierarchical timing wheels as its buckets (Varghese & Lauck,
/// SOSP 1987) and the sorted bottom of a ladder queue (Tang, Goh & Thng, ACM TOMACS 15(3), 2005).
class EventQueue {
 public:
  EventQueue();

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The entry with the least key; valid until the queue is touched again. Pre: not empty.
  [[nodiscard]] const EventEntry& top() {
    const std::size_t known = near_.size() - at_ + early_.size();
    if (known < kAhead && known < size_) advance();
    return early_first() ? early_.top() : near_[at_];
  }
  /// Removes it. Pre: not empty.
  void pop() {
    floor_ = top().key.time;
    if (early_first()) {
      early_.pop();
    } else {
      ++at_;
    }
    --size_;
    if (++epoch_pops_ >= epoch_length_) adapt();
  }
  /// Pre: the entry's time is not below that of the last one popped.
  void push(const EventEntry& entry) {
    ++size_;
    if (tick(entry) > current_) {
      put_in_bucket(entry);
    } else {
      push_early(entry);
    }
  }
  /// So many entries are known beforehand, as long as there are so many and they are not early_.
  static constexpr std::size_t kAhead = 40;
  /// The entry that will be popped after about `ahead` others, ahead < kAhead; null if there is
  /// none. Call it after `top`.
  [[nodiscard]] const EventEntry* upcoming(std::size_t ahead) const {
    return at_ + ahead < near_.size() ? &near_[at_ + ahead] : nullptr;
  }

  /// Drops every entry for which `dead(entry)` holds. O(n).
  template <class Predicate>
  void remove_if(Predicate dead) {
    near_.erase(near_.begin(), near_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
    std::erase_if(near_, dead);
    early_.remove_if(dead);
    size_ = near_.size() + early_.size();
    for (const EntryBlocks::Chain& chain : take_chains()) {
      blocks_.drain(chain, [&](const EventEntry& entry) {
        if (dead(entry)) return;
        ++size_;
        put_in_bucket(entry);
      });
    }
  }

 private:
  static constexpr unsigned kDigitBits = 12;
  static constexpr unsigned kDigits = 1U << kDigitBits;
  static constexpr unsigned kLevels = 6;  // 72 bits, more than a time has

  [[nodiscard]] std::uint64_t tick(const EventEntry& entry) const {
    return static_cast<std::uint64_t>(entry.key.time.ns()) >> shift_;
  }
  [[nodiscard]] bool early_first() const {
    return !early_.empty() && (at_ == near_.size() || early_.top().key < near_[at_].key);
  }
  void put_in_bucket(const EventEntry& entry) {
    const std::uint64_t to = tick(entry);
    const unsigned level =
        (63U - static_cast<unsigned>(__builtin_clzll(to ^ current_))) / kDigitBits;
    const unsigned digit = static_cast<unsigned>(to >> (level * kDigitBits)) % kDigits;
    used_[level][digit / 64] |= std::uint64_t{1} << (digit % 64);
    blocks_.append(buckets_[level * kDigits + digit], entry);
  }
  void push_early(const EventEntry& entry);
  void advance();
  void open_next_tick();
  void append_sorted();
  [[nodiscard]] unsigned next_used(unsigned level, unsigned from) const;
  /// Empties all buckets; their chains, to be drained, in the order of their places.
  const std::vector<EntryBlocks::Chain>& take_chains();
  void adapt();
  void rebuild(unsigned shift);

  std::vector<EventEntry> near_;
  std::size_t at_ = 0;  // near_ is done up to here; what lies before is dropped now and then
  EventHeap early_;
  std::size_t size_ = 0;

  unsigned shift_ = 19;                      // a tick is half a millisecond
  std::uint64_t current_ = 0;                // last tick of near_
  std::vector<EntryBlocks::Chain> buckets_;  // level by level
  std::vector<EntryBlocks::Chain> taken_;    // scratch, as is rest_
  std::vector<EventEntry> rest_;
  std::vector<EventEntry> unsorted_;  // of the tick that is being opened
  std::vector<std::uint32_t> cells_;
  std::array<std::array<std::uint64_t, kDigits / 64>, kLevels> used_{};  // a bit a bucket
  EntryBlocks blocks_;

  SimTime floor_;  // of the last entry popped
  SimTime epoch_from_;
  std::uint64_t epoch_pops_ = 0;
  std::uint64_t epoch_length_;
};

}  // namespace kadsim
