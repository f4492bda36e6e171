#include "tests/support/go_libp2p_scopes.hpp"
#include "core/base/assert.hpp"
#include "core/resource/go_libp2p/limit_scaling.hpp"
#include "core/resource/go_libp2p/scope_manager.hpp"
#include "tests/catch.hpp"

#include <string>
#include <variant>

using namespace kadsim;
using namespace kadsim::go_libp2p;
using namespace kadsim::test;
using Reason = ScopeRefusal::Reason;

TEST_CASE("memory is reserved up to a scope's limit, and given back", "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kSystem].memory = 4096;
  World world(limits);
  ScopeManager& manager = world.manager;
  const ScopeId system = manager.system();
  CHECK_FALSE(manager.reserve_memory(system, 4000));
  CHECK(world.memory(system) == 4000);
  check_full(manager.reserve_memory(system, 97), "system", Kind::kMemory, 4000, 97, 4096);
  CHECK(world.memory(system) == 4000);
  CHECK_FALSE(manager.reserve_memory(system, 96));
  manager.release_memory(system, 1096);
  CHECK(world.memory(system) == 3000);
  CHECK_FALSE(manager.reserve_memory(system, 1096));
  manager.release_memory(system, 4096);
  CHECK(world.usage(system) == kNothing);
  CHECK(manager.reserve_memory(system, -1)->reason == Reason::kNegativeMemory);
  CHECK(manager.reserve_memory(system, -1)->scope == "system");
  CHECK_THROWS_AS(manager.release_memory(system, 1), AssertionError);
}

TEST_CASE("memory with a lower priority leaves the last part of a limit to others",
          "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kSystem].memory = 256;
  World world(limits);
  ScopeManager& manager = world.manager;
  const ScopeId service = manager.service("S");
  CHECK_FALSE(manager.reserve_memory(service, 102, MemoryPriority::kLow));
  const Outcome refusal = manager.reserve_memory(service, 1, MemoryPriority::kLow);
  check_full(refusal, "system", Kind::kMemory, 102, 1, 256);
  CHECK(refusal->priority == MemoryPriority::kLow);
  CHECK_FALSE(manager.reserve_memory(service, 51, MemoryPriority::kMedium));
  CHECK(manager.reserve_memory(service, 1, MemoryPriority::kMedium));
  CHECK_FALSE(manager.reserve_memory(service, 51, MemoryPriority::kHigh));
  CHECK(manager.reserve_memory(service, 1, MemoryPriority::kHigh));
  CHECK_FALSE(manager.reserve_memory(service, 52));
  CHECK(manager.reserve_memory(service, 1));
  CHECK(world.memory(service) == 256);
  // Nothing at all is too much where more is used than the priority's share.
  CHECK_FALSE(manager.reserve_memory(service, 0));
  CHECK(manager.reserve_memory(service, 0, MemoryPriority::kHigh));
}

TEST_CASE("an amount that can't be counted does not fit, even where nothing is limited",
          "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  CHECK_FALSE(manager.reserve_memory(manager.service("A"), kUnlimited, MemoryPriority::kLow));
  check_full(manager.reserve_memory(manager.service("A"), 1), "service:A", Kind::kMemory,
             kUnlimited, 1, kUnlimited);
  check_full(manager.reserve_memory(manager.service("B"), 1), "system", Kind::kMemory, kUnlimited,
             1, kUnlimited);
}

TEST_CASE("a connection is charged to transient, and to its peer once that is known",
          "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId connection = world.connect();
  CHECK(world.usage(connection) == inbound_conns(1));
  CHECK(world.usage(manager.transient()) == inbound_conns(1));
  CHECK(world.usage(manager.system()) == inbound_conns(1));

  CHECK_FALSE(manager.set_peer(connection, "A"));
  const ScopeId peer = manager.peer("A");
  CHECK(world.usage(connection) == inbound_conns(1));
  CHECK(world.usage(peer) == inbound_conns(1));
  CHECK(world.usage(manager.transient()) == kNothing);
  CHECK(world.usage(manager.system()) == inbound_conns(1));

  manager.done(connection);
  CHECK(world.usage(peer) == kNothing);
  CHECK(world.usage(manager.system()) == kNothing);
  CHECK_FALSE(manager.alive(connection));
  manager.done(connection);
  CHECK(world.usage(manager.system()) == kNothing);
}

