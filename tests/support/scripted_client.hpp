#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "core/client/client_host.hpp"
#include "core/client/dht_client.hpp"
#include "core/event/scheduler.hpp"
#include "tests/support/small_networks.hpp"

namespace kadsim {

/// Peers that do what a test says: each has a delay, a kind of answer, and records. There is no
/// simulated network; nothing here but core.
class ScriptedConnection final : public Connection {
 public:
  struct Peer {
    Duration delay = Duration::milliseconds(10);
    ReplyStatus status = ReplyStatus::kOk;  ///< kOk, or how every request to it fails
    std::optional<Record> holds;
  };
  /// What was asked of which peer, in the order in which it was asked.
  struct Asked {
    SimTime at;
    SimTime end;
    Interaction interaction;
    ReplyStatus status;
    std::optional<Record> record;  ///< told by it, or stored at it
  };

  explicit ScriptedConnection(Scheduler& scheduler) : scheduler_(scheduler) {}

  std::map<std::uint32_t, Peer> peers;
  std::vector<Asked> asked;

  [[nodiscard]] std::vector<Asked> of(InteractionKind kind) const {
    std::vector<Asked> all;
    std::ranges::copy_if(asked, std::back_inserter(all),
                         [&](const Asked& one) { return one.interaction.kind == kind; });
    return all;
  }

  void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override {
    reply(interaction, handler, tag, std::nullopt);
  }
  void negotiate(const Interaction& interaction, ReplyHandler& handler,
                 std::uint64_t tag) override {
    reply(interaction, handler, tag, std::nullopt);
  }
  void get_closest_nodes_to(const Interaction& interaction, const Hash&, ReplyHandler& handler,
                            std::uint64_t tag) override {
    reply(interaction, handler, tag, peers[interaction.to.value].holds);
  }
  void store_segment(const Interaction& interaction, const Segment& segment, const RecordDetails*,
                     ReplyHandler& handler, std::uint64_t tag) override {
    reply(interaction, handler, tag, segment.record());
  }
  void retrieve_segment(const Interaction& interaction, const Hash&, ReplyHandler& handler,
                        std::uint64_t tag) override {
    reply(interaction, handler, tag, peers[interaction.to.value].holds);
  }

 private:
  void reply(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag,
             std::optional<Record> record) {
    Peer& peer = peers[interaction.to.value];
    ReplyStatus status = peer.status;
    const SimTime now = scheduler_.now();
    SimTime end = now + peer.delay;
    if (end > interaction.deadline) status = ReplyStatus::kNoAnswer;
    if (status == ReplyStatus::kNoAnswer) end = interaction.deadline;
    if (status == ReplyStatus::kOk && interaction.kind == InteractionKind::kStoreSegment) {
      if (peer.holds.has_value() && peer.holds->better_than(*record)) {
        status = ReplyStatus::kRejected;
      } else {
        peer.holds = record;
      }
    }
    const std::size_t index = asked.size();
    asked.push_back({now, end, interaction, status, record});
    scheduler_.schedule_at(end, EventKind{"reply"}, 0, [this, index, &handler, tag] {
      const Asked& done = asked[index];
      Reply answer{.status = done.status};
      const bool tells = done.interaction.kind == InteractionKind::kGetClosestNodes ||
                         done.interaction.kind == InteractionKind::kRetrieveSegment;
      if (done.status == ReplyStatus::kOk && tells) answer.set_record(done.record);
      const Interaction about = done.interaction;  // the log may grow
      handler.on_reply(tag, about, answer);
    });
  }

  Scheduler& scheduler_;
};

/// One client that knows `contacts` peers and no others, numbered from the nearest to the key 0. It
/// doesn't dial.
class ScriptedClient {
 public:
  static constexpr PeerRef kSelf{255};

  ScriptedClient(std::uint32_t contacts, ClientOptions options)
      : connection(scheduler), buckets_(options.lookup.k), book_(hashes()) {
    options.dial = DialPolicy::kNever;
    host = std::make_unique<ClientHost>(ClientHost::Parts{nodes_, connection, book_, buckets_},
                                        options);
    for (std::uint32_t peer = 0; peer < contacts; ++peer) client().new_discovered_node({peer});
  }
  [[nodiscard]] DhtClient client() const { return {*host, kSelf}; }

  Scheduler scheduler;
  ScriptedConnection connection;
  Endings endings;
  std::unique_ptr<ClientHost> host;

 private:
  static std::vector<Hash> hashes() {
    std::vector<Hash> all;
    for (std::uint64_t i = 0; i < 256; ++i) all.push_back(small_hash(i, 8, 0));
    return all;
  }

  NetworkScheduler nodes_{scheduler, 256};
  OwnedBuckets buckets_;
  PeerBook book_;
};

}  // namespace kadsim
