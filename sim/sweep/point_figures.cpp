#include "sim/sweep/point_figures.hpp"

#include "core/base/assert.hpp"

#include <utility>

namespace kadsim {

KindFigures figures_of(const OperationStatistics& of) {
  KindFigures figures{.operations = of.operations,
                      .finished = of.latency_ns.count(),
                      .successful = of.count(OperationStatus::kComplete) +
                                    of.count(OperationStatus::kFound) +
                                    of.count(OperationStatus::kStored),
                      .rpcs = of.rpcs,
                      .heard = of.heard,
                      .closest = of.closest};
  if (!of.latency_ns.empty()) {
    figures.p50_ns = of.latency_ns.quantile(50, 100);
    figures.p99_ns = of.latency_ns.quantile(99, 100);
  }
  return figures;
}

PointPool::PointPool(std::size_t points, std::size_t replicas)
    : replicas_(replicas), figures_(points) {}

void PointPool::add(std::size_t point, const Scenario& scenario, const RunResult& result) {
  const std::lock_guard lock(mutex_);
  Open& open = open_[point];
  for (std::size_t i = 0; i < kOperationKinds.size(); ++i) {
    open.pooled[i].merge(result.of_kind(kOperationKinds[i], scenario.workload));
  }
  if (++open.ended < replicas_) return;
  for (std::size_t i = 0; i < kOperationKinds.size(); ++i) {
    figures_[point][i] = figures_of(open.pooled[i]);
  }
  open_.erase(point);
  ++points_ended_;
}

std::vector<PointFigures> PointPool::take_figures() {
  KADSIM_ASSERT(points_ended_ == figures_.size(), "figures are taken when every run is over");
  return std::move(figures_);
}

}  // namespace kadsim
