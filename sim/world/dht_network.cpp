#include "sim/world/dht_network.hpp"

#include "core/base/assert.hpp"
#include "core/base/input_error.hpp"
#include "core/random/random_stream.hpp"
#include "sim/world/arena_buckets.hpp"
#include "sim/world/derived_buckets.hpp"
#include "sim/world/table_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kadsim {
namespace {

std::unique_ptr<NetworkTables> make_tables(const Population& population, const NetworkSetup& setup,
                                           NetworkPart& part) {
  const RandomStream stream(setup.seed, setup.replica, "network.tables");
  const TableOptions options{setup.network.fill, setup.client.lookup.k};
  KADSIM_ASSERT(setup.network.storage != TableStorage::kAuto, "where tables are kept is settled");
  if (setup.network.storage == TableStorage::kDerived) {
    part.derived.emplace(options, population.ranks(), stream);
    return std::make_unique<DerivedBuckets>(population, options.k, *part.derived);
  }
  auto tables = std::make_unique<ArenaBuckets>(options.k);
  parallel_clilist_initializer(population, stream, options, *tables, setup.progress);
  return tables;
}

NodeGroups groups_of(const NetworkSetup& setup) {
  return {setup.network.groups, static_cast<std::uint32_t>(setup.network.nodes), setup.seed,
          setup.replica, setup.network.identities};
}

std::unique_ptr<GroupClients> clients_of_groups(const Population& population,
                                                const ClientOptions& all) {
  const bool differ =
      std::ranges::any_of(population.groups().groups(),
                          [](const GroupOptions& group) { return group.clients_differ(); });
  return differ ? std::make_unique<GroupClients>(population, all) : nullptr;
}

std::unique_ptr<GroupLimits> limits_of_groups(const ClientGates::Parts& parts,
                                              const GroupClients* clients, ClientGates* others) {
  const auto limited = [](const ClientOptions& client) { return client.resources.any(); };
  if (clients == nullptr || std::ranges::none_of(clients->by_group(), limited)) return nullptr;
  return std::make_unique<GroupLimits>(parts, *clients, others);
}

unsigned most_answers(const NetworkSetup& setup) {
  unsigned most = 0;
  for (const ClientOptions& client : clients_by_group(setup.network.groups, setup.client)) {
    most = std::max(most, client.answers);
  }
  return most;
}

}  // namespace

std::unique_ptr<DhtNetwork> DhtNetwork::init_with_random_peers(const NetworkSetup& setup,
                                                               Scheduler& scheduler) {
  return std::unique_ptr<DhtNetwork>(new DhtNetwork(setup, scheduler, nullptr));
}

std::unique_ptr<DhtNetwork> DhtNetwork::init_with_hashes(const std::vector<Hash>& hashes,
                                                         const NetworkSetup& setup,
                                                         Scheduler& scheduler) {
  return std::unique_ptr<DhtNetwork>(new DhtNetwork(setup, scheduler, &hashes));
}

DhtNetwork::DhtNetwork(const NetworkSetup& setup, Scheduler& scheduler,
                       const std::vector<Hash>* hashes)
    : setup_(setup),
      population_(hashes == nullptr ? Population(setup.network.nodes, setup.seed, setup.replica,
                                                 setup.network.unreachable, setup.progress,
                                                 setup.network.identities, groups_of(setup))
                                    : Population(*hashes)),
      closest_nodes_(population_),
      links_(setup.network.link, population_, setup.seed, setup.replica),
      path_(links_),
      overheads_(setup.network.link.gamma, setup.network.link.gamma_mode, population_.size()),
      scheduler_(scheduler, population_.size()),
      part_(most_answers(setup)),
      tables_(make_tables(population_, setup, part_)),
      reports_(part_.traffic),
      connection_({scheduler_, path_, overheads_, part_, reports_}),
      py_dht_port_({scheduler_, path_, overheads_, reports_}),
      prefetch_({population_, *tables_, scheduler_}),
      gates_(make_gates(gate_parts(), setup.client)),
      group_clients_(clients_of_groups(population_, setup.client)),
      group_limits_(limits_of_groups(gate_parts(), group_clients_.get(), gates_.get())),
      host_({scheduler_, through_limits(), population_.book(), *tables_, &closest_nodes_,
             past_limits(), group_clients_.get()},
            setup.client) {
  if (group_limits_ != nullptr) {
    connection_.set_reception(*group_limits_);
  } else if (gates_ != nullptr) {
    connection_.set_reception(reception_through(*gates_, setup.client));
  }
  connection_.set_server(host_);
  py_dht_port_.set_server(host_);
  if (setup.prefetch) ask_ahead();
}

