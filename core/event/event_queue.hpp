#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/event/entry_blocks.hpp"
#include "core/event/event_entry.hpp"
#include "core/event/event_heap.hpp"
#include "core/event/event_slots.hpp"

namespace kadsim {

/// A priority queue of events, the least key first, for clocks that do not run backwards.
///
/// A comparison heap of a million events pays ten dependent cache misses a pop. Here an event is
/// only put roughly in its place, and sorted with its few neighbours when its turn is near:
///
///   near_     the next dozens or hundreds, sorted, up to the end of the current tick
///   early_    a heap for what is pushed into the current tick (or before it) afterwards; while
///             near_ is short, that is put in its place there instead
///   buckets_  everything later, unsorted. A tick is a time divided by the width of 2^shift ns.
///             Read as a number of digits, a later tick differs from the current one first in
///             digit L (counted from the last, 0); it lies in bucket [L][its digit L].
///
/// When near_ runs short, the first used bucket of the lowest used level comes next: a bucket of
/// level 0 is one tick, is sorted and put behind the others; one of a higher level is dealt out to
/// the levels below. So an entry moves at most once a level, in practice one or two times. The
/// width follows the mean distance of the events that ran, so that a tick holds about 256 of them,
/// or a thirty-second of a short queue, whether they come nanoseconds apart or hours: O(1)
/// amortised then, O(log n) at worst. If it was asked to look ahead, or is long, near_ does not run
/// out before the buckets do, so that the scheduler can prefetch what the next events touch.
///
/// An entry can't be taken out of the middle. An entry whose event was cancelled is dead: the
/// scheduler drops it when it comes to the top, and `remove_dead` drops all dead ones. Where two
/// times are equal, the ranks in the slots tell which event comes first.
///
/// Source: a radix heap (Ahuja, Mehlhorn, Orlin & Tarjan, "Faster algorithms for the shortest path
/// problem", J. ACM 37(2), 1990) with hierarchical timing wheels as its buckets (Varghese & Lauck,
/// SOSP 1987) and the sorted bottom of a ladder queue (Tang, Goh & Thng, ACM TOMACS 15(3), 2005).
class EventQueue {
 public:
  /// The slots are borrowed.
  explicit EventQueue(const EventSlots& slots);

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The first entry in the total order, or one that is dead; valid until the queue is touched
  /// again. Pre: not empty.
  [[nodiscard]] const EventEntry& top() {
    if (known_ < ahead_ && known_ < size_) [[unlikely]]
      advance();
    return early_first() ? early_.top().entry : near_[at_];
  }
  /// Removes what `top` returned. Pre: `top` was called since the queue was last touched.
  void pop() {
    if (early_first()) {
      floor_ = early_.top().entry.time;
      early_.pop();
    } else {
      floor_ = near_[at_++].time;
    }
    --size_;
    --known_;
    if (++epoch_pops_ >= epoch_length_) [[unlikely]]
      adapt();
  }
  /// Pre: the entry's time is not below that of the last one popped; `rank` is what its slot says.
  // By value, so that both stay in registers: built in memory, they would be read again before they
  // are written through, which stalls.
  void push(EventEntry entry, EventRank rank) {
    ++size_;
    if (tick(entry) > current_) {
      put_in_bucket(entry);
    } else {
      push_early(entry, rank);
    }
  }
  /// So many of the next entries are sorted beforehand, if there are so many, and if the queue is
  /// long or `look_ahead` was called. The cost for a short queue is that ticks are opened early, so
  /// that more events come too late for their buckets.
  static constexpr std::size_t kAhead = 16;
  void look_ahead() {
    asked_ahead_ = true;
    ahead_ = kAhead;
  }
  /// The entries that will be popped next, nearly in this order; the first is nearly always `top`.
  /// To be called after `top`; valid until the queue changes.
  [[nodiscard]] std::span<const EventEntry> upcoming() const {
    return {near_.data() + at_, near_.size() - at_};
  }

