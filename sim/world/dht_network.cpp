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

std::unique_ptr<NetworkTables> make_tables(const Population& population,
                                           const NetworkSetup& setup) {
  const RandomStream stream(setup.seed, setup.replica, "network.tables");
  const TableOptions options{setup.network.fill, setup.client.lookup.k};
  KADSIM_ASSERT(setup.network.storage != TableStorage::kAuto, "where tables are kept is settled");
  if (setup.network.storage == TableStorage::kDerived) {
    return std::make_unique<DerivedBuckets>(population, stream, options);
  }
  auto tables = std::make_unique<ArenaBuckets>(options.k);
  parallel_clilist_initializer(population, stream, options, *tables, setup.progress);
  return tables;
}

NodeGroups groups_of(const NetworkSetup& setup) {
  return {setup.network.groups, static_cast<std::uint32_t>(setup.network.nodes), setup.seed,
          setup.replica};
}

std::unique_ptr<GroupClients> clients_of_groups(const Population& population,
                                                const ClientOptions& all) {
  const bool differ = std::ranges::any_of(
      population.groups().groups(), [](const GroupOptions& group) { return group.client.any(); });
  return differ ? std::make_unique<GroupClients>(population, all) : nullptr;
}

ClientGates::Options gate_options(const ClientOptions& client) {
  return {.resources = client.resources,
          .k = client.lookup.k,
          .tables_learn = client.table_updates == TableUpdates::kLearn};
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
      tables_(make_tables(population_, setup)),
      part_(setup.client.answers),
      reports_(part_.traffic),
      connection_({scheduler_, path_, overheads_, part_, reports_}),
      py_dht_port_({scheduler_, path_, overheads_, reports_}),
      prefetch_({population_, *tables_, scheduler_}),
      gates_(setup.client.resources.any()
                 ? std::make_unique<ClientGates>(
                       ClientGates::Parts{scheduler_, connection_, population_.book(), *tables_},
                       gate_options(setup.client))
                 : nullptr),
      group_clients_(clients_of_groups(population_, setup.client)),
      host_({scheduler_, through_limits(), population_.book(), *tables_, &closest_nodes_,
             past_limits(), group_clients_.get()},
            setup.client) {
  if (gates_ != nullptr) {
    connection_.set_reception({.streams = gates_->inbound(),
                               .negotiations = gates_->inbound_negotiations(),
                               .service_time = setup.client.resources.service_time});
  }
  connection_.set_server(host_);
  py_dht_port_.set_server(host_);
  if (setup.prefetch) ask_ahead();
}

void DhtNetwork::ask_ahead() {
  prefetch_.add(host_, host_);
  if (gates_ != nullptr) {
    LimitedRequests& limited = gates_->connection().requests();
    limited.set_prefetching(host_, host_);
    prefetch_.add(limited, limited);
  }
  connection_.set_prefetch(&prefetch_);
}

Connection& DhtNetwork::through_limits() {
  if (setup_.client.resources.limits_outbound()) return gates_->connection();
  return connection_;
}

void DhtNetwork::set_presence(const Presence* presence) {
  connection_.set_presence(presence);
  py_dht_port_.set_presence(presence);
}

InstantNetwork* DhtNetwork::past_limits() {
  return setup_.client.resources.limits_outbound() ? nullptr : &py_dht_port_;
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
