#include "sim/world/delay_table.hpp"

#include "core/base/assert.hpp"
#include "core/random/distributions.hpp"
#include "sim/world/delay_data.hpp"
#include "sim/world/planetlab.hpp"

namespace kadsim {
namespace {

constexpr std::int64_t kLeastNs = 2;

QuantileTable planetlab_table() {
  std::vector<std::int64_t> permilles_ns;
  for (const std::int32_t us : planetlab_permilles_us())
    permilles_ns.push_back(std::int64_t{1000} * us);
  return measured(std::move(permilles_ns));
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
    KADSIM_ASSERT(false, "delays of a matrix or of regions hang on who the nodes are");
    return constant(kLeastNs);
  }
};

}  // namespace

QuantileTable make_delay_table(const DelayModel& model) {
  return std::visit(MakeTable{}, model).at_least(kLeastNs);
}

}  // namespace kadsim