TEST_CASE("directions are counted apart and together, descriptors only if one is used",
          "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  static_cast<void>(world.connect(kIn));
  static_cast<void>(world.connect(kOut));
  REQUIRE(std::holds_alternative<ScopeId>(
      manager.open_connection({.direction = kOut, .uses_fd = false})));
  CHECK(world.usage(manager.system()) ==
        Usage{.conns = 3, .conns_inbound = 1, .conns_outbound = 2, .fd = 2});
  static_cast<void>(world.stream("A", kIn));
  static_cast<void>(world.stream("A", kOut));
  CHECK(world.usage(manager.peer("A")) ==
        Usage{.streams = 2, .streams_inbound = 1, .streams_outbound = 1});
}

TEST_CASE("a scope is asked for the direction, then the total, then descriptors",
          "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kTransient] = {.conns = 2, .conns_inbound = 1, .conns_outbound = 9, .fd = 1};
  World world(limits);
  ScopeManager& manager = world.manager;
  static_cast<void>(world.connect(kIn));
  check_full(manager.open_connection({kIn, true, ""}), "transient", Kind::kConnsInbound, 1, 1, 1);
  check_full(manager.open_connection({kOut, true, ""}), "transient", Kind::kFd, 1, 1, 1);
  REQUIRE(std::holds_alternative<ScopeId>(manager.open_connection({kOut, false, ""})));
  check_full(manager.open_connection({kOut, true, ""}), "transient", Kind::kConns, 2, 1, 2);
  CHECK(world.usage(manager.system()) ==
        Usage{.conns = 2, .conns_inbound = 1, .conns_outbound = 1, .fd = 1});
}

TEST_CASE("scopes are asked from the nearest on, each for everything", "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kTransient].conns = 0;       // the second thing asked of the second scope
  limits[Section::kSystem].conns_inbound = 0;  // the first thing asked of the third
  World world(limits);
  check_full(world.manager.open_connection({kIn, true, ""}), "transient", Kind::kConns, 0, 1, 0);
  limits[Section::kConn].fd = 0;
  World other(limits);
  check_full(other.manager.open_connection({kIn, true, ""}), "conn-1", Kind::kFd, 0, 1, 0);
}

TEST_CASE("a stream is charged to more scopes as more is known of it", "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId stream = world.stream("A");
  const ScopeId peer = manager.peer("A");
  const Usage one = inbound_streams(1);
  CHECK(world.usage(stream) == one);
  CHECK(world.usage(peer) == one);
  CHECK(world.usage(manager.transient()) == one);
  CHECK(world.usage(manager.system()) == one);

  CHECK_FALSE(manager.set_protocol(stream, "P"));
  const ScopeId protocol = manager.protocol("P");
  CHECK(world.usage(peer) == one);
  CHECK(world.usage(manager.part_of_peer(protocol, peer)) == one);
  CHECK(world.usage(protocol) == one);
  CHECK(world.usage(manager.transient()) == kNothing);
  CHECK(world.usage(manager.system()) == one);

  CHECK_FALSE(manager.set_service(stream, "S"));
  const ScopeId service = manager.service("S");
  for (const ScopeId scope :
       {stream, peer, manager.part_of_peer(protocol, peer), manager.part_of_peer(service, peer),
        protocol, service, manager.system()}) {
    INFO(manager.name(scope));
    CHECK(world.usage(scope) == one);
  }
  manager.done(stream);
  for (const ScopeId scope :
       {peer, manager.part_of_peer(protocol, peer), manager.part_of_peer(service, peer), protocol,
        service, manager.transient(), manager.system()}) {
    INFO(manager.name(scope));
    CHECK(world.usage(scope) == kNothing);
  }
}

TEST_CASE("memory goes with the connection or stream that holds it", "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId stream = world.stream("A");
  CHECK_FALSE(manager.reserve_memory(stream, 100));
  const ScopeId span = world.span(stream);
  CHECK_FALSE(manager.reserve_memory(span, 20));
  CHECK(world.memory(manager.transient()) == 120);
  CHECK_FALSE(manager.set_protocol(stream, "P"));
  CHECK(world.memory(manager.transient()) == 0);
  CHECK(world.memory(manager.protocol("P")) == 120);
  CHECK(world.memory(manager.peer("A")) == 120);
  CHECK(world.memory(manager.system()) == 120);
  manager.release_memory(stream, 30);
  manager.done(span);
  CHECK(world.memory(manager.protocol("P")) == 70);
  CHECK(world.memory(manager.system()) == 70);
}

