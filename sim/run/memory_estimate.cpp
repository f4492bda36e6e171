#include "sim/run/memory_estimate.hpp"

#include "core/base/assert.hpp"
#include "sim/measure/operation_row.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kadsim {
namespace {

// Figures for nodes follow from the layout of the classes; those for operations were measured.
constexpr std::uint64_t kProgram = 12'000'000;
constexpr std::uint64_t kBytesANamedNode = 80;  // two hashes, an upper word, two numbers
constexpr std::uint64_t kBytesANode = 52;  // hash, upper word, birth and its inverse, event count
constexpr std::uint64_t kEmptyScheduler = 1'500'000;  // room of the event queue and its slots
constexpr double kBytesInFlight = 4500;               // mostly the candidates of a lookup
constexpr double kBytesInFlightForK = 60;
constexpr double kBytesARequest = 330;
constexpr double kBytesANamedContact = 11;  // 8 bytes, and room to grow
constexpr double kBytesARecord = 95;
constexpr double kBytesAChangedBucket = 100;  // and 4 bytes a contact
// A lookup asks about 25 nodes; half of the buckets that it could change were changed before.
constexpr double kChangedBucketsAnOperation = 12;
// Under limits: what is kept for a node that sent or received a request.
constexpr double kContactsAskedAnOperation = 25;
constexpr double kBytesOfSemaphores = 400;
constexpr double kBytesOfAManager = 12'000;
constexpr double kBytesOfStatistics = 3 * 114'688.0;  // histograms of one group in one entry
constexpr double kSecondsOfAnOperation = 5;  // mean time that an operation of an open loop takes

// E[min(k, Poisson(mean))].
double expected_in_bucket(double mean, unsigned k) {
  if (mean > k + 12 * std::sqrt(k) + 30) return k;
  double probability = std::exp(-mean);  // of i
  double missing = 0;                    // sum over i < k of (k - i) P(i)
  for (unsigned i = 0; i < k; ++i) {
    missing += (k - i) * probability;
    probability *= mean / (i + 1);
  }
  return k - missing;
}

// Expected number of buckets down to the last that is not empty. Bucket i is counted if its owner
// is not alone in its subtree.
double expected_buckets(std::uint64_t nodes) {
  double buckets = 0;
  double others = static_cast<double>(nodes) - 1;
  for (; others > 1e-4; others /= 2) buckets += 1 - std::exp(-others);
  return buckets;
}

std::uint64_t bytes_of_tables(const Scenario& scenario, TableStorage storage) {
  if (storage == TableStorage::kDerived) return 0;
  const std::uint64_t nodes = scenario.network.nodes;
  const double each =
      4 * expected_contacts(nodes, scenario.client.lookup.k) + 4 * expected_buckets(nodes) + 8;
  return static_cast<std::uint64_t>(each * static_cast<double>(nodes));
}

double in_flight(const WorkloadEntry& entry) {
  const auto count = static_cast<double>(entry.count);
  if (const auto* loop = std::get_if<ClosedLoop>(&entry.arrival)) {
    return std::min<double>(loop->in_flight, count);
  }
  return std::min(std::get<OpenLoop>(entry.arrival).rate_per_s * kSecondsOfAnOperation, count);
}

// Clients that behave alike, and what share of all nodes they are.
struct Clients {
  ClientOptions options;
  double share = 1;
  std::string group;  // empty: of nodes in none
};

std::vector<Clients> clients_of(const Scenario& scenario) {
  const NetworkOptions& network = scenario.network;
  std::vector<Clients> all;
  double left = 1;
  for (ClientOptions& options : clients_by_group(network.groups, scenario.client)) {
    const bool in_group = all.size() < network.groups.size();
    double share = left;
    if (in_group) {
      share = static_cast<double>(
                  network.groups[all.size()].nodes_of(network.nodes, network.identities)) /
              static_cast<double>(network.nodes);
      left -= share;
    }
    all.push_back({std::move(options), share, in_group ? network.groups[all.size()].name : ""});
  }
  return all;
}

// Of a client that is chosen at random.
template <class Figure>
double mean(const std::vector<Clients>& all, Figure figure) {
  double sum = 0;
  for (const Clients& clients : all) sum += clients.share * figure(clients.options);
  return sum;
}

// The clients that an operation of this entry may start at.
std::vector<Clients> starting(const std::vector<Clients>& all, const WorkloadEntry& entry) {
  const auto* const by_group = std::get_if<origins::Group>(&entry.origin);
  if (by_group == nullptr) return all;
  Clients only = *std::ranges::find(all, by_group->name, &Clients::group);
  only.share = 1;
  return {std::move(only)};
}

// The most requests that an operation of this entry has under way at a time. Some strategies send
// more than alpha at their end.
double requests(const ClientOptions& client, const WorkloadEntry& entry) {
  const bool stores = entry.op == OperationKind::kProvide || entry.op == OperationKind::kPut;
  return std::max<double>(client.lookup.alpha, stores ? client.replication : 0);
}

double records(const ClientOptions& client, const WorkloadEntry& entry) {
  if (entry.op == OperationKind::kProvide) return client.replication;
  if (entry.op == OperationKind::kPut) return client.replication + 1.0;
  return entry.op == OperationKind::kGet ? 1 : 0;  // the origin of a get keeps the record
}

double bytes_of_limits(const ClientResources& resources) {
  if (resources.manager || resources.go_libp2p) return kBytesOfAManager;
  return resources.any() ? kBytesOfSemaphores : 0;
}

std::uint64_t bytes_of_operations(const Scenario& scenario) {
  const std::vector<Clients> clients = clients_of(scenario);
  const unsigned k = scenario.client.lookup.k;
  const auto nodes = static_cast<double>(scenario.network.nodes);
  double operations = 0;
  double under_way = 0;
  double requests_under_way = 0;
  double kept_records = 0;
  double statistics = 0;  // of groups in entries
  for (const WorkloadEntry& entry : scenario.workload) {
    const std::vector<Clients> from = starting(clients, entry);
    const auto count = static_cast<double>(entry.count);
    operations += count;
    statistics +=
        std::min(count, static_cast<double>(std::ranges::count_if(
                            from, [](const Clients& clients) { return clients.share > 0; })));
    under_way += in_flight(entry);
    requests_under_way += in_flight(entry) * mean(from, [&entry](const ClientOptions& client) {
                            return requests(client, entry);
                          });
    kept_records += count * mean(from, [&entry](const ClientOptions& client) {
                      return records(client, entry);
                    });
  }
  const double contacts = expected_contacts(scenario.network.nodes, k);
  unsigned answers = 0;  // there is room for the largest in every interaction
  for (const Clients& of : clients) {
    if (of.share > 0) answers = std::max(answers, of.options.answers);
  }
  const double named = std::min<double>(answers, contacts);
  double bytes = operations * sizeof(OperationRow) + kept_records * kBytesARecord +
                 under_way * (kBytesInFlight + kBytesInFlightForK * k) +
                 requests_under_way * (kBytesARequest + kBytesANamedContact * named);
  const double learning = mean(clients, [](const ClientOptions& client) {
    return client.table_updates == TableUpdates::kLearn ? 1 : 0;
  });
  const double changed = std::min(operations * kChangedBucketsAnOperation,
                                  nodes * expected_buckets(scenario.network.nodes));
  bytes += learning * changed * (kBytesAChangedBucket + 4.0 * k);
  const double touched = std::min(operations * kContactsAskedAnOperation, nodes);
  bytes += touched * mean(clients, [](const ClientOptions& client) {
             return bytes_of_limits(client.resources);
           });
  if (!scenario.network.groups.empty()) bytes += statistics * kBytesOfStatistics;
  return kEmptyScheduler + static_cast<std::uint64_t>(bytes);
}

}  // namespace

