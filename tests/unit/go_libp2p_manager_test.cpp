#include "core/resource/go_libp2p/limit_scaling.hpp"
#include "core/resource/go_libp2p/scope_manager.hpp"
#include "tests/catch.hpp"
#include "tests/support/go_libp2p_scopes.hpp"

#include <string>
#include <variant>
#include <vector>

using namespace kadsim;
using namespace kadsim::go_libp2p;
using namespace kadsim::test;

namespace {

using Names = std::vector<std::string>;

bool refused(const Opened& opened) { return std::holds_alternative<ScopeRefusal>(opened); }

}  // namespace

TEST_CASE("an endpoint on the allowlist has a second chance", "[go_libp2p_manager]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kTransient].conns = 1;
  limits[Section::kAllowlistedSystem].conns = 2;
  World world(limits);
  ScopeManager& manager = world.manager;
  manager.allowlist().add("10.0.0.1");

  const ScopeId ordinary = world.connect(kIn, "10.0.0.1");
  CHECK(world.usage(manager.transient()) == inbound_conns(1));
  CHECK(world.usage(manager.allowlisted_system()) == kNothing);

  const ScopeId second = world.connect(kIn, "10.0.0.1");
  CHECK(world.usage(manager.transient()) == inbound_conns(1));
  CHECK(world.usage(manager.system()) == inbound_conns(1));
  CHECK(world.usage(manager.allowlisted_transient()) == inbound_conns(1));
  CHECK(world.usage(manager.allowlisted_system()) == inbound_conns(1));

  // Other endpoints have none, and allowed ones have a limit too.
  check_full(manager.open_connection({kIn, true, "10.0.0.2"}), "transient", Kind::kConns, 1, 1, 1);
  static_cast<void>(world.connect(kIn, "10.0.0.1"));
  check_full(manager.open_connection({kIn, true, "10.0.0.1"}), "allowlistedSystem", Kind::kConns, 2,
             1, 2);
  manager.done(second);
  CHECK(world.usage(manager.allowlisted_system()) == inbound_conns(1));
  manager.done(ordinary);
  CHECK(world.usage(manager.system()) == kNothing);
}

TEST_CASE("an allowlisted connection of an allowed peer stays apart from system",
          "[go_libp2p_manager]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kSystem].conns = 0;
  limits[Section::kPeerDefault].conns = 1;
  World world(limits);
  ScopeManager& manager = world.manager;
  manager.allowlist().add("10.0.0.1", "A");
  manager.allowlist().add("10.0.0.2");
  const ScopeId first = world.connect(kIn, "10.0.0.1");
  CHECK_FALSE(manager.set_peer(first, "A"));
  CHECK(world.usage(manager.peer("A")) == inbound_conns(1));
  CHECK(world.usage(manager.allowlisted_transient()) == kNothing);
  CHECK(world.usage(manager.allowlisted_system()) == inbound_conns(1));
  CHECK(world.usage(manager.system()) == kNothing);

  // Any peer is allowed from that address, but has its own limits all the same.
  const ScopeId second = world.connect(kIn, "10.0.0.2");
  check_full(manager.set_peer(second, "A"), "peer:A", Kind::kConns, 1, 1, 1);
  CHECK(world.usage(manager.allowlisted_transient()) == inbound_conns(1));
  CHECK_FALSE(manager.set_peer(second, "B"));
  manager.done(first);
  manager.done(second);
  CHECK(world.usage(manager.allowlisted_system()) == kNothing);
}

TEST_CASE("an allowlisted connection of another peer has to fit with the ordinary ones",
          "[go_libp2p_manager]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kTransient].conns = 1;
  limits[Section::kPeerDefault].conns = 1;
  World world(limits);
  ScopeManager& manager = world.manager;
  manager.allowlist().add("10.0.0.1", "A");
  const ScopeId ordinary = world.connect();
  const ScopeId allowed = world.connect(kIn, "10.0.0.1");

  // It is refused at transient, stays where it was, and its peer can still be set.
  for (int attempt = 0; attempt < 2; ++attempt) {
    check_full(manager.set_peer(allowed, "B"), "transient", Kind::kConns, 1, 1, 1);
    CHECK(world.usage(manager.allowlisted_transient()) == inbound_conns(1));
    CHECK(world.usage(manager.allowlisted_system()) == inbound_conns(1));
    CHECK(world.usage(manager.system()) == inbound_conns(1));
    CHECK(world.usage(manager.peer("B")) == kNothing);
  }
  CHECK_FALSE(manager.set_peer(ordinary, "B"));
  check_full(manager.set_peer(allowed, "B"), "peer:B", Kind::kConns, 1, 1, 1);
  CHECK(world.usage(manager.allowlisted_system()) == inbound_conns(1));

  CHECK_FALSE(manager.set_peer(allowed, "C"));
  CHECK(world.usage(manager.allowlisted_system()) == kNothing);
  CHECK(world.usage(manager.transient()) == kNothing);
  CHECK(world.usage(manager.peer("C")) == inbound_conns(1));
  CHECK(world.usage(manager.system()) == inbound_conns(2));
  manager.done(allowed);
  manager.done(ordinary);
  CHECK(world.usage(manager.system()) == kNothing);
  manager.graph().check();
}