TEST_CASE("a peer's part of a protocol or service has limits of its own and charges no other scope",
          "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kProtocolPeerDefault].streams = 1;
  limits[Section::kServicePeerDefault].streams_inbound = 1;
  World world(limits);
  ScopeManager& manager = world.manager;
  const ScopeId first = world.stream("A");
  const ScopeId second = world.stream("A");
  CHECK_FALSE(manager.set_protocol(first, "P"));
  check_full(manager.set_protocol(second, "P"), "protocol:P.peer:A", Kind::kStreams, 1, 1, 1);
  CHECK_FALSE(manager.set_protocol(second, "Q"));
  CHECK_FALSE(manager.set_service(first, "S"));
  check_full(manager.set_service(second, "S"), "service:S.peer:A", Kind::kStreamsInbound, 1, 1, 1);
  const ScopeId other = world.stream("B");
  CHECK_FALSE(manager.set_protocol(other, "P"));
  CHECK_FALSE(manager.set_service(other, "S"));
  CHECK(world.usage(manager.protocol("P")) == inbound_streams(2));

  const ScopeId part = manager.part_of_peer(manager.service("S"), manager.peer("A"));
  CHECK_FALSE(manager.reserve_memory(part, 7));
  CHECK(world.memory(part) == 7);
  CHECK(world.memory(manager.service("S")) == 0);
  CHECK(world.memory(manager.system()) == 0);
}

TEST_CASE("a refused move leaves everything as it was", "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[NamedSection::kPeer]["full"] = limits[Section::kPeerDefault];
  limits[NamedSection::kPeer]["full"].conns = 0;
  limits[NamedSection::kProtocol]["full"] = limits[Section::kProtocolDefault];
  limits[NamedSection::kProtocol]["full"].memory = 99;
  limits[NamedSection::kService]["full"] = limits[Section::kServiceDefault];
  limits[NamedSection::kService]["full"].streams_inbound = 0;
  World world(limits);
  ScopeManager& manager = world.manager;

  const ScopeId connection = world.connect();
  check_full(manager.set_peer(connection, "full"), "peer:full", Kind::kConns, 0, 1, 0);
  CHECK(world.usage(manager.transient()) == inbound_conns(1));
  CHECK(world.usage(manager.peer("full")) == kNothing);
  CHECK_FALSE(manager.set_peer(connection, "A"));

  const ScopeId stream = world.stream("A");
  CHECK_FALSE(manager.reserve_memory(stream, 100));
  Usage held = inbound_streams(1);
  held.memory = 100;
  check_full(manager.set_protocol(stream, "full"), "protocol:full", Kind::kMemory, 0, 100, 99);
  CHECK(world.usage(manager.transient()) == held);
  CHECK(world.usage(manager.protocol("full")) == kNothing);
  CHECK_FALSE(manager.set_protocol(stream, "P"));

  check_full(manager.set_service(stream, "full"), "service:full", Kind::kStreamsInbound, 0, 1, 0);
  CHECK(world.usage(manager.protocol("P")) == held);
  CHECK(world.usage(manager.service("full")) == kNothing);
  CHECK_FALSE(manager.set_service(stream, "S"));
  manager.graph().check();
}

TEST_CASE("a move needs no more room in what is charged before and after", "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kSystem].conns = 1;
  limits[Section::kSystem].streams = 1;
  World world(limits);
  const ScopeId connection = world.connect();
  CHECK_FALSE(world.manager.set_peer(connection, "A"));
  const ScopeId stream = world.stream("A");
  CHECK_FALSE(world.manager.set_protocol(stream, "P"));
  CHECK_FALSE(world.manager.set_service(stream, "S"));
}

TEST_CASE("peer, protocol and service are set once, a service after the protocol",
          "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId connection = world.connect();
  CHECK_FALSE(manager.set_peer(connection, "A"));
  CHECK(manager.set_peer(connection, "A")->reason == Reason::kAlreadySet);
  CHECK(manager.set_peer(connection, "B")->scope == "conn-1");
  const ScopeId stream = world.stream("A");
  CHECK(manager.set_service(stream, "S")->reason == Reason::kNoProtocol);
  CHECK_FALSE(manager.set_protocol(stream, "P"));
  CHECK(manager.set_protocol(stream, "Q")->reason == Reason::kAlreadySet);
  CHECK_FALSE(manager.set_service(stream, "S"));
  CHECK(manager.set_service(stream, "T")->reason == Reason::kAlreadySet);
  CHECK(world.usage(manager.protocol("P")) == inbound_streams(1));
  CHECK(world.usage(manager.peer("A")) ==
        Usage{.streams = 1, .streams_inbound = 1, .conns = 1, .conns_inbound = 1, .fd = 1});
}

