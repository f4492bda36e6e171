#include "core/event/event_queue.hpp"

#include "core/base/assert.hpp"
#include "core/base/wide.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace kadsim {
namespace {

constexpr std::uint64_t kShortestEpoch = 1024;  // pops between two looks at the width
constexpr std::uint64_t kLeastPerTick = 8;
constexpr std::uint64_t kMostPerTick = 256;
constexpr std::size_t kTicks = 32;   // of a short queue
constexpr std::size_t kMany = 8192;  // pending: the caches near the core do not hold them any more
constexpr std::size_t kShort = 64;
constexpr std::uint32_t kCrowded = 16;
constexpr std::size_t kFewEarly = 1024;
constexpr std::size_t kRoom = 4096;
constexpr std::size_t kMostCells = 4096;

}  // namespace

EventQueue::EventQueue(const EventSlots& slots)
    : slots_(slots), buckets_(std::size_t{kLevels} * kDigits), epoch_length_(kShortestEpoch) {
  near_.reserve(kRoom);
  early_.reserve(kRoom);
  unsorted_.reserve(kRoom);
  cells_.reserve(2 * kMostCells);
  rest_.reserve(kRoom);
  taken_.reserve(buckets_.size());
}

// A heap beside near_ makes each pop guess which of the two is first. So a short near_ takes the
// entry itself, although some others have to move for it.
void EventQueue::push_early(EventEntry entry, EventRank rank) {
  ++known_;
  if (near_.size() - at_ < kShort) {
    if (at_ > kRoom) drop_done();
    near_.push_back(entry);
    std::size_t to = near_.size() - 1;
    for (; to > at_ && runs_after(near_[to - 1], entry, rank); --to) near_[to] = near_[to - 1];
    near_[to] = entry;
    return;
  }
  early_.push(entry, rank);
  if (early_.size() <= std::max(kFewEarly, size_ / 8)) return;
  const auto clock = static_cast<std::uint64_t>(floor_.ns()) >> shift_;
  if (clock < current_) {
    // `top` has opened the tick of a far event, and now many events come before it. The current
    // tick goes back to the clock's, so that these events fall into buckets.
    rebuild(shift_);
  } else if (shift_ > 0) {
    // Events come too densely for the width of a tick. (If all are for one instant, they stay in
    // the heap.)
    rebuild(shift_ - std::min(shift_, 3U));
  }
}

unsigned EventQueue::next_used(unsigned level, unsigned from) const {
  for (unsigned word = from / 64; word < used_[level].size(); ++word, from = 64 * word) {
    const std::uint64_t rest = used_[level][word] >> (from % 64) << (from % 64);
    if (rest != 0) return 64 * word + static_cast<unsigned>(std::countr_zero(rest));
  }
  return kDigits;
}

void EventQueue::drop_done() {
  near_.erase(near_.begin(), near_.begin() + static_cast<std::ptrdiff_t>(at_));
  at_ = 0;
}

void EventQueue::advance() {
  drop_done();
  while (known_ < ahead_ && known_ < size_) open_next_tick();
}

// Pre: a bucket is used.
void EventQueue::open_next_tick() {
  unsorted_.clear();
  while (unsorted_.empty()) {
    unsigned level = 0;
    unsigned digit = kDigits;
    for (;; ++level) {
      const unsigned own = static_cast<unsigned>(current_ >> (level * kDigitBits)) % kDigits;
      digit = next_used(level, own + 1);
      if (digit < kDigits) break;
    }
    // The first tick of that bucket: the digits above stay, those below are 0.
    const unsigned bits = level * kDigitBits;
    current_ = ((current_ >> bits) - (current_ >> bits) % kDigits + digit) << bits;
    used_[level][digit / 64] &= ~(std::uint64_t{1} << (digit % 64));
    const auto chain = std::exchange(buckets_[level * kDigits + digit], EntryBlocks::Chain{});
    blocks_.drain(chain, [&](std::span<const EventEntry> entries) {
      if (level == 0) {
        unsorted_.insert(unsorted_.end(), entries.begin(), entries.end());
        return;
      }
      for (const EventEntry& entry : entries) {
        if (tick(entry) == current_) {
          unsorted_.push_back(entry);
        } else {
          put_in_bucket(entry);
        }
      }
    });
  }
  append_sorted();
}

