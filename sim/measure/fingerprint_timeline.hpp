#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/measure/fingerprint.hpp"

namespace kadsim {

/// The fingerprint of a run, cut by virtual time into at most 1,024 intervals of equal length,
/// which show from which time on two runs differ.
///
/// The length is the smallest of 1 ms, 2 ms, 4 ms, ... with which all records fit: neighbouring
/// intervals are merged when a record falls beyond the last one. So the rows follow from the
/// records alone and do not depend on their order. Times are not negative.
class FingerprintTimeline {
 public:
  static constexpr std::size_t kMaxIntervals = 1024;

  struct Row {
    SimTime from;
    SimTime until;  ///< the end, not part of the interval; at most SimTime::max()
    std::uint64_t records = 0;
    Fingerprint fingerprint;

    bool operator==(const Row&) const = default;
  };

  FingerprintTimeline() : intervals_(kMaxIntervals) {}

  /// O(1) apart from at most 43 mergers in a run; fastest if times are added roughly in order.
  /// Allocates nothing.
  void add(const FingerprintRecord& record);

  /// The intervals from time 0 to that of the latest record, empty ones included; no row if nothing
  /// was added.
  [[nodiscard]] std::vector<Row> rows() const;
  /// The fingerprint of all records, equal to a `Fingerprint` to which the same were added.
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
