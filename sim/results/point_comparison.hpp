#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/measure/run_comparison.hpp"
#include "sim/results/result_reader.hpp"

namespace kadsim {

/// A verdict on a setting needs at least this many replicas on each side.
inline constexpr std::size_t kReplicasForVerdict = 5;

/// The comparison of two runs, one of each side.
struct NetworkComparison {
  const StoredRun* a = nullptr;
  const StoredRun* b = nullptr;
  RunComparison compared;
};

/// The comparison of one kind of operation at one point.
struct KindComparison {
  OperationKind kind = OperationKind::kLookup;
  /// Over replicas, each replica being one value: a statement about the setting. None if there are
  /// too few replicas.
  std::optional<Differences> setting;
  /// Run by run, where `setting` is none.
  std::vector<NetworkComparison> networks;
  // Summed over all pairs of runs:
  std::size_t pairs = 0;  ///< pairs of operations
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
  bool paired = false;         ///< replicas by number, and their operations by number
  std::size_t replicas_a = 0;  ///< that were compared
  std::size_t replicas_b = 0;
  std::size_t without_partner = 0;  ///< replicas left out because only one side has their number
  std::string why_not;              ///< if not paired: what does not agree
  std::vector<SettingChange> changes;
  std::vector<KindComparison> kinds;
};

/// Compares two points, reading the operations of one replica after the other. Both must outlive
/// the result. Throws what `read_operations` throws, and InputError if the points have no kind of
/// operation in common.
PointComparison compare_points(const StoredPoint& a, const StoredPoint& b);

}  // namespace kadsim
