#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/measure/run_comparison.hpp"
#include "sim/results/result_reader.hpp"

namespace kadsim {

/// A verdict about a setting takes so many replicas on each side.
inline constexpr std::size_t kReplicasForVerdict = 5;

/// Two runs, one of each side.
struct NetworkComparison {
  const StoredRun* a = nullptr;
  const StoredRun* b = nullptr;
  RunComparison compared;
};

/// All that is told of one kind of operation at one point.
struct KindComparison {
  OperationKind kind = OperationKind::kLookup;
  /// Of replicas, one value each: what is told of the setting. None with too few of them.
  std::optional<Differences> setting;
  /// Run by run, where there is no such verdict.
  std::vector<NetworkComparison> networks;
  // Summed over all pairs of runs:
  std::size_t pairs = 0;  ///< of operations
  std::size_t faster = 0;
  std::size_t slower = 0;
  std::size_t equal = 0;
  std::size_t left_out = 0;
  std::optional<double> correlation;  ///< mean over the pairs of runs that have one
};

/// A key whose value is not the same on both sides; JSON, or empty where the key is missing.
struct SettingChange {
  std::string key;
  std::string a;
  std::string b;
};

struct PointComparison {
  std::string name;
  bool paired = false;         ///< replicas by number, and operations by number within them
  std::size_t replicas_a = 0;  ///< that were compared
  std::size_t replicas_b = 0;
  std::size_t without_partner = 0;  ///< replicas left out, because only one side has their number
  std::string why_not;              ///< unpaired: what does not agree
  std::vector<SettingChange> changes;
  std::vector<KindComparison> kinds;
};

/// Compares two points, reading the operations of one replica after the other. Both outlive the
/// result. Throws as `read_operations`, and InputError if they have no kind of operation in common.
PointComparison compare_points(const StoredPoint& a, const StoredPoint& b);

}  // namespace kadsim