  /// Drops every entry whose event was cancelled. O(n).
  void remove_dead();

 private:
  static constexpr unsigned kDigitBits = 12;
  static constexpr unsigned kDigits = 1U << kDigitBits;
  static constexpr unsigned kLevels = 6;  // 72 bits, more than a time has

  [[nodiscard]] std::uint64_t tick(EventEntry entry) const {
    return static_cast<std::uint64_t>(entry.time.ns()) >> shift_;
  }
  [[nodiscard]] bool early_first() const {
    return !early_.empty() && (at_ == near_.size() || early_before(near_[at_]));
  }
  [[nodiscard]] bool early_before(const EventEntry& other) const {
    const RankedEntry& early = early_.top();
    return early.entry.time != other.time ? early.entry.time < other.time
                                          : early.rank < slots_.rank(other);
  }
  // True for a dead entry too: its rank is gone, so it does not tell what lies before it.
  [[nodiscard]] bool runs_after(const EventEntry& other, EventEntry entry, EventRank rank) const {
    return other.time != entry.time ? entry.time < other.time
                                    : !slots_.alive(other) || rank < slots_.rank(other);
  }
  [[nodiscard]] bool before(const EventEntry& a, const EventEntry& b) const {
    return a.time != b.time ? a.time < b.time : slots_.rank(a) < slots_.rank(b);
  }
  void put_in_bucket(EventEntry entry) {
    const std::uint64_t to = tick(entry);
    const std::uint64_t differing = to ^ current_;
    const unsigned level =
        differing < kDigits
            ? 0
            : (63U - static_cast<unsigned>(__builtin_clzll(differing))) / kDigitBits;
    const unsigned digit = static_cast<unsigned>(to >> (level * kDigitBits)) % kDigits;
    EntryBlocks::Chain& bucket = buckets_[level * kDigits + digit];
    if (bucket.end == 0) used_[level][digit / 64] |= std::uint64_t{1} << (digit % 64);
    blocks_.append(bucket, entry);
  }
  void push_early(EventEntry entry, EventRank rank);
  void advance();
  void drop_done();
  void open_next_tick();
  void append_sorted();
  void sort_crowded(std::span<EventEntry> entries);
  [[nodiscard]] unsigned next_used(unsigned level, unsigned from) const;
  /// Empties all buckets and returns their chains, to be drained, in the order of the buckets.
  const std::vector<EntryBlocks::Chain>& take_chains();
  void adapt();
  void rebuild(unsigned shift);

  const EventSlots& slots_;
  std::vector<EventEntry> near_;
  std::size_t at_ = 0;  // near_ is done up to here; what lies before is dropped now and then
  EventHeap early_;
  std::size_t size_ = 0;
  std::size_t known_ = 0;  // in near_ and early_
  std::size_t ahead_ = 1;  // known_ does not fall below it before the buckets are empty
  bool asked_ahead_ = false;

  unsigned shift_ = 19;                      // a tick is half a millisecond
  unsigned wanted_shift_ = 0;                // at the last look
  std::uint64_t current_ = 0;                // last tick of near_
  std::vector<EntryBlocks::Chain> buckets_;  // level by level
  std::vector<EntryBlocks::Chain> taken_;    // scratch, as is rest_
  std::vector<RankedEntry> rest_;
  std::vector<EventEntry> unsorted_;  // of the tick that is being opened
  std::vector<std::uint32_t> cells_;
  std::vector<RankedEntry> ranked_;
  std::array<std::array<std::uint64_t, kDigits / 64>, kLevels> used_{};  // a bit a bucket
  EntryBlocks blocks_;

  SimTime floor_;  // of the last entry popped
  SimTime epoch_from_;
  std::uint64_t epoch_pops_ = 0;
  std::uint64_t epoch_length_;
};

}  // namespace kadsim
