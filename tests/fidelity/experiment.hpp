#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/event/scheduler.hpp"
#include "sim/workload/workload_player.hpp"
#include "sim/world/dht_network.hpp"

namespace kadsim {

/// One network with one closed-loop entry of lookups, played to the end; keeps how each went.
class LookupExperiment final : private WorkloadObserver {
 public:
  LookupExperiment(const NetworkSetup& setup, std::uint64_t lookups,
                   std::uint32_t in_flight = 100) {
    const auto network = DhtNetwork::init_with_random_peers(setup, scheduler_);
    WorkloadEntry entry;
    entry.name = "lookup";
    entry.count = lookups;
    entry.arrival = ClosedLoop{in_flight};
    const Workload workload({entry}, network->population(), setup.seed, setup.replica);
    WorkloadPlayer player(workload, *network, *this);
    player.start();
    scheduler_.run_all();
  }

  struct Ended {
    std::uint32_t hops;
    std::uint32_t attempts;
    std::uint32_t failed;
    OperationStatus status;
    Duration latency;
  };
  [[nodiscard]] const std::vector<Ended>& ended() const& { return ended_; }
  const std::vector<Ended>& ended() const&& = delete;  // would dangle in a range-for

 private:
  void on_operation(std::uint64_t, const OperationOutcome& outcome) override {
    ended_.push_back({outcome.hops, outcome.attempts, outcome.failed, outcome.status,
                      outcome.end - outcome.start});
  }

  Scheduler scheduler_;
  std::vector<Ended> ended_;
};

}  // namespace kadsim
