#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/event/node_scheduler.hpp"
#include "core/limit/gate.hpp"
#include "core/wire/connection.hpp"
#include "core/wire/request_server.hpp"
#include "sim/world/interaction_outcome.hpp"
#include "sim/world/interaction_reports.hpp"
#include "sim/world/network_prefetch.hpp"
#include "sim/world/overheads.hpp"
#include "sim/world/part.hpp"
#include "sim/world/path.hpp"
#include "sim/world/presence.hpp"
#include "sim/world/reception.hpp"

namespace kadsim {

/// The simulated network as core sees it.
///
/// Each thing is decided where it is known: loss and delay of the link, and whether the remote is
/// ever reachable, at sending; what the remote answers, and its load, when the request arrives
/// there. An interaction is two messages, a request and an answer (`Exchange`): neither end writes
/// to what the other holds. When the outcome and its time are known no timer is armed: a request
/// that will fail takes one event, an answered one two (arrival, answer). A dial meets no state of
/// the remote, so it is one event. An answer that would come after the deadline is no answer, at
/// the deadline; the remote has served it all the same. The path of a request allocates nothing
/// once the pool has grown.
///
/// Where receivers have limits (`set_reception`), a request stands in line at its arrival if it
/// finds no slot, and is served when it has one; a refusal travels back as an answer does. The slot
/// is held until the answer leaves.
class SimConnection final : public Connection, private GateListener {
 public:
  struct Parts {
    NetworkScheduler& scheduler;
    const Path& path;
    Overheads& overheads;
    NetworkPart& part;
    InteractionReports& reports;
  };
  explicit SimConnection(const Parts& parts) : parts_(parts) {}

  /// Answers requests. Set once, before the first call; outlives the connection.
  void set_server(RequestServer& server) { server_ = &server; }
  /// As InteractionReports says.
  void add_observer(InteractionObserver& observer) { parts_.reports.add_observer(observer); }
  void remove_observer(InteractionObserver& observer) { parts_.reports.remove_observer(observer); }
  /// What every receiver lets in; or what each does, by node. Set once, before the first call; what
  /// is given by reference, and gates, outlive the connection.
  void set_reception(Reception reception) { reception_ = reception; }
  void set_reception(const ReceptionByNode& by_node) {
    reception_.emplace();
    reception_by_node_ = &by_node;
  }
  /// Presence that can change: a message to a node that is absent when it arrives is lost, and its
  /// asker learns that at its deadline. Dials then arrive as events, too, and take two of them, as
  /// requests do. Null, as at first: all nodes are always there, and no event is added. Set before
  /// the first call; outlives the connection.
  void set_presence(const Presence* presence) { presence_ = presence; }
  /// Asks ahead for the memory that events will touch; null, as at first: nothing does. May be
  /// changed at any time.
  void set_prefetch(const NetworkPrefetch* prefetch) { prefetch_ = prefetch; }

  void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override;
  void negotiate(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override;
  void get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                            ReplyHandler& handler, std::uint64_t tag) override;
  void store_segment(const Interaction& interaction, const Segment& segment,
                     const RecordDetails* details, ReplyHandler& handler,
                     std::uint64_t tag) override;
  void retrieve_segment(const Interaction& interaction, const Hash& key, ReplyHandler& handler,
                        std::uint64_t tag) override;

  [[nodiscard]] const Traffic& traffic() const { return parts_.part.traffic; }
  /// Interactions sent and not completed.
  [[nodiscard]] std::size_t in_flight() const { return parts_.part.exchanges.in_use(); }

 private:
  // What happens to an exchange, as events. What is needed to ask ahead for memory they hold
  // themselves, which saves waiting for the exchange.
  struct Arrival {
    SimConnection* connection;
    Exchange* exchange;
    PeerRef to;
    void operator()() const { connection->arrive(*exchange); }
    void prefetch(unsigned stage) const {
      const NetworkPrefetch* const ahead = connection->prefetch_;
      if (ahead != nullptr) ahead->arrival(*exchange, to, stage);
    }
  };
  struct End {
    SimConnection* connection;
    Exchange* exchange;
    ReplyHandler* handler;
    std::uint64_t tag;
    void operator()() const {
      connection->tell(*exchange);
      connection->close(*exchange);
    }
    void prefetch(unsigned stage) const {
      const NetworkPrefetch* const ahead = connection->prefetch_;
      if (ahead != nullptr) ahead->end(*exchange, handler, tag, stage);
    }
  };

  // The asker.
  Exchange& open(const Interaction& interaction, const Segment& segment, ReplyHandler& handler,
                 std::uint64_t tag);
  void send(Exchange& exchange);
  Exchange& request(const Interaction& interaction, const Segment& segment, ReplyHandler& handler,
                    std::uint64_t tag);
  void fail_later(Exchange& exchange, const LinkFate& fate);
  EventId give_up_at_deadline(Exchange& exchange);
  void lose(Exchange& exchange);
  EventId end_at(SimTime time, PeerRef scheduled_by, Exchange& exchange);
  void tell(Exchange& exchange);
  void tell_of_record(const Exchange& exchange, Reply& reply);
  void close(Exchange& exchange) { parts_.part.exchanges.give_back(exchange); }

  // The receiver.
  void arrive(Exchange& exchange);
  bool meets(Exchange& exchange);
  void serve(Exchange& exchange);
  EventId answer_at(SimTime leaves, Exchange& exchange);

  // A receiver with limits.
  void receive(Exchange& exchange);
  void admit(std::uint32_t visit);
  void turn_away(std::uint32_t visit, bool awaited);
  void revoke(std::uint32_t visit);
  void depart(std::uint32_t visit);
  bool still_awaited(const Visit& visit);
  [[nodiscard]] const Reception& reception_of(PeerRef node) const;
  std::uint32_t take_visit(Exchange& exchange);
  void end_visit(std::uint32_t visit);
  void on_gate(std::uint64_t tag, GateNews news) override;

  Parts parts_;
  RequestServer* server_ = nullptr;
  const Presence* presence_ = nullptr;
  const NetworkPrefetch* prefetch_ = nullptr;
  std::optional<Reception> reception_;                  // of all nodes; none: nothing is limited
  const ReceptionByNode* reception_by_node_ = nullptr;  // given: instead of `reception_`
};

}  // namespace kadsim
