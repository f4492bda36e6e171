#include "sim/workload/workload_player.hpp"

#include "core/base/wide.hpp"

#include <algorithm>

namespace kadsim {
namespace {

constexpr EventKind kOperationArrival{"operation arrival"};
constexpr std::int64_t kStartSpreadNs = 1'000'000'000;

std::uint64_t chains_of(const WorkloadEntry& entry) {
  const auto* closed = std::get_if<ClosedLoop>(&entry.arrival);
  return closed == nullptr ? 0 : std::min<std::uint64_t>(closed->in_flight, entry.count);
}

}  // namespace

WorkloadPlayer::WorkloadPlayer(const Workload& workload, DhtNetwork& network,
                               WorkloadObserver& observer)
    : workload_(workload), network_(network), observer_(observer) {}

void WorkloadPlayer::start() {
  for (std::uint32_t e = 0; e < workload_.entries().size(); ++e) {
    const WorkloadEntry& entry = workload_.entries()[e];
    const std::uint64_t chains = chains_of(entry);
    for (std::uint64_t s = 0; s < chains; ++s) {
      const auto offset = static_cast<SignedWide>(kStartSpreadNs) * static_cast<SignedWide>(s) /
                          static_cast<SignedWide>(chains);
      arrive_at(entry.start + Duration::nanoseconds(static_cast<std::int64_t>(offset)), {e, s});
    }
    if (chains == 0) arrive_at(entry.start + workload_.gap({e, 0}), {e, 0});
  }
}

void WorkloadPlayer::arrive_at(SimTime time, OperationPlace place) {
  const std::uint32_t origin = workload_.request(place).origin.value;
  network_.scheduler().of(origin).at(time, kOperationArrival, [this, place] { arrive(place); });
}

void WorkloadPlayer::arrive(OperationPlace place) {
  if (stopped_) return;
  const WorkloadEntry& entry = workload_.entries()[place.entry];
  if (std::holds_alternative<OpenLoop>(entry.arrival) && place.index + 1 < entry.count) {
    const OperationPlace next{place.entry, place.index + 1};
    arrive_at(network_.scheduler().now() + workload_.gap(next), next);
  }
  network_.host().start(workload_.request(place), *this, workload_.number(place));
}

void WorkloadPlayer::stop() {
  stopped_ = true;
  network_.host().cut_off();
}

void WorkloadPlayer::on_operation_end(std::uint64_t tag, const OperationOutcome& outcome) {
  ++ended_;
  observer_.on_operation(tag, outcome);
  if (stopped_) return;
  OperationPlace next = workload_.place(tag);
  const std::uint64_t chains = chains_of(workload_.entries()[next.entry]);
  next.index += chains;
  if (chains > 0 && next.index < workload_.entries()[next.entry].count) arrive(next);
}

}  // namespace kadsim