TEST_CASE("what was taken off the allowlist is on it no more", "[go_libp2p_manager]") {
  Allowlist list;
  list.add("net", "A");
  CHECK(list.allowed("net"));
  CHECK(list.allowed("net", "A"));
  CHECK_FALSE(list.allowed("net", "B"));
  CHECK_FALSE(list.allowed("ne"));
  CHECK_FALSE(list.allowed(""));
  list.add("net");
  CHECK(list.allowed("net", "B"));
  list.remove("net");
  CHECK_FALSE(list.allowed("net", "B"));
  CHECK(list.allowed("net", "A"));
  list.remove("net", "A");
  CHECK_FALSE(list.allowed("net"));
}

TEST_CASE("peers and protocols without references are collected at the next whole minute",
          "[go_libp2p_manager]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId stream = world.stream("A");
  CHECK_FALSE(manager.set_protocol(stream, "P"));
  CHECK_FALSE(manager.set_service(stream, "S"));
  const ScopeId connection = world.connect();
  CHECK_FALSE(manager.set_peer(connection, "B"));
  const ScopeId peer = manager.peer("A");
  const ScopeId part = manager.part_of_peer(manager.service("S"), peer);

  world.run_for(90);
  CHECK(manager.peers() == Names{"A", "B"});
  manager.done(stream);
  CHECK(manager.peers() == Names{"A", "B"});
  world.scheduler.run_until(SimTime::at(Duration::seconds(120)) - Duration::nanoseconds(1));
  CHECK(manager.peers() == Names{"A", "B"});
  CHECK(manager.alive(peer));
  world.scheduler.run_until(SimTime::at(Duration::seconds(120)));
  CHECK(manager.peers() == Names{"B"});
  CHECK(manager.protocols() == Names{});
  CHECK(manager.services() == Names{"S"});
  CHECK_FALSE(manager.alive(peer));
  CHECK_FALSE(manager.alive(part));
  CHECK(manager.part_of_peer(manager.service("S"), peer) == ScopeId{});
  // The peer gets another scope when it is seen again.
  CHECK(manager.peer("A") != peer);
  manager.graph().check();
}

TEST_CASE("no event is scheduled while there is nothing to collect", "[go_libp2p_manager]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  CHECK(world.scheduler.pending() == 0);
  const ScopeId stream = world.stream("A");
  const ScopeId service = manager.service("S");
  world.run_for(1000);
  CHECK(world.scheduler.pending() == 0);
  CHECK(manager.alive(service));
  manager.done(stream);
  CHECK(world.scheduler.pending() == 1);
  world.scheduler.run_all();
  CHECK(manager.peers() == Names{});
  CHECK(world.scheduler.now() == SimTime::at(Duration::seconds(1020)));
}

TEST_CASE("a manager that is gone leaves no event behind", "[go_libp2p_manager]") {
  Scheduler scheduler;
  NetworkScheduler nodes(scheduler, 1);
  {
    ScopeManager manager(nodes.of(0), unlimited_config());
    static_cast<void>(manager.peer("A"));
    CHECK(scheduler.pending() == 1);
  }
  CHECK(scheduler.pending() == 0);
}

TEST_CASE("minutes count from when the manager was made", "[go_libp2p_manager]") {
  Scheduler scheduler;
  NetworkScheduler nodes(scheduler, 1);
  scheduler.run_until(SimTime::at(Duration::seconds(70)));
  ScopeManager manager(nodes.of(0), unlimited_config());
  static_cast<void>(manager.peer("A"));
  scheduler.run_all();
  CHECK(scheduler.now() == SimTime::at(Duration::seconds(130)));
  static_cast<void>(manager.peer("A"));
  scheduler.run_all();
  CHECK(scheduler.now() == SimTime::at(Duration::seconds(190)));
}

TEST_CASE("a collected peer gives back its memory, which keeps no scope", "[go_libp2p_manager]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId peer = manager.peer("A");
  const ScopeId protocol = manager.protocol("P");
  CHECK_FALSE(manager.reserve_memory(peer, 10));
  CHECK_FALSE(manager.reserve_memory(protocol, 20));
  world.run_for(60);
  CHECK(world.usage(manager.system()) == kNothing);
  check_closed(manager.reserve_memory(peer, 1));
  manager.release_memory(peer, 10);
  manager.release_memory(protocol, 20);
  CHECK(world.usage(manager.system()) == kNothing);
}

TEST_CASE("references, spans and limits of its own keep a scope", "[go_libp2p_manager]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  manager.refer(manager.peer("referred"));
  const ScopeId span = world.span(manager.protocol("spanned"));
  manager.set_limits(manager.peer("limited"), Limits{});
  static_cast<void>(manager.peer("forgotten"));
  world.run_for(60);
  CHECK(manager.peers() == Names{"limited", "referred"});
  CHECK(manager.protocols() == Names{"spanned"});
  manager.let_go(manager.peer("referred"));
  manager.done(span);
  world.run_for(60);
  CHECK(manager.peers() == Names{"limited"});
  CHECK(manager.protocols() == Names{});
  world.run_for(6000);
  CHECK(manager.peers() == Names{"limited"});
}

