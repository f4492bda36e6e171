#include "sim/measure/fingerprint_timeline.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace kadsim {

void FingerprintTimeline::add(const FingerprintRecord& record) {
  KADSIM_ASSERT(record.time >= SimTime(), "a record before the start of the run");
  const auto time_ns = static_cast<std::uint64_t>(record.time.ns());
  // For an earlier time the difference wraps round to a large one. Most records need no division.
  if (used_ == 0 || time_ns - current_from_ns_ >= length_ns_) move_to(time_ns);
  Interval& interval = intervals_[current_];
  interval.fingerprint.add(record);
  ++interval.records;
}

void FingerprintTimeline::move_to(std::uint64_t time_ns) {
  while (time_ns / length_ns_ >= kMaxIntervals) double_length();
  current_ = static_cast<std::size_t>(time_ns / length_ns_);
  current_from_ns_ = current_ * length_ns_;
  used_ = std::max(used_, current_ + 1);
}

void FingerprintTimeline::double_length() {
  for (std::size_t i = 0; i < kMaxIntervals; ++i) {
    Interval merged;
    if (2 * i < kMaxIntervals) {
      merged = intervals_[2 * i];
      merged.fingerprint.merge(intervals_[2 * i + 1].fingerprint);
      merged.records += intervals_[2 * i + 1].records;
    }
    intervals_[i] = merged;
  }
  used_ = (used_ + 1) / 2;
  length_ns_ *= 2;
}

std::vector<FingerprintTimeline::Row> FingerprintTimeline::rows() const {
  std::vector<Row> rows;
  rows.reserve(used_);
  const auto last = static_cast<std::uint64_t>(SimTime::max().ns());
  for (std::size_t i = 0; i < used_; ++i) {
    const std::uint64_t until_ns = std::min((i + 1) * length_ns_, last);
    rows.push_back({.from = SimTime::at_ns(static_cast<std::int64_t>(i * length_ns_)),
                    .until = SimTime::at_ns(static_cast<std::int64_t>(until_ns)),
                    .records = intervals_[i].records,
                    .fingerprint = intervals_[i].fingerprint});
  }
  return rows;
}

Fingerprint FingerprintTimeline::total() const {
  Fingerprint total;
  for (const Interval& interval : intervals_) total.merge(interval.fingerprint);
  return total;
}

std::uint64_t FingerprintTimeline::records() const {
  std::uint64_t records = 0;
  for (const Interval& interval : intervals_) records += interval.records;
  return records;
}

}  // namespace kadsim
