#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <vector>

#include "core/client/client_options.hpp"
#include "core/client/operation.hpp"
#include "core/event/node_scheduler.hpp"

namespace kadsim {

/// The queries of each client. At most `concurrency` queries of one client run at a time; further
/// ones wait in line, first come, first served; each has a time limit. A query is an operation from
/// its start to its end; what the operation still does afterwards (the repairs of a get) is not
/// part of it.
///
/// Running queries go first: a new query neither delays nor displaces one. It starts when a running
/// one has ended, after all that arrived before it.
///
/// Source: the pool of go-kademlia and that of rust-libp2p, which has no cap. Departures from
/// go-kademlia: the cap counts queries that have started, whether or not they have a request under
/// way, so that none starts while the cap is reached; and every query has a timer of its own, so
/// that queries time out in a full pool too.
///
/// A time-out is the first event of its instant: whether an answer that arrives in the very tick of
/// the deadline is in time follows from the rule, not from which node sent it. O(log c) a query, c
/// = clients with queries; O(1) for each query that waits.
class QueryPool {
 public:
  /// Runs the queries whose turn has come.
  class Runner {
   public:
    virtual ~Runner() = default;
    /// How many queries of `client` run at a time, and for how long.
    [[nodiscard]] virtual const QueryOptions& queries_of(PeerRef client) const = 0;
    /// A slot for a query to run in.
    virtual std::uint32_t take_slot() = 0;
    /// Starts it now, in that slot. Does not tell the listener during the call.
    virtual void run(std::uint32_t slot, const OperationRequest& request,
                     OperationListener& listener, std::uint64_t tag, SimTime arrival) = 0;
    /// Ends the query in that slot with kTimeout.
    virtual void time_out(std::uint32_t slot) = 0;
  };

  QueryPool(NetworkScheduler& scheduler, Runner& runner) : scheduler_(scheduler), runner_(runner) {}

  /// Starts the query now, or when its turn comes. The listener is told of its end exactly once,
  /// never during this call.
  void arrive(const OperationRequest& request, OperationListener& listener, std::uint64_t tag);
  /// The query of `client` that runs in `slot` has ended, and its listener knows: the first query
  /// in line starts.
  void ended(PeerRef client, std::uint32_t slot);
  /// Ends all waiting queries as unfinished: client after client by number, each line in its order.
  void cut_off();

  /// Queries in line, of all clients.
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

 private:
  struct Query {
    OperationRequest request;
    std::vector<PeerRef> seeds;  // of the request, which only borrows them
    OperationListener* listener = nullptr;
    std::uint64_t tag = 0;
    SimTime arrival;
    EventId timer;
  };
  using Line = std::list<Query>;  // queries leave it from the middle when they time out
  struct Client {
    std::size_t running = 0;
    Line line;
  };

  [[nodiscard]] static bool has_room(const QueryOptions& options, const Client& client) {
    return !options.concurrency.has_value() || client.running < *options.concurrency;
  }
  void start(Client& client, const OperationRequest& request, OperationListener& listener,
             std::uint64_t tag, SimTime arrival);
  /// When a query whose time limit counts from `since` times out.
  [[nodiscard]] static SimTime due(const QueryOptions& options, SimTime since);
  /// Takes the query out of its line and tells its listener.
  void end_waiting(PeerRef client, Line::iterator query, OperationStatus status);

  NetworkScheduler& scheduler_;
  Runner& runner_;
  std::map<std::uint32_t, Client> clients_;  // those with queries
  std::vector<EventId> timers_;              // of running queries, by slot
  std::size_t waiting_ = 0;
};

}  // namespace kadsim