TEST_CASE("a scope that is done refuses everything", "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId connection = world.connect();
  const ScopeId stream = world.stream("A");
  manager.done(connection);
  manager.done(stream);
  for (const ScopeId scope : {connection, stream, ScopeId{}}) {
    check_closed(manager.reserve_memory(scope, 1));
    check_closed(manager.set_peer(scope, "A"));
    check_closed(manager.set_protocol(scope, "P"));
    check_closed(manager.set_service(scope, "S"));
    CHECK(std::get<ScopeRefusal>(manager.begin_span(scope)).reason == Reason::kScopeClosed);
    manager.release_memory(scope, 1);
    manager.done(scope);
    CHECK(world.usage(scope) == kNothing);
  }
  // A new connection in the same place is another one.
  const ScopeId next = world.connect();
  CHECK(next != connection);
  CHECK_FALSE(manager.alive(connection));
}

TEST_CASE("a span is charged to its owner and all above, and gives all back when done",
          "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kStream].memory = 100;
  World world(limits);
  ScopeManager& manager = world.manager;
  const ScopeId stream = world.stream("A");
  CHECK_FALSE(manager.reserve_memory(stream, 10));
  const ScopeId span = world.span(stream);
  CHECK(manager.limits(span).memory == 100);
  CHECK_FALSE(manager.reserve_memory(span, 40));
  CHECK(world.memory(span) == 40);
  CHECK(world.memory(stream) == 50);
  CHECK(world.memory(manager.peer("A")) == 50);
  CHECK(world.memory(manager.system()) == 50);
  // Its own limit would do; that of its owner does not.
  check_full(manager.reserve_memory(span, 51), "stream-1", Kind::kMemory, 50, 51, 100);
  check_full(manager.reserve_memory(span, 61), "stream-1.span-1", Kind::kMemory, 40, 61, 100);
  CHECK_FALSE(manager.reserve_memory(span, 50));
  manager.release_memory(span, 30);
  CHECK(world.memory(stream) == 70);
  manager.done(span);
  CHECK(world.memory(stream) == 10);
  CHECK(world.memory(manager.system()) == 10);
  manager.done(span);
  CHECK(world.memory(stream) == 10);
  check_closed(manager.reserve_memory(span, 1));
}

TEST_CASE("a span that outlives what it is within refuses and gives back nothing twice",
          "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId stream = world.stream("A");
  const ScopeId outer = world.span(stream);
  const ScopeId inner = world.span(outer);
  CHECK_FALSE(manager.reserve_memory(outer, 5));
  CHECK_FALSE(manager.reserve_memory(inner, 7));
  CHECK(world.memory(manager.system()) == 12);
  manager.done(stream);
  CHECK(world.usage(manager.system()) == kNothing);
  for (const ScopeId span : {outer, inner}) {
    CHECK_FALSE(manager.alive(span));
    check_closed(manager.reserve_memory(span, 1));
    CHECK(std::get<ScopeRefusal>(manager.begin_span(span)).reason == Reason::kScopeClosed);
    manager.release_memory(span, 5);
    manager.done(span);
    manager.done(span);
  }
  CHECK(world.usage(manager.system()) == kNothing);
  manager.graph().check();
}

TEST_CASE("spans make a tree, whose sums hold at every step", "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kServiceDefault].memory = 1000;
  World world(limits);
  ScopeManager& manager = world.manager;
  const ScopeId service = manager.service("S");
  const ScopeId a = world.span(service);
  const ScopeId b = world.span(service);
  const ScopeId a1 = world.span(a);
  const ScopeId a2 = world.span(a);
  CHECK_FALSE(manager.reserve_memory(service, 100));
  CHECK_FALSE(manager.reserve_memory(a, 100));
  CHECK_FALSE(manager.reserve_memory(b, 100));
  CHECK_FALSE(manager.reserve_memory(a1, 300));
  CHECK_FALSE(manager.reserve_memory(a2, 200));
  CHECK(world.memory(a) == 600);
  CHECK(world.memory(service) == 800);
  CHECK(world.memory(manager.system()) == 800);
  check_full(manager.reserve_memory(a2, 201), "service:S", Kind::kMemory, 800, 201, 1000);
  CHECK(world.memory(a2) == 200);
  CHECK(world.memory(a) == 600);
  manager.done(a2);
  CHECK(world.memory(a) == 400);
  manager.done(a);
  CHECK_FALSE(manager.alive(a1));
  CHECK(world.memory(service) == 200);
  manager.done(b);
  CHECK(world.memory(service) == 100);
  manager.done(a1);
  CHECK(world.memory(manager.system()) == 100);
}