double expected_contacts(std::uint64_t nodes, unsigned k) {
  double contacts = 0;
  for (double mean = (static_cast<double>(nodes) - 1) / 2; mean > 1e-4; mean /= 2) {
    contacts += expected_in_bucket(mean, k);
  }
  return contacts;
}

std::uint64_t MemoryEstimate::peak() const {
  return program + std::max(naming, population + tables + operations);
}

MemoryEstimate estimate_memory(const Scenario& scenario, TableStorage storage) {
  KADSIM_ASSERT(storage != TableStorage::kAuto, "where tables are kept is settled");
  const std::uint64_t nodes = scenario.network.nodes;
  const std::uint64_t index = 4 * (std::uint64_t{1} << std::bit_width(nodes));
  const std::uint64_t load = scenario.network.link.gamma == Duration() ? 0 : 4 * nodes;
  const std::uint64_t in_groups = scenario.network.groups.empty() ? 0 : 1;  // and in the result
  return {.program = kProgram,
          .naming = nodes * (kBytesANamedNode + in_groups),
          .population = nodes * (kBytesANode + 2 * in_groups) + nodes / 8 + index + load,
          .tables = bytes_of_tables(scenario, storage),
          .operations = bytes_of_operations(scenario)};
}

TableStorage settled_storage(const Scenario& scenario, std::uint64_t machine_bytes) {
  if (scenario.network.storage != TableStorage::kAuto) return scenario.network.storage;
  const std::uint64_t built = estimate_memory(scenario, TableStorage::kPrecomputed).peak();
  return machine_bytes > 0 && built > machine_bytes / 2 ? TableStorage::kDerived
                                                        : TableStorage::kPrecomputed;
}

}  // namespace kadsim
