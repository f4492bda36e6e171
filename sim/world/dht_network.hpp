#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/client/client_host.hpp"
#include "core/client/client_options.hpp"
#include "core/client/dht_client.hpp"
#include "core/event/scheduler.hpp"
#include "core/limit/client_gates.hpp"
#include "sim/world/closest_nodes.hpp"
#include "sim/world/group_clients.hpp"
#include "sim/world/group_limits.hpp"
#include "sim/world/link_model.hpp"
#include "sim/world/network_options.hpp"
#include "sim/world/network_prefetch.hpp"
#include "sim/world/network_tables.hpp"
#include "sim/world/overheads.hpp"
#include "sim/world/path.hpp"
#include "sim/world/population.hpp"
#include "sim/world/py_dht_port.hpp"
#include "sim/world/sim_connection.hpp"

namespace kadsim {

/// Which network to make.
struct NetworkSetup {
  NetworkOptions network;
  ClientOptions client;
  std::uint64_t seed = 1;
  std::uint32_t replica = 0;
  SetupProgress* progress = nullptr;  ///< told how far the network is made; may be null
  bool prefetch = true;  ///< asks ahead for the memory that events will touch; changes no result
};

/// py-dht's summary of a network, and the size of its tables.
struct NetworkSummary {
  std::uint32_t network_id = 0;
  std::uint64_t total_nodes = 0;
  std::uint64_t reachable_nodes = 0;
  std::uint64_t contacts = 0;  ///< in all tables of time 0
  std::uint64_t attempts = 0;  ///< dials and requests that are over
  std::uint64_t successful = 0;
  std::uint64_t failures = 0;
};

/// A simulated network of DHT clients: its nodes, what they know of each other, the links
/// between them, and one Kademlia for them all. Several networks may live on one scheduler; they
/// share nothing but the clock.
///
/// Building uses all cores of the caller's TBB arena, and gives the same bytes on any number;
/// playing is single-threaded. The scheduler outlives the network. Does not move.
class DhtNetwork {
 public:
  /// Nodes named by the rule of the design, their tables filled as `network.fill` says and kept as
  /// `network.storage` says, which is not `kAuto` any more: an assertion. Throws InputError if a
  /// file of a delay model can't be used, or chosen identities can't be.
  static std::unique_ptr<DhtNetwork> init_with_random_peers(const NetworkSetup& setup,
                                                            Scheduler& scheduler);
  /// Nodes with these hashes, all reachable, tables filled likewise; `network.nodes`,
  /// `.identities`, `.groups` and `.unreachable` are not looked at. Pre: no hash twice.
  static std::unique_ptr<DhtNetwork> init_with_hashes(const std::vector<Hash>& hashes,
                                                      const NetworkSetup& setup,
                                                      Scheduler& scheduler);

  DhtNetwork(const DhtNetwork&) = delete;
  DhtNetwork& operator=(const DhtNetwork&) = delete;

  [[nodiscard]] const Population& population() const { return population_; }
  [[nodiscard]] ClosestNodes& closest_nodes() { return closest_nodes_; }
  [[nodiscard]] ClientHost& host() { return host_; }
  [[nodiscard]] SimConnection& connection() { return connection_; }
  /// Whether nodes are there when a message arrives; null: all are, always. Before the first event;
  /// outlives the network.
  void set_presence(const Presence* presence);
  /// The same network for lookups that are resolved at once.
  [[nodiscard]] InstantNetwork& instant_network() { return py_dht_port_; }
  /// Of the clients of all groups that give none of their own. Null: these have no limits.
  [[nodiscard]] ClientGates* gates() { return gates_.get(); }
  /// Of those, and of all groups with limits of their own. None: no client has limits.
  [[nodiscard]] std::optional<LimitCounts> limit_counts() const;
  /// How its nodes schedule events; there is no other way.
  [[nodiscard]] NetworkScheduler& scheduler() { return scheduler_; }
  [[nodiscard]] const NetworkTables& tables() const { return *tables_; }
  [[nodiscard]] DhtClient client(PeerRef peer) { return {host_, peer}; }
  [[nodiscard]] RoutingTable table(PeerRef peer) { return host_.table(peer); }

  /// Empties the node's table and offers it every other node, in the order of their birth; a full
  /// bucket keeps the k closest to the node. As py-dht's bootstrap_node; gives the contacts of
  /// filling `closest`. O(nodes).
  void bootstrap_node(PeerRef peer);
  /// A node joins now with the next name of the naming rule, and is bootstrapped as above. No
  /// other node knows it until one is told of it (`new_discovered_node`), or is asked by it with
  /// `table_updates: learn`. Throws InputError, and changes nothing, if a node with that name is
  /// there already, as one whose identity was chosen may be.
  PeerRef add_new_node();
  /// A node joins now and looks itself up through `contacts`, filling its table from what it hears.
  /// The listener is told when that is over; `key` is the operation's. Throws as above.
  PeerRef add_new_node(std::span<const PeerRef> contacts, std::uint64_t key,
                       OperationListener& listener, std::uint64_t tag = 0);

  struct Dialled {
    LinkError error = LinkError::kNone;
    Duration delay;  ///< until the outcome is known
    [[nodiscard]] bool connected() const { return error == LinkError::kNone; }
  };
  /// What a dial from one node to another would come to, at once; takes no virtual time and is not
  /// counted.
  [[nodiscard]] Dialled connect_to_node(PeerRef from, PeerRef to,
                                        std::uint64_t operation = 0) const;

  [[nodiscard]] NetworkSummary summary() const;

 private:
  DhtNetwork(const NetworkSetup& setup, Scheduler& scheduler, const std::vector<Hash>* hashes);
  PeerRef join();
  /// Through which clients reach their peers.
  Connection& through_limits();
  /// What is resolved at once passes no gate: null where clients have limits on what they send.
  InstantNetwork* past_limits();
  void ask_ahead();
  ClientGates::Parts gate_parts();
  [[nodiscard]] std::vector<ClientGates*> all_gates() const;

  NetworkSetup setup_;
  Population population_;
  ClosestNodes closest_nodes_;
  LinkModel links_;
  Path path_;
  Overheads overheads_;
  NetworkScheduler scheduler_;
  NetworkPart part_;
  std::unique_ptr<NetworkTables> tables_;
  InteractionReports reports_;
  SimConnection connection_;
  PyDhtPort py_dht_port_;
  NetworkPrefetch prefetch_;
  std::unique_ptr<ClientGates> gates_;           // null: clients have no limits
  std::unique_ptr<GroupClients> group_clients_;  // null: no group has clients of its own
  std::unique_ptr<GroupLimits> group_limits_;    // null: likewise, or none has limits
  ClientHost host_;
};

}  // namespace kadsim
