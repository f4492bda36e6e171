#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/growing_array.hpp"
#include "core/base/per_node.hpp"
#include "core/base/prefetching.hpp"
#include "core/base/slot_pool.hpp"
#include "core/client/client_options.hpp"
#include "core/client/operation.hpp"
#include "core/client/options_by_node.hpp"
#include "core/client/query_pool.hpp"
#include "core/client/record_store.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/lookup/instant_lookup.hpp"
#include "core/table/routing_table.hpp"
#include "core/wire/connection.hpp"
#include "core/wire/request_server.hpp"

namespace kadsim {

class OperationRun;

/// What all clients on one worker share: scheduler, connection, tables, options, and the pool of
/// running operations. A client that does nothing costs no more than its routing table: `DhtClient`
/// is a handle made of its peer number and this host.
///
/// Receives requests from the connection (RequestServer) and ends of interactions (ReplyHandler).
/// Everything referred to outlives the host. Single-threaded. Running an operation allocates only
/// until its pooled memory has grown.
class ClientHost final : public RequestServer,
                         public ReplyHandler,
                         public Prefetching,
                         private QueryPool::Runner {
 public:
  struct Parts {
    NetworkScheduler& scheduler;
    Connection& connection;
    const PeerBook& book;
    BucketStore& buckets;
    LookupOracle* oracle = nullptr;             ///< for strategies that need one
    InstantNetwork* instant_network = nullptr;  ///< likewise
    const OptionsByNode* by_node = nullptr;     ///< null: all clients behave alike
  };
  /// Pre: options.lookup.strategy is a name from lookup_strategies().
  ClientHost(const Parts& parts, const ClientOptions& options);
  ~ClientHost() override;
  ClientHost(const ClientHost&) = delete;
  ClientHost& operator=(const ClientHost&) = delete;

  /// How the client of `peer` behaves; the reference stays valid as long as the host.
  [[nodiscard]] const ClientOptions& options_of(PeerRef peer) const {
    return parts_.by_node == nullptr ? options_ : parts_.by_node->options_of(peer);
  }
  [[nodiscard]] RoutingTable table(PeerRef peer) const {
    return {peer, parts_.book, parts_.buckets};
  }
  [[nodiscard]] SimTime now() const { return parts_.scheduler.now(); }
  /// Operations that have started and have not ended.
  [[nodiscard]] std::size_t running() const { return running_; }
  /// Operations that wait for their turn.
  [[nodiscard]] std::size_t waiting() const { return pool_ == nullptr ? 0 : pool_->waiting(); }

  /// Starts now, or, if the origin's `queries` limit how many run, when its turn comes. The
  /// listener is told of the end exactly once, never during this call; it may start further
  /// operations.
  void start(const OperationRequest& request, OperationListener& listener, std::uint64_t tag);
  /// Ends every operation now with status kUnfinished: first those that wait for their turn, then
  /// those that run, in the order of their slots. Also ends what operations still do after their
  /// end.
  void cut_off();

  /// A contact was heard from: it is offered to the table of `at`.
  void discovered(PeerRef at, PeerRef contact);

  /// The records that `at` stores; null if it has none.
  [[nodiscard]] const RecordStore* records(PeerRef at) const;
  /// The record that `at` stores under `key`, if it does.
  [[nodiscard]] std::optional<Record> stored(PeerRef at, const Hash& key) const;
  /// What that record carries besides; null: nothing. Valid until the store changes.
  [[nodiscard]] const RecordDetails* stored_details(PeerRef at, const Hash& key) const;
  /// False: the store of `at` would not take the segment (RecordStore::store).
  bool store(PeerRef at, const Segment& segment, const RecordDetails* details);
  /// Drops those records of `at` that are gone by now; returns how many these were.
  std::size_t expire_records(PeerRef at);

  std::optional<Record> serve_get_closest_nodes_to(PeerRef at, PeerRef asker, const Hash& target,
                                                   ContactsByDistance& contacts) override;
  bool serve_store_segment(PeerRef at, PeerRef asker, const Segment& segment,
                           const RecordDetails* details) override;
  std::optional<Record> serve_retrieve_segment(PeerRef at, PeerRef asker, const Hash& key) override;
  [[nodiscard]] const RecordDetails* serve_details(PeerRef at, const Hash& key) const override;

  [[nodiscard]] bool awaits(std::uint64_t tag) const override;
  void on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) override;

  void prefetch(std::uint64_t tag, unsigned step) const override;
  [[nodiscard]] std::optional<std::uint32_t> likely_next(std::uint64_t tag) const override;

 private:
  friend class OperationRun;

  /// `options` are those of `at`.
  void learn_asker(PeerRef at, PeerRef asker, const ClientOptions& options);
  /// Made when the first query arrives that something limits.
  QueryPool& pool();
  [[nodiscard]] const QueryOptions& queries_of(PeerRef client) const override {
    return options_of(client).queries;
  }
  std::uint32_t take_slot() override;
  void run(std::uint32_t slot, const OperationRequest& request, OperationListener& listener,
           std::uint64_t tag, SimTime arrival) override;
  void time_out(std::uint32_t slot) override;
  void ended(const OperationRun& run, PeerRef origin);
  void release(OperationRun& run);

  Parts parts_;
  ClientOptions options_;
  PerNode<RecordStore> records_;  // of the nodes that have stored one
  SlotPool<OperationRun, GrowingArray<OperationRun>> runs_;
  std::size_t running_ = 0;
  std::unique_ptr<QueryPool> pool_;  // null: no query came yet that something limits
};

}  // namespace kadsim
