#pragma once

#include <cstdint>
#include <vector>

#include "core/client/operation.hpp"
#include "sim/workload/workload.hpp"
#include "sim/world/dht_network.hpp"

namespace kadsim {

/// Told of operations of a workload, by their number.
class WorkloadObserver {
 public:
  virtual ~WorkloadObserver() = default;
  virtual void on_operation(std::uint64_t number, const OperationOutcome& outcome) = 0;
  /// As OperationListener::on_operation_aftermath.
  virtual void on_aftermath(std::uint64_t /*number*/, const OperationOutcome& /*outcome*/) {}
};

/// Lets the operations of a workload happen on a network.
///
/// Closed loop: chain s of W runs operations s, s + W, s + 2W, ..., each at the instant its
/// predecessor ended; the chains start evenly over the first second. Open loop: arrivals with
/// exponential gaps. One pending event a chain or open entry.
class WorkloadPlayer final : public OperationListener {
 public:
  WorkloadPlayer(const Workload& workload, DhtNetwork& network, WorkloadObserver& observer);

  /// Schedules the first arrivals. Call once, at time 0.
  void start();
  /// Nothing starts any more; what runs is cut off now and reported unfinished.
  void stop();
  /// Operations that ended, of workload.size().
  [[nodiscard]] std::uint64_t ended() const { return ended_; }

  void on_operation_end(std::uint64_t tag, const OperationOutcome& outcome) override;
  void on_operation_aftermath(std::uint64_t tag, const OperationOutcome& outcome) override {
    observer_.on_aftermath(tag, outcome);
  }

 private:
  void arrive_at(SimTime time, OperationPlace place);
  void arrive(OperationPlace place);

  const Workload& workload_;
  DhtNetwork& network_;
  WorkloadObserver& observer_;
  std::uint64_t ended_ = 0;
  bool stopped_ = false;
};

}  // namespace kadsim
