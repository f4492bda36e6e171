#include "sim/world/delay_source.hpp"

#include "core/base/assert.hpp"
#include "core/random/quantile_table.hpp"
#include "sim/world/delay_data.hpp"
#include "sim/world/delay_table.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace kadsim {
namespace {

RoundTrip at_least_two_ns(Duration delay) {
  return RoundTrip(std::max(delay, Duration::nanoseconds(2)));
}

// Drawn from one distribution, the same for all nodes.
class DistributedDelay final : public DelaySource {
 public:
  explicit DistributedDelay(QuantileTable table) : table_(std::move(table)) {}
  [[nodiscard]] RoundTrip delay(std::uint32_t, std::uint32_t, std::uint64_t bits) const override {
    return RoundTrip(Duration::nanoseconds(table_.draw(bits)));
  }
  [[nodiscard]] RoundTrip minimum() const override {
    return RoundTrip(Duration::nanoseconds(table_.min()));
  }

 private:
  QuantileTable table_;
};

// Between the rows that the nodes sit on. Two nodes on one row are as far apart as the diagonal
// says.
class MatrixDelay final : public DelaySource {
 public:
  MatrixDelay(LatencyMatrix matrix, const RandomStream& places)
      : matrix_(std::move(matrix)), places_(places) {}
  [[nodiscard]] RoundTrip delay(std::uint32_t from, std::uint32_t to,
                                std::uint64_t) const override {
    return at_least_two_ns(matrix_.at(row(from), row(to)));
  }
  [[nodiscard]] RoundTrip minimum() const override { return at_least_two_ns(matrix_.least()); }

 private:
  [[nodiscard]] std::size_t row(std::uint32_t birth) const {
    return RandomSequence(places_, {birth, 0, 0}).below(matrix_.size());
  }

  LatencyMatrix matrix_;
  RandomStream places_;
};

// Between the regions that the nodes are in.
class RegionDelay final : public DelaySource {
 public:
  RegionDelay(delay::Regions regions, const RandomStream& places, const NodeGroups* groups)
      : regions_(std::move(regions)), places_(places), groups_(groups) {
    if (groups == nullptr) return;
    const auto& all = groups->groups();
    if (std::ranges::none_of(all, [](const auto& group) { return group.region.has_value(); })) {
      return;
    }
    for (const GroupOptions& group : all) {
      of_group_.push_back(group.region.has_value() ? index(*group.region) : kDrawn);
    }
    of_group_.push_back(kDrawn);  // nodes in no group
  }
  [[nodiscard]] RoundTrip delay(std::uint32_t from, std::uint32_t to,
                                std::uint64_t) const override {
    return at_least_two_ns(regions_.delays[region(from)][region(to)]);
  }
  [[nodiscard]] RoundTrip minimum() const override {
    Duration least = Duration::max();
    for (const auto& row : regions_.delays) least = std::min(least, *std::ranges::min_element(row));
    return at_least_two_ns(least);
  }

 private:
  static constexpr std::size_t kDrawn = std::numeric_limits<std::size_t>::max();

  [[nodiscard]] std::size_t index(const std::string& name) const {
    const auto found = std::ranges::find(regions_.names, name);
    KADSIM_ASSERT(found != regions_.names.end(), "the region of a group is one of the model");
    return static_cast<std::size_t>(found - regions_.names.begin());
  }
  // The shares, one after the other, divide [0, 1); the region is the one that the draw falls into.
  [[nodiscard]] std::size_t region(std::uint32_t birth) const {
    if (!of_group_.empty()) {
      if (const std::size_t given = of_group_[groups_->of(birth)]; given != kDrawn) return given;
    }
    std::uint64_t left = places_.bits({birth, 0, 0});
    for (std::size_t i = 0; i + 1 < regions_.shares.size(); ++i) {
      if (regions_.shares[i].happens(left)) return i;
      left -= regions_.shares[i].threshold();
    }
    return regions_.shares.size() - 1;
  }

  delay::Regions regions_;
  RandomStream places_;
  const NodeGroups* groups_;           // null: there are none
  std::vector<std::size_t> of_group_;  // by NodeGroups::of; empty: no group has a region
};

}  // namespace

std::unique_ptr<DelaySource> make_delay_source(const DelayModel& model, std::uint64_t seed,
                                               std::uint32_t replica, const NodeGroups* groups) {
  const RandomStream places(seed, replica, "network.places");
  if (const auto* matrix = std::get_if<delay::Matrix>(&model)) {
    return std::make_unique<MatrixDelay>(read_latency_matrix(matrix->file, matrix->unit), places);
  }
  if (const auto* regions = std::get_if<delay::Regions>(&model)) {
    return std::make_unique<RegionDelay>(*regions, places, groups);
  }
  return std::make_unique<DistributedDelay>(make_delay_table(model));
}

}  // namespace kadsim
