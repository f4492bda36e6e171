// A network in a program of one's own: 1,000 nodes, one lookup, on the fake clock.

#include "core/event/scheduler.hpp"
#include "sim/world/dht_network.hpp"

#include <iostream>

class Print final : public kadsim::OperationListener {
 public:
  void on_operation_end(std::uint64_t, const kadsim::OperationOutcome& outcome) override {
    std::cout << name_of(outcome.status) << " after " << outcome.attempts << " attempts, "
              << (outcome.end - outcome.start).ns() / 1'000'000 << " ms\n";
  }
};

int main() {
  kadsim::NetworkSetup setup;
  setup.seed = 42;
  setup.network.nodes = 1'000;
  setup.network.link.delay = kadsim::delay::PlanetLab{};

  kadsim::Scheduler scheduler;
  const auto network = kadsim::DhtNetwork::init_with_random_peers(setup, scheduler);
  Print print;
  network->client(kadsim::PeerRef{0}).lookup_for_hash(kadsim::Hash::of_name("a key"), 1, print);
  scheduler.run_all();
}
