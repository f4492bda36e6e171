#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/client/operation.hpp"
#include "core/random/quantile_table.hpp"
#include "core/random/random_stream.hpp"
#include "sim/workload/workload_options.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// Place of an operation in the workload: its entry, and its index within it.
struct OperationPlace {
  std::uint32_t entry = 0;
  std::uint64_t index = 0;
};

/// What every operation of a run is: numbers, keys, origins, targets and arrivals, as pure
/// functions of the seed. Nothing here depends on timing, on other entries, or on how many
/// operations there are.
class Workload {
 public:
  /// Reads the files that entries name. Throws InputError if one can't be used, SettingError if no
  /// node can be an origin of an entry.
  Workload(const std::vector<WorkloadEntry>& entries, const Population& population,
           std::uint64_t seed, std::uint32_t replica);

  [[nodiscard]] const std::vector<WorkloadEntry>& entries() const { return entries_; }
  /// Operations in all entries.
  [[nodiscard]] std::uint64_t size() const { return first_number_.back(); }
  /// Operations are numbered entry after entry, from 0.
  [[nodiscard]] std::uint64_t number(OperationPlace place) const {
    return first_number_[place.entry] + place.index;
  }
  [[nodiscard]] OperationPlace place(std::uint64_t number) const;

  [[nodiscard]] OperationRequest request(OperationPlace place) const;
  /// The opaque key of an operation: the upper half a hash of the entry's name, the lower half the
  /// index.
  [[nodiscard]] std::uint64_t key(OperationPlace place) const {
    return (static_cast<std::uint64_t>(name_hashes_[place.entry]) << 32) | place.index;
  }
  /// Number of the operation with this key; none if it is not one of the workload's.
  [[nodiscard]] std::optional<std::uint64_t> number_of_key(std::uint64_t key) const;
  /// Open loop: time between arrival index - 1 (or the start) and this one.
  [[nodiscard]] Duration gap(OperationPlace place) const;

 private:
  [[nodiscard]] PeerRef origin(OperationPlace place) const;
  [[nodiscard]] Hash target(OperationPlace place) const;
  /// Keys that an entry goes round.
  [[nodiscard]] std::uint64_t keys(std::size_t entry) const;
  [[nodiscard]] std::uint32_t version(OperationPlace place) const;
  void read_files();

  std::vector<WorkloadEntry> entries_;
  const Population& population_;
  std::uint64_t seed_;
  std::uint32_t replica_;
  std::vector<std::uint64_t> first_number_;            // one an entry, and the end
  std::vector<std::uint32_t> name_hashes_;             // one an entry
  std::vector<std::vector<PeerRef>> listed_origins_;   // one an entry, empty if drawn
  std::vector<std::vector<PeerRef>> group_origins_;    // likewise, empty unless drawn from a group
  std::vector<std::vector<Hash>> listed_targets_;      // likewise
  std::vector<std::optional<std::uint32_t>> keys_of_;  // likewise, the entry whose keys it takes
  std::vector<QuantileTable> gaps_;                    // likewise
  RandomStream origin_stream_;
  RandomStream arrival_stream_;
};

}  // namespace kadsim