ClientGates::Parts DhtNetwork::gate_parts() {
  return {scheduler_, connection_, population_.book(), *tables_};
}

std::vector<ClientGates*> DhtNetwork::all_gates() const {
  std::vector<ClientGates*> all;
  if (gates_ != nullptr) all.push_back(gates_.get());
  if (group_limits_ == nullptr) return all;
  for (const auto& own : group_limits_->gates()) all.push_back(own.get());
  return all;
}

std::optional<LimitCounts> DhtNetwork::limit_counts() const {
  std::optional<LimitCounts> sum;
  for (const ClientGates* gates : all_gates()) {
    if (!sum.has_value()) sum.emplace();
    *sum += gates->counts();
  }
  return sum;
}

void DhtNetwork::ask_ahead() {
  prefetch_.add(host_, host_);
  for (ClientGates* gates : all_gates()) {
    LimitedRequests& limited = gates->connection().requests();
    limited.set_prefetching(host_, host_);
    prefetch_.add(limited, limited);
  }
  connection_.set_prefetch(&prefetch_);
}

Connection& DhtNetwork::through_limits() {
  if (group_limits_ != nullptr) return *group_limits_;
  if (setup_.client.resources.limits_outbound()) return gates_->connection();
  return connection_;
}

void DhtNetwork::set_presence(const Presence* presence) {
  connection_.set_presence(presence);
  py_dht_port_.set_presence(presence);
}

InstantNetwork* DhtNetwork::past_limits() {
  const bool limited = group_limits_ != nullptr ? group_limits_->limits_outbound()
                                                : setup_.client.resources.limits_outbound();
  return limited ? nullptr : &py_dht_port_;
}

void DhtNetwork::bootstrap_node(PeerRef peer) {
  RoutingTable own = table(peer);
  own.clear();
  for (std::uint32_t birth = 0; birth < population_.size(); ++birth) {
    const PeerRef other = population_.born(birth);
    if (other != peer) own.add_keeping_closest(other);
  }
}

PeerRef DhtNetwork::join() {
  const std::uint32_t birth = population_.size();
  const Hash name = named_hash("node", setup_.seed, setup_.replica, birth);
  if (const auto same = population_.find(name); same.has_value()) {
    throw InputError(fmt::format(
        "identities: {} is chosen for birth {}, and is the generated hash of birth {}, which joins "
        "(want another hash)",
        name.hex(), population_.birth(*same), birth));
  }
  const PeerRef peer = population_.join(name);
  scheduler_.grow(population_.size());
  overheads_.grow(population_.size());
  return peer;
}

PeerRef DhtNetwork::add_new_node() {
  const PeerRef peer = join();
  bootstrap_node(peer);
  return peer;
}

PeerRef DhtNetwork::add_new_node(std::span<const PeerRef> contacts, std::uint64_t key,
                                 OperationListener& listener, std::uint64_t tag) {
  const PeerRef peer = join();
  client(peer).bootstrap(contacts, key, listener, tag);
  return peer;
}

DhtNetwork::Dialled DhtNetwork::connect_to_node(PeerRef from, PeerRef to,
                                                std::uint64_t operation) const {
  const Interaction dial{
      .kind = InteractionKind::kDial, .from = from, .to = to, .operation = operation};
  const LinkFate fate = path_.fate(dial);
  return {fate.error, fate.error == LinkError::kNone
                          ? fate.round_trip.whole()
                          : path_.failure_delay(dial, fate, host_.options_of(from).rpc_timeout)};
}

NetworkSummary DhtNetwork::summary() const {
  const Traffic& traffic = connection_.traffic();
  return {.network_id = setup_.network.id,
          .total_nodes = population_.size(),
          .reachable_nodes = population_.reachable_count(),
          .contacts = tables_->contacts(),
          .attempts = traffic.attempts,
          .successful = traffic.successful,
          .failures = traffic.failures};
}

}  // namespace kadsim
