// Clients under go-libp2p's resource manager: its limit files decide which streams get in.

#include "sim/scenario/limit_file.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

// Eight nodes, 10 ms apart, that ask node 1; and how many heard what.
class Scoped final : public ReplyHandler {
 public:
  explicit Scoped(const char* limits, std::int64_t stream_memory = 0) {
    NetworkSetup setup = plain_setup(1, 20);
    setup.client.resources.go_libp2p.emplace();
    setup.client.resources.go_libp2p->limits = parse_limits(limits, "limits.json");
    setup.client.resources.go_libp2p->stream_memory = stream_memory;
    setup.client.resources.service_time = ms(5);
    network = DhtNetwork::init_with_hashes(random_hashes(1, 8), setup, scheduler);
  }
  bool awaits(std::uint64_t) const override { return true; }
  void on_reply(std::uint64_t, const Interaction&, const Reply& reply) override {
    statuses.push_back(reply.status);
  }
  void ask(std::uint32_t from, std::uint32_t to = 1) {
    network->gates()->connection().get_closest_nodes_to({.kind = InteractionKind::kGetClosestNodes,
                                                         .from = {from},
                                                         .to = {to},
                                                         .deadline = scheduler.now() + ms(1000)},
                                                        Hash(), *this, 0);
  }
  std::ptrdiff_t count(ReplyStatus status) const { return std::ranges::count(statuses, status); }
  std::int64_t streams_of_system(std::uint32_t node) {
    const go_libp2p::ScopeManager& scopes = *network->gates()->scopes()->find({node});
    return scopes.usage(scopes.system())[go_libp2p::Kind::kStreams];
  }

  Scheduler scheduler;
  std::unique_ptr<DhtNetwork> network;
  std::vector<ReplyStatus> statuses;
};

}  // namespace

TEST_CASE("the limits of a file decide which streams get in", "[limits]") {
  Scoped nodes(R"({"System": {"StreamsInbound": 2}})");
  for (const std::uint32_t from : {2U, 3U, 4U}) nodes.ask(from);
  nodes.scheduler.run_until(SimTime::at(ms(7)));
  CHECK(nodes.streams_of_system(1) == 2);
  CHECK(nodes.streams_of_system(2) == 1);
  nodes.scheduler.run_all();
  CHECK(nodes.count(ReplyStatus::kOk) == 2);
  CHECK(nodes.count(ReplyStatus::kBusy) == 1);
  CHECK(nodes.streams_of_system(1) == 0);
  CHECK(nodes.streams_of_system(2) == 0);
}

TEST_CASE("a peer has limits of its own, per protocol too", "[limits]") {
  for (const char* limits : {R"({"PeerDefault": {"StreamsOutbound": 1}})",
                             R"({"ProtocolPeer": {"/ipfs/kad/1.0.0": {"StreamsOutbound": 1}}})"}) {
    Scoped nodes(limits);
    nodes.ask(2, 1);
    nodes.ask(2, 1);
    nodes.ask(2, 3);  // another peer
    nodes.scheduler.run_all();
    CHECK(nodes.count(ReplyStatus::kOk) == 2);
    CHECK(nodes.count(ReplyStatus::kNoSlot) == 1);
    CHECK(nodes.network->gates()->counts().outbound.refused == 1);
  }
}

TEST_CASE("a peer is named by its hash", "[limits]") {
  const std::string name = random_hashes(1, 8)[2].hex();
  // Ranks follow hashes: the node of that hash is looked for.
  const std::string limits = R"({"Peer": {")" + name + R"(": {"Streams": "blockAll"}}})";
  Scoped nodes(limits.c_str());
  std::uint32_t blocked = 0;
  while (nodes.network->population().hash({blocked}).hex() != name) ++blocked;
  const std::uint32_t asker = blocked == 0 ? 1 : 0;
  nodes.ask(asker, blocked);
  nodes.scheduler.run_all();
  CHECK(nodes.count(ReplyStatus::kNoSlot) == 1);
}

TEST_CASE("streams reserve memory, all of what they need or nothing", "[limits]") {
  Scoped nodes(R"({"Transient": {"Memory": "unlimited"}, "System": {"Memory": "2500"}})", 1000);
  for (const std::uint32_t from : {2U, 3U, 4U}) nodes.ask(from);
  nodes.scheduler.run_all();
  CHECK(nodes.count(ReplyStatus::kOk) == 2);
  CHECK(nodes.count(ReplyStatus::kBusy) == 1);
  CHECK(nodes.streams_of_system(1) == 0);
}