// Times lie about evenly in a tick. So one pass deals the entries out to cells of time, about one a
// cell, and an insertion sort, which hardly moves anything then, does the rest: a third of the time
// of a comparison sort. That takes over where a cell is crowded.
void EventQueue::append_sorted() {
  const std::size_t count = unsorted_.size();
  const std::size_t old_size = near_.size();
  known_ += count;
  near_.resize(old_size + count);
  const std::span<EventEntry> sorted(near_.data() + old_size, count);
  const unsigned cell_bits =
      std::min(shift_, static_cast<unsigned>(std::bit_width(std::min(count, kMostCells))));
  const unsigned cell_shift = shift_ - cell_bits;
  const std::uint64_t cell_mask = (std::uint64_t{1} << cell_bits) - 1;
  const auto cell_of = [&](const EventEntry& entry) {
    return (static_cast<std::uint64_t>(entry.time.ns()) >> cell_shift) & cell_mask;
  };
  cells_.assign(std::size_t{1} << cell_bits, 0);
  for (const EventEntry& entry : unsorted_) ++cells_[cell_of(entry)];
  std::uint32_t sum = 0;
  std::uint32_t most = 0;
  for (std::uint32_t& cell : cells_) {
    most = std::max(most, cell);
    sum += std::exchange(cell, sum);
  }
  for (const EventEntry& entry : unsorted_) sorted[cells_[cell_of(entry)]++] = entry;
  if (most > kCrowded) return sort_crowded(sorted);
  for (std::size_t i = 1; i < count; ++i) {
    if (!before(sorted[i], sorted[i - 1])) continue;
    const EventEntry moving = sorted[i];
    std::size_t to = i;
    for (; to > 0 && before(moving, sorted[to - 1]); --to) sorted[to] = sorted[to - 1];
    sorted[to] = moving;
  }
}

// Many times may be equal here, so each rank is looked up just once.
void EventQueue::sort_crowded(std::span<EventEntry> entries) {
  ranked_.clear();
  for (const EventEntry& entry : entries) ranked_.push_back({entry, slots_.rank(entry)});
  std::sort(ranked_.begin(), ranked_.end());
  std::transform(ranked_.begin(), ranked_.end(), entries.begin(),
                 [](const RankedEntry& ranked) { return ranked.entry; });
}

void EventQueue::remove_dead() {
  const auto dead = [this](const EventEntry& entry) { return !slots_.alive(entry); };
  drop_done();
  std::erase_if(near_, dead);
  early_.remove_if([&](const RankedEntry& ranked) { return dead(ranked.entry); });
  known_ = near_.size() + early_.size();
  size_ = known_;
  for (const EntryBlocks::Chain& chain : take_chains()) {
    blocks_.drain(chain, [&](std::span<const EventEntry> entries) {
      for (const EventEntry& entry : entries) {
        if (dead(entry)) continue;
        ++size_;
        put_in_bucket(entry);
      }
    });
  }
}

const std::vector<EntryBlocks::Chain>& EventQueue::take_chains() {
  taken_.clear();
  for (unsigned level = 0; level < kLevels; ++level) {
    for (unsigned digit = next_used(level, 0); digit < kDigits;
         digit = next_used(level, digit + 1)) {
      taken_.push_back(std::exchange(buckets_[level * kDigits + digit], EntryBlocks::Chain{}));
    }
    used_[level] = {};
  }
  return taken_;
}

// The width for which a tick would have held so many of the events that ran since the last look.
// Where few are pending, a tick of 256 would be a good part of the time that all of them span, and
// most of what is pushed would fall into the current one.
void EventQueue::adapt() {
  const auto elapsed = static_cast<std::uint64_t>(floor_.ns() - epoch_from_.ns());
  const std::uint64_t in_tick =
      std::clamp<std::uint64_t>(size_ / kTicks, kLeastPerTick, kMostPerTick);
  const auto width = static_cast<std::uint64_t>(static_cast<Wide>(elapsed) * in_tick / epoch_pops_);
  const auto shift = width == 0 ? 0U : static_cast<unsigned>(std::bit_width(width)) - 1;
  // One step more or less is not worth moving everything, unless it lasts.
  const bool near = shift + 1 >= shift_ && shift_ + 1 >= shift;
  if (shift != shift_ && (!near || shift == wanted_shift_)) rebuild(shift);
  wanted_shift_ = shift;
  ahead_ = asked_ahead_ || size_ >= kMany ? kAhead : 1;
  epoch_from_ = floor_;
  epoch_pops_ = 0;
  epoch_length_ = std::max<std::uint64_t>(kShortestEpoch, 2 * size_);
}

// Puts all entries in their places anew, with the clock's tick as the current one.
void EventQueue::rebuild(unsigned shift) {
  early_.move_to(rest_);
  for (; at_ < near_.size(); ++at_) rest_.push_back({near_[at_], slots_.rank(near_[at_])});
  near_.clear();
  at_ = 0;
  known_ = 0;
  shift_ = shift;
  current_ = static_cast<std::uint64_t>(floor_.ns()) >> shift_;
  const auto put = [this](const RankedEntry& ranked) {
    if (tick(ranked.entry) > current_) {
      put_in_bucket(ranked.entry);
    } else {
      early_.push(ranked.entry, ranked.rank);
      ++known_;
    }
  };
  for (const EntryBlocks::Chain& chain : take_chains()) {
    blocks_.drain(chain, [&](std::span<const EventEntry> entries) {
      for (const EventEntry& entry : entries) put({entry, slots_.rank(entry)});
    });
  }
  for (const RankedEntry& ranked : rest_) put(ranked);
  rest_.clear();
}

}  // namespace kadsim
