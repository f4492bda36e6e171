#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/measure/fingerprint.hpp"

namespace kadsim {

/// The fingerprint of a run, cut by virtual time into at most 1,024 intervals of equal length, so
/// that two runs that differ can be told from when on.
///
/// The length is the smallest of 1 ms, 2 ms, 4 ms, ... with which all records fit: neighbours are
/// merged when a record falls beyond the last interval. So rows follow from the records alone, in
/// whatever order they came. Times are not negative.
class FingerprintTimeline {
 public:
  static constexpr std::size_t kMaxIntervals = 1024;

  struct Row {
    SimTime from;
    SimTime until;  ///< not part of the interval; the last point of time at the most
    std::uint64_t records = 0;
    Fingerprint fingerprint;

    bool operator==(const Row&) const = default;
  };

  FingerprintTimeline() : intervals_(kMaxIntervals) {}

  /// O(1) apart from the at most 43 mergers in a run; fastest if times come about in order.
  /// Allocates nothing.
  void add(const FingerprintRecord& record);

  /// From time 0 to the interval of the latest record, empty intervals included; none before a
  /// record.
  [[nodiscard]] std::vector<Row> rows() const;
  /// Of all records: what a `Fingerprint` would be that was given the same.
  [[nodiscard]] Fingerprint total() const;
  [[nodiscard]] std::uint64_t records() const;

 private:
  struct Interval {
    Fingerprint fingerprint;
    std::uint64_t records = 0;
  };

  void move_to(std::uint64_t time_ns);
  void double_length();

  std::vector<Interval> intervals_;
  std::size_t used_ = 0;               // intervals up to that of the latest record
  std::size_t current_ = 0;            // where the last record went
  std::uint64_t current_from_ns_ = 0;  // current_ * length_ns_
  std::uint64_t length_ns_ = 1'000'000;
};

}  // namespace kadsim