TEST_CASE("what is held directly in a peer, its spans too, is charged to system",
          "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = unlimited_config();
  limits[Section::kPeerDefault].memory = 50;
  World world(limits);
  ScopeManager& manager = world.manager;
  const ScopeId peer = manager.peer("A");
  CHECK_FALSE(manager.reserve_memory(peer, 10));
  const ScopeId span = world.span(peer);
  CHECK_FALSE(manager.reserve_memory(span, 20));
  CHECK(world.memory(peer) == 30);
  CHECK(world.memory(manager.system()) == 30);
  check_full(manager.reserve_memory(span, 21), "peer:A", Kind::kMemory, 30, 21, 50);
  manager.done(span);
  CHECK(world.memory(peer) == 10);
  CHECK(world.memory(manager.system()) == 10);
}

// A stream stands under peer, protocol and service, which all stand under system.
TEST_CASE("where paths up meet again, nothing is charged twice", "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  const ScopeId stream = world.stream("A");
  CHECK_FALSE(manager.set_protocol(stream, "P"));
  CHECK_FALSE(manager.set_service(stream, "S"));
  const ScopeId outer = world.span(stream);
  const ScopeId inner = world.span(outer);
  CHECK_FALSE(manager.reserve_memory(inner, 1));
  CHECK_FALSE(manager.reserve_memory(outer, 10));
  CHECK_FALSE(manager.reserve_memory(stream, 100));
  CHECK_FALSE(manager.reserve_memory(manager.peer("A"), 1000));
  CHECK_FALSE(manager.reserve_memory(manager.protocol("P"), 10'000));
  CHECK_FALSE(manager.reserve_memory(manager.service("S"), 100'000));
  CHECK_FALSE(manager.reserve_memory(manager.transient(), 1'000'000));
  CHECK(world.memory(inner) == 1);
  CHECK(world.memory(outer) == 11);
  CHECK(world.memory(stream) == 111);
  CHECK(world.memory(manager.peer("A")) == 1111);
  CHECK(world.memory(manager.protocol("P")) == 10'111);
  CHECK(world.memory(manager.service("S")) == 100'111);
  CHECK(world.memory(manager.transient()) == 1'000'000);
  CHECK(world.memory(manager.system()) == 1'111'111);
  manager.done(outer);
  manager.done(stream);
  CHECK(world.memory(manager.system()) == 1'111'000);
  manager.graph().check();
}

TEST_CASE("scopes have go-libp2p's names", "[go_libp2p_scopes]") {
  World world(unlimited_config());
  ScopeManager& manager = world.manager;
  CHECK(manager.name(manager.system()) == "system");
  CHECK(manager.name(manager.transient()) == "transient");
  CHECK(manager.name(manager.allowlisted_system()) == "allowlistedSystem");
  CHECK(manager.name(manager.allowlisted_transient()) == "allowlistedTransient");
  CHECK(manager.name(world.connect()) == "conn-1");
  CHECK(manager.name(world.connect()) == "conn-2");
  const ScopeId stream = world.stream("A");
  CHECK(manager.name(stream) == "stream-1");
  CHECK_FALSE(manager.set_protocol(stream, "/kad"));
  CHECK_FALSE(manager.set_service(stream, "dht"));
  const ScopeId peer = manager.peer("A");
  CHECK(manager.name(peer) == "peer:A");
  CHECK(manager.name(manager.part_of_peer(manager.protocol("/kad"), peer)) ==
        "protocol:/kad.peer:A");
  CHECK(manager.name(manager.part_of_peer(manager.service("dht"), peer)) == "service:dht.peer:A");
  static_cast<void>(world.span(stream));
  CHECK(manager.name(world.span(world.span(stream))) == "stream-1.span-2.span-1");
}

TEST_CASE("limits come from a name's own entry, else from its section", "[go_libp2p_scopes]") {
  ConcreteLimitConfig limits = scale(default_limits(), {});
  limits[NamedSection::kPeer]["A"] = {.streams = 1, .streams_inbound = 1};
  World world(limits);
  ScopeManager& manager = world.manager;
  CHECK(manager.limits(manager.peer("A")).streams == 1);
  CHECK(manager.limits(manager.peer("B")) == limits[Section::kPeerDefault]);
  CHECK(manager.limits(world.connect()) == limits[Section::kConn]);
  CHECK(manager.limits(world.stream("B")) == limits[Section::kStream]);
  static_cast<void>(world.stream("A"));
  check_full(manager.open_stream("A", kIn), "peer:A", Kind::kStreamsInbound, 1, 1, 1);
}
