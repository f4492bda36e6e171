#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/random/distributions.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// Measured round trips: latency_ns[from][to], n x n, row = sender. Need not be symmetric; the
/// diagonal is what stands there.
class LatencyMatrix {
 public:
  /// Pre: latency_ns.size() = size * size, none negative.
  LatencyMatrix(std::size_t size, std::vector<std::int64_t> latency_ns)
      : size_(size), latency_ns_(std::move(latency_ns)) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Both below size().
  [[nodiscard]] Duration at(std::size_t from, std::size_t to) const {
    return Duration::nanoseconds(latency_ns_[from * size_ + to]);
  }
  /// The least of all.
  [[nodiscard]] Duration least() const {
    return Duration::nanoseconds(*std::min_element(latency_ns_.begin(), latency_ns_.end()));
  }

 private:
  std::size_t size_;
  std::vector<std::int64_t> latency_ns_;
};

/// Reads a square matrix of numbers >= 0, rows on lines, separated by blanks or by commas; empty
/// lines are skipped. `unit` is what 1 in the file means. Values are rounded to whole ns, halves
/// up, and are at most an hour. Throws UnreadableError if the file cannot be read, InputError with
/// all that is wrong in it, as of a scenario: what is no finite number, missing, negative or too
/// large; a row of another length than the first; more or fewer rows than columns.
LatencyMatrix read_latency_matrix(const std::string& path, Duration unit);

/// Reads quantiles, in ns, from a CSV file with the columns `probability,delay_ms`, in either
/// order: probabilities increasing from 0 to 1, delays >= 0 and not decreasing, at most an hour;
/// empty lines are skipped, comments are not known. Throws UnreadableError if the file can't be
/// read, InputError with all that is wrong in it; a header that is not as said is all.
std::vector<QuantilePoint> read_quantiles(const std::string& path);

}  // namespace kadsim