TEST_CASE("limits that fall below what is held let nothing more in until it fits",
          "[go_libp2p_manager]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId peer = manager.peer("A");
  std::vector<ScopeId> streams;
  for (int i = 0; i < 5; ++i) streams.push_back(world.stream("A"));
  Limits limits = unlimited_config()[Section::kPeerDefault];
  limits.streams = 2;
  manager.set_limits(peer, limits);
  CHECK(world.usage(peer) == inbound_streams(5));
  for (const ScopeId stream : streams) CHECK(manager.alive(stream));

  for (std::int64_t held = 5; held > 1; --held) {
    check_full(manager.open_stream("A", kIn), "peer:A", Kind::kStreams, held, 1, 2);
    manager.done(streams[static_cast<std::size_t>(held - 1)]);
  }
  static_cast<void>(world.stream("A"));
  check_full(manager.open_stream("A", kIn), "peer:A", Kind::kStreams, 2, 1, 2);
  limits.streams = 3;
  manager.set_limits(peer, limits);
  static_cast<void>(world.stream("A"));
  CHECK(refused(manager.open_stream("A", kIn)));
  limits.streams = kUnlimited;
  manager.set_limits(peer, limits);
  static_cast<void>(world.stream("A"));
}

TEST_CASE("memory beyond a lowered limit stays reserved until it is released",
          "[go_libp2p_manager]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId service = manager.service("S");
  CHECK_FALSE(manager.reserve_memory(service, 100));
  Limits limits = manager.limits(service);
  limits.memory = 50;
  manager.set_limits(service, limits);
  CHECK(world.memory(service) == 100);
  CHECK(manager.reserve_memory(service, 0));
  manager.release_memory(service, 60);
  check_full(manager.reserve_memory(service, 11), "service:S", Kind::kMemory, 40, 11, 50);
  CHECK_FALSE(manager.reserve_memory(service, 10));
}

TEST_CASE("a span keeps the limits that it began with", "[go_libp2p_manager]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId service = manager.service("S");
  const ScopeId before = world.span(service);
  Limits limits = manager.limits(service);
  limits.memory = 10;
  manager.set_limits(service, limits);
  CHECK(manager.limits(before).memory == kUnlimited);
  CHECK(manager.limits(world.span(service)).memory == 10);
  check_full(manager.reserve_memory(before, 11), "service:S", Kind::kMemory, 0, 11, 10);
}

TEST_CASE("the defaults of the smallest node admit what they say, and no more",
          "[go_libp2p_manager]") {
  World world(scale(default_limits(), {}));
  ScopeManager& manager = world.manager;
  std::vector<ScopeId> connections;
  for (int i = 0; i < 32; ++i) connections.push_back(world.connect());
  check_full(manager.open_connection({kIn, true, ""}), "transient", Kind::kConnsInbound, 32, 1, 32);
  for (std::size_t i = 0; i < connections.size(); ++i) {
    CHECK_FALSE(manager.set_peer(connections[i], "peer-" + std::to_string(i / 4)));
  }
  // Each uses a descriptor, and a peer has four.
  const ScopeId fifth = world.connect();
  check_full(manager.set_peer(fifth, "peer-0"), "peer:peer-0", Kind::kFd, 4, 1, 4);
  manager.done(fifth);
  for (int i = 0; i < 32; ++i) connections.push_back(world.connect());
  for (std::size_t i = 32; i < connections.size(); ++i) {
    CHECK_FALSE(manager.set_peer(connections[i], "peer-" + std::to_string(i / 4)));
  }
  check_full(manager.open_connection({kIn, true, ""}), "system", Kind::kConnsInbound, 64, 1, 64);
  CHECK(world.usage(manager.system()) == inbound_conns(64));
  CHECK(world.usage(manager.transient()) == kNothing);

  // A stream holds 16 MiB at most; a peer 64 MiB, a protocol's part of it 16 MiB.
  constexpr std::int64_t kMiB = 1 << 20;
  const ScopeId stream = world.stream("peer-0");
  check_full(manager.reserve_memory(stream, 16 * kMiB + 1), "stream-1", Kind::kMemory, 0,
             16 * kMiB + 1, 16 * kMiB);
  CHECK_FALSE(manager.reserve_memory(stream, 16 * kMiB));
  CHECK_FALSE(manager.set_protocol(stream, "/kad"));
  const ScopeId other = world.stream("peer-0");
  CHECK_FALSE(manager.reserve_memory(other, 1));
  check_full(manager.set_protocol(other, "/kad"), "protocol:/kad.peer:peer-0", Kind::kMemory,
             16 * kMiB, 1, 16 * kMiB);
  for (const ScopeId connection : connections) manager.done(connection);
  manager.done(stream);
  manager.done(other);
  CHECK(world.usage(manager.system()) == kNothing);
  manager.graph().check();
}
