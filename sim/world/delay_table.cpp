#include "sim/world/delay_table.hpp"

#include "core/base/assert.hpp"
#include "core/base/wide.hpp"
#include "core/random/distributions.hpp"
#include "sim/world/delay_data.hpp"
#include "sim/world/planetlab.hpp"

namespace kadsim {
namespace {

constexpr std::int64_t kLeastNs = 2;

QuantileTable planetlab_table() {
  constexpr std::uint64_t kSteps = 100'000;
  std::vector<QuantilePoint> points;
  const auto add = [&points](std::uint64_t step, std::int32_t us) {
    const auto scaled = static_cast<Wide>(QuantilePoint::kOne) * step / kSteps;
    points.push_back({static_cast<std::uint64_t>(scaled), std::int64_t{1000} * us});
  };
  const auto& permilles = planetlab_permilles_us();
  const auto& last = planetlab_last_permille_us();
  for (std::size_t i = 0; i < permilles.size() - 2; ++i) add(100 * i, permilles[i]);
  for (std::size_t i = 0; i < last.size(); ++i) add(kSteps - 100 + i, last[i]);
  return from_points(points);
}

struct MakeTable {
  QuantileTable operator()(const delay::Constant& model) const {
    return constant(model.value.ns());
  }
  QuantileTable operator()(const delay::Uniform& model) const {
    return uniform(model.min.ns(), model.max.ns());
  }
  QuantileTable operator()(const delay::Lognormal& model) const {
    return lognormal(model.median.ns(), model.sigma);
  }
  QuantileTable operator()(const delay::Weibull& model) const {
    return weibull(model.shape, model.scale.ns());
  }
  QuantileTable operator()(const delay::PlanetLab&) const { return planetlab_table(); }
  QuantileTable operator()(const delay::Quantiles& model) const {
    return from_points(read_quantiles(model.file));
  }
  QuantileTable operator()(const delay::Matrix&) const { return by_nodes(); }
  QuantileTable operator()(const delay::Regions&) const { return by_nodes(); }

  static QuantileTable by_nodes() {
    KADSIM_ASSERT(false, "delays of a matrix or of regions depend on the nodes");
    return constant(kLeastNs);
  }
};

}  // namespace

QuantileTable make_delay_table(const DelayModel& model) {
  return std::visit(MakeTable{}, model).at_least(kLeastNs);
}

}  // namespace kadsim
