#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/client/connection.hpp"
#include "core/event/event_order.hpp"
#include "core/event/scheduler.hpp"
#include "sim/world/interaction_record.hpp"
#include "sim/world/link_model.hpp"
#include "sim/world/overheads.hpp"

namespace kadsim {

/// The simulated network as core sees it.
///
/// Each thing is decided where it is known: loss and delay of the link at sending; what the remote
/// answers, and its load, when the request arrives there, half a round trip later, rounded down.
/// When the outcome and its time are known no timer is armed: a request that will fail takes one
/// event, an answered one two (arrival, answer). A dial meets no state of the remote, so it is one
/// event. An answer that would come after the deadline is no answer, at the deadline; the remote
/// has served it all the same. The path of a request allocates nothing once the pool has grown.
class SimConnection final : public Connection {
 public:
  struct Parts {
    Scheduler& scheduler;
    EventOrder& order;
    const LinkModel& links;
    Overheads& overheads;
    unsigned answers = 20;  ///< contacts in an answer, to make room for
  };
  explicit SimConnection(const Parts& parts) : parts_(parts) {}

  /// Who answers requests. Set once, before the first call; outlives the connection.
  void set_server(RequestServer& server) { server_ = &server; }
  /// Told of every interaction that ends; may be null.
  void set_observer(InteractionObserver* observer) { observer_ = observer; }
  /// For instant lookups: slow errors last no longer than this.
  void set_rpc_timeout(Duration timeout) { rpc_timeout_ = timeout; }

  void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override;
  void get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                            ReplyHandler& handler, std::uint64_t tag) override;
  void store_segment(const Interaction& interaction, const Segment& segment, ReplyHandler& handler,
                     std::uint64_t tag) override;
  void retrieve_segment(const Interaction& interaction, const Hash& key, ReplyHandler& handler,
                        std::uint64_t tag) override;
  /// py-dht's arithmetic: an answer costs the base delay twice plus the overhead of both ends, a
  /// failed dial its delay plus that overhead once. The origin's overhead is read here, the
  /// remote's at every dial.
  InstantPort* open_instant_port(PeerRef origin, std::uint64_t operation,
                                 const Hash& target) override;

  /// Interactions that are over, dials and requests alike, since the start.
  struct Traffic {
    std::uint64_t attempts = 0;
    std::uint64_t successful = 0;
    std::uint64_t failures = 0;
  };
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }
  /// Interactions sent and not completed.
  [[nodiscard]] std::size_t in_flight() const {
    return blocks_.size() * kExchangesPerBlock - free_.size();
  }

 private:
  static constexpr std::size_t kExchangesPerBlock = 256;

  /// One interaction under way.
  struct Exchange {
    InteractionRecord record;
    Segment segment;  // or the key that is looked for
    ReplyHandler* handler = nullptr;
    std::uint64_t tag = 0;
    Reply reply;
    std::vector<PeerRef> contacts;
    bool late = false;  // its sender has been told that no answer came
  };

  // What happens to an exchange, as events. Before, they ask for the memory that they will touch.
  struct Arrival {
    SimConnection* connection;
    Exchange* exchange;
    void operator()() const { connection->arrive(*exchange); }
    void fetch(unsigned stage) const { connection->fetch_arrival(*exchange, stage); }
  };
  struct Completion {
    SimConnection* connection;
    Exchange* exchange;
    void operator()() const { connection->complete(*exchange); }
    void fetch(unsigned stage) const { connection->fetch_completion(*exchange, stage); }
  };

  class PyDhtPort final : public InstantPort {
   public:
    explicit PyDhtPort(SimConnection& connection) : connection_(connection) {}
    void open(PeerRef origin, std::uint64_t operation, const Hash& target);
    InstantOutcome dial_and_ask(PeerRef contact) override;

   private:
    SimConnection& connection_;
    PeerRef origin_;
    std::uint64_t operation_ = 0;
    Hash target_;
    std::uint32_t attempts_ = 0;
    Duration origin_overhead_;
    std::vector<PeerRef> contacts_;
  };

  void request(const Interaction& interaction, const Segment& segment, ReplyHandler& handler,
               std::uint64_t tag);
  Exchange& open(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag);
  void fail_later(Exchange& exchange, const LinkModel::Fate& fate);
  void arrive(Exchange& exchange);
  void fetch_arrival(const Exchange& exchange, unsigned stage) const;
  void fetch_completion(const Exchange& exchange, unsigned stage) const;
  void serve(Exchange& exchange);
  void complete_at(SimTime time, PeerRef scheduled_by, Exchange& exchange);
  void complete(Exchange& exchange);
  void close(Exchange& exchange) { free_.push_back(&exchange); }
  void tell(Exchange& exchange);
  void report(const InteractionRecord& record);

  Parts parts_;
  RequestServer* server_ = nullptr;
  InteractionObserver* observer_ = nullptr;
  Traffic traffic_;
  Duration rpc_timeout_ = Duration::max();
  std::vector<std::unique_ptr<Exchange[]>> blocks_;  // exchanges do not move
  std::vector<Exchange*> free_;
  PyDhtPort py_dht_port_{*this};
};

}  // namespace kadsim
