#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/event/scheduler.hpp"
#include "core/random/random_stream.hpp"
#include "sim/world/dht_network.hpp"

namespace kadsim {

/// Hashes that differ from 0 in `bits` bits only, from bit `first` on: identifier spaces small
/// enough to look at all of.
inline Hash small_hash(std::uint64_t value, unsigned bits, unsigned first) {
  Hash hash;
  for (unsigned i = 0; i < bits; ++i) {
    if (((value >> (bits - 1 - i)) & 1) != 0) hash = hash.with_bit_flipped(first + i);
  }
  return hash;
}

inline std::vector<Hash> random_hashes(std::uint64_t seed, std::size_t count) {
  std::vector<Hash> hashes;
  for (std::size_t i = 0; i < count; ++i) hashes.push_back(named_hash("key", seed, 99, i));
  return hashes;
}

/// Constant delay, no errors, and everything else as it is by default.
inline NetworkSetup plain_setup(std::uint64_t seed, unsigned k) {
  NetworkSetup setup;
  setup.seed = seed;
  setup.network.link.delay = delay::Constant{Duration::milliseconds(10)};
  LookupOptions& lookup = setup.client.lookup;
  lookup.k = lookup.beta = lookup.results = k;
  setup.client.answers = setup.client.replication = k;
  return setup;
}

/// Remembers how operations ended, by tag.
class Endings final : public OperationListener {
 public:
  struct Ending {
    std::uint64_t tag;
    OperationOutcome outcome;  ///< its `contacts` are those below
    std::vector<ResultContact> contacts;
  };
  void on_operation_end(std::uint64_t tag, const OperationOutcome& outcome) override {
    ended.push_back({tag, outcome, {outcome.contacts.begin(), outcome.contacts.end()}});
  }
  void on_operation_aftermath(std::uint64_t tag, const OperationOutcome& outcome) override {
    aftermaths.push_back({tag, outcome, {}});
  }
  std::vector<Ending> ended;
  std::vector<Ending> aftermaths;
};

/// Remembers every interaction in the order in which they ended.
class Interactions final : public InteractionObserver {
 public:
  void on_interaction(const InteractionOutcome& record) override { records.push_back(record); }
  std::vector<InteractionOutcome> records;
};

/// `count` of all nodes, sorted by distance to `target`: the obvious way.
inline std::vector<PeerRef> sorted_by_distance(const Population& population, const Hash& target,
                                               PeerRef except, std::size_t count) {
  std::vector<PeerRef> all;
  for (std::uint32_t i = 0; i < population.size(); ++i) {
    if (PeerRef{i} != except && population.reachable({i})) all.push_back({i});
  }
  std::sort(all.begin(), all.end(), [&](PeerRef a, PeerRef b) {
    return nearer(target, population.hash(a), population.hash(b));
  });
  if (all.size() > count) all.resize(count);
  return all;
}

}  // namespace kadsim
