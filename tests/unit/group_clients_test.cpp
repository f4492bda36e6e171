// How clients of one group differ from those of another, and that each node goes by its own
// options.

#include "sim/run/simulation.hpp"
#include "sim/scenario/decode.hpp"
#include "sim/workload/workload_player.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

// Slow errors, so that time limits matter; more operations at a time than a narrow limit lets go.
Scenario scenario(const std::string& client, const std::string& groups, const std::string& work) {
  return decode_scenario(fmt::format(R"({{"version": 1, "seed": 5, "client": {},
          "network": {{"nodes": 300, "groups": [{}],
                       "link": {{"delay": {{"model": "uniform", "min": "20ms", "max": "180ms"}},
                                 "slow_errors": {{"rate": 0.1}}}}}},
          "workload": [{}]}})",
                                     client, groups, work),
                         "s.json");
}

const std::string kWork =
    R"({"op": "lookup", "count": 60, "in_flight": 20},
       {"op": "provide", "count": 30, "in_flight": 15},
       {"op": "put", "count": 30, "in_flight": 15})";
const std::string kWorkWithGets =
    kWork + R"(, {"op": "get", "count": 60, "targets": {"put_by": "put"}, "start": "20s"})";

std::string share_of(const std::string& name, double share, const std::string& differences) {
  return fmt::format(R"({{"name": "{}", "share": {}, {}}})", name, share, differences);
}
std::string of_client(const std::string& client) { return "\"client\": " + client; }

auto figures(const OperationRow& row) {
  return std::tuple(row.origin, row.latency().ns(), row.queued.ns(), row.status, row.hops,
                    row.attempts, row.succeeded, row.failed, row.rpcs, row.stores,
                    row.stores_failed, row.value.seen, row.value.repaired, row.heard, row.answered);
}

// Half of the nodes are `other`. Each row is as in a network of clients of its origin's kind alone,
// which shows only if the two kinds differ.
void check_rows(const RunResult& plain, const RunResult& other, const RunResult& mixed,
                std::size_t first = 0) {
  std::size_t tell_apart = 0;
  for (std::size_t i = first; i < mixed.rows.size(); ++i) {
    const bool is_other = mixed.groups.name_of(mixed.rows[i].origin) == "other";
    CAPTURE(i, is_other);
    CHECK(figures(mixed.rows[i]) == figures((is_other ? other : plain).rows[i]));
    if (is_other && figures(plain.rows[i]) != figures(other.rows[i])) ++tell_apart;
  }
  CHECK(tell_apart > 5);
}

std::string hex(const RunResult& result) { return result.fingerprint.total().hex(); }

}  // namespace

TEST_CASE("an operation goes by its origin's options, whichever they are", "[groups]") {
  const std::string client =
      GENERATE(R"({"alpha": 1})", R"({"beta": 2})", R"({"results": 4})", R"({"replication": 3})",
               R"({"steps_to_stop": 3})", R"({"rpc_timeout": "300ms"})",
               R"({"lookup": {"timeout": "900ms"}})", R"({"lookup": {"strategy": "go-libp2p"}})",
               R"({"lookup": {"strategy": "py-libp2p", "max_rounds": 2}})",
               R"({"lookup": {"strategy": "rust-libp2p", "contact_timeout": "400ms"}})",
               R"({"lookup": {"strategy": "synchronous-rounds", "concurrency": 2, "replication": 3,
                     "stop": "closest"}})",
               R"({"lookup": {"strategy": "py-dht"}, "rpc_timeout": "250ms"})",
               R"({"values": {"style": "py-libp2p", "query_timeout": "700ms"}})",
               R"({"values": {"put_timeout": "80ms"}})");
  CAPTURE(client);
  const RunResult plain = run_simulation(scenario("{}", "", kWork));
  const RunResult other = run_simulation(scenario(client, "", kWork));
  check_rows(plain, other,
             run_simulation(scenario("{}", share_of("other", 0.5, of_client(client)), kWork)));
}

TEST_CASE("a client dials as its group does", "[groups]") {
  const auto dialling = [](const char* all, const std::string& groups) {
    Scenario played = scenario("{}", groups, kWork);
    played.client.dial = std::string(all) == "never" ? DialPolicy::kNever : DialPolicy::kFirst;
    return run_simulation(played);
  };
  check_rows(dialling("first", ""), dialling("never", ""),
             dialling("first", share_of("other", 0.5, R"("dial": "never")")));
  check_rows(dialling("never", ""), dialling("first", ""),
             dialling("never", share_of("other", 0.5, R"("dial": "first")")));
}

TEST_CASE("a get goes by its origin's quorum and repairs", "[groups]") {
  const std::string client =
      GENERATE(R"({"values": {"quorum": 2}})", R"({"values": {"repair": false}})");
  CAPTURE(client);
  // Keys are got once each, so that no get sees what another repaired.
  const std::string work =
      R"({"op": "put", "count": 60},
         {"op": "get", "count": 60, "targets": {"put_by": "put"}, "start": "5m"})";
  check_rows(run_simulation(scenario("{}", "", work)), run_simulation(scenario(client, "", work)),
             run_simulation(scenario("{}", share_of("other", 0.5, of_client(client)), work)), 60);
}

TEST_CASE("a network wholly of one group plays as if its client were that of all", "[groups]") {
  const std::string client = GENERATE(
      R"({"answers": 3})", R"({"table_updates": "learn"})", R"({"records": {"max_records": 0}})",
      R"({"values": {"style": "py-libp2p", "quorum": 3}})", R"({"queries": {"concurrency": 1}})",
      R"({"queries": {"timeout": "500ms", "timeout_from": "arrival", "deadline": "at"}})",
      R"({"resources": {"service_time": "30ms"}})",
      R"({"resources": {"streams": {"outbound": 2, "inbound": 1}, "service_time": "30ms"}})",
      R"({"resources": {"negotiations": 1, "on_limit": "wait", "service_time": "30ms"}})",
      R"({"resources": {"streams": {"inbound": 1}, "on_limit": {"wait_for": "20ms"},
                        "service_time": "30ms"}})",
      R"({"resources": {"manager": {"limits": {"streams": 3, "connections": 6}},
                        "on_limit": "revoke", "service_time": "30ms"}, "table_updates": "learn"})",
      R"({"resources": {"go_libp2p": {"stream_memory": 5000000}, "service_time": "30ms"}})");
  CAPTURE(client);
  const RunResult all = run_simulation(scenario(client, "", kWorkWithGets));
  const RunResult group =
      run_simulation(scenario("{}", share_of("all", 1, of_client(client)), kWorkWithGets));
  CHECK(hex(group) == hex(all));
  CHECK(hex(group) != hex(run_simulation(scenario("{}", "", kWorkWithGets))));
  REQUIRE(group.limits.size() == all.limits.size());
  for (std::size_t i = 0; i < all.limits.size(); ++i) {
    CHECK(group.limits[i].limit == all.limits[i].limit);
    CHECK(group.limits[i].counts.entered == all.limits[i].counts.entered);
    CHECK(group.limits[i].counts.refused == all.limits[i].counts.refused);
  }
}

TEST_CASE("a group that takes all limits away plays as if there were none", "[groups]") {
  const std::string limits =
      R"({"resources": {"streams": {"outbound": 2, "inbound": 1}, "service_time": "30ms"},
          "queries": {"concurrency": 1}})";
  const std::string none =
      R"({"resources": {"streams": {"outbound": null, "inbound": null}, "service_time": "0s"},
          "queries": {"concurrency": null}})";
  const std::string plain = hex(run_simulation(scenario("{}", "", kWorkWithGets)));
  CHECK(hex(run_simulation(scenario(limits, share_of("all", 1, of_client(none)), kWorkWithGets))) ==
        plain);
  CHECK(hex(run_simulation(
            scenario("{}", share_of("none", 0, of_client(limits)), kWorkWithGets))) == plain);
}

namespace {

// A network of 60 nodes, 10 ms apart, all of whose interactions are remembered. Half of the nodes
// are of the group `other`.
class Mixed {
 public:
  Mixed(const std::string& client, const std::string& work, const std::string& gamma = "0s",
        const std::string& unreachable = "0") {
    const std::string network_text = fmt::format(
        R"({{"nodes": 60, "unreachable": {}, "groups": [{}],
             "link": {{"delay": {{"model": "constant", "value": "10ms"}}, "gamma": "{}"}}}})",
        unreachable, share_of("other", 0.5, of_client(client)), gamma);
    const Scenario played = decode_scenario(
        fmt::format(R"({{"version": 1, "network": {}, "workload": [{}]}})", network_text, work),
        "s.json");
    network = DhtNetwork::init_with_random_peers(
        {played.network, played.client, played.seed, played.replica}, scheduler);
    network->connection().add_observer(seen);
    const Workload workload(played.workload, network->population(), played.seed, played.replica);
    struct Deaf final : WorkloadObserver {
      void on_operation(std::uint64_t, const OperationOutcome&) override {}
    } observer;
    WorkloadPlayer player(workload, *network, observer);
    player.start();
    scheduler.run_all();
  }
  [[nodiscard]] bool is_other(PeerRef node) const {
    return network->population().groups().of(network->population().birth(node)) == 0;
  }
  // The most requests that one node of a half has under way at a time, as their sender.
  [[nodiscard]] std::size_t most_at_a_time(bool other) const {
    std::size_t most = 0;
    for (const InteractionOutcome& one : seen.records) {
      if (one.interaction.kind == InteractionKind::kDial || is_other(one.interaction.from) != other)
        continue;
      std::size_t at_a_time = 0;
      for (const InteractionOutcome& two : seen.records) {
        const bool together = two.start <= one.start && one.start < two.end;
        const bool counts = two.interaction.kind != InteractionKind::kDial &&
                            two.interaction.from == one.interaction.from;
        at_a_time += together && counts ? 1 : 0;
      }
      most = std::max(most, at_a_time);
    }
    return most;
  }

  Scheduler scheduler;
  Interactions seen;
  std::unique_ptr<DhtNetwork> network;
};

const std::string kLookups = R"({"op": "lookup", "count": 300, "in_flight": 60})";
const std::string kProvides = R"({"op": "provide", "count": 40, "in_flight": 40})";

}  // namespace

TEST_CASE("only nodes of the group with inbound limits turn requests away", "[groups]") {
  const Mixed mixed(R"({"resources": {"streams": {"inbound": 1}, "service_time": "40ms"}})",
                    kLookups);
  std::size_t busy = 0;
  for (const InteractionOutcome& outcome : mixed.seen.records) {
    const bool other = mixed.is_other(outcome.interaction.to);
    if (outcome.busy) CHECK(other);
    busy += outcome.busy ? 1 : 0;
    if (outcome.interaction.kind == InteractionKind::kDial || outcome.busy) continue;
    CHECK(outcome.end - outcome.start == (other ? ms(50) : ms(10)));
  }
  CHECK(busy > 100);
  CHECK(mixed.network->gates() == nullptr);
  CHECK(mixed.network->limit_counts()->inbound.refused == busy);
}

TEST_CASE("only nodes of the group with outbound limits hold requests back", "[groups]") {
  const std::string limit =
      GENERATE(R"("streams": {"outbound": 1})", R"("manager": {"limits": {"streams": 1}})",
               R"("manager": {"operation": {"streams": 1}})");
  CAPTURE(limit);
  const Mixed mixed("{\"resources\": {" + limit + R"(, "on_limit": "wait"}})",
                    R"({"op": "lookup", "count": 200, "in_flight": 8})");
  if (limit.find("operation") == std::string::npos) CHECK(mixed.most_at_a_time(true) == 1);
  CHECK(mixed.most_at_a_time(false) > mixed.most_at_a_time(true));
  CHECK(mixed.network->limit_counts()->outbound.waited > 100);
}

TEST_CASE("only nodes of the group with limits on negotiations negotiate", "[groups]") {
  const Mixed mixed(R"({"resources": {"negotiations": 5}})", kLookups);
  std::map<bool, std::size_t> negotiations;
  for (const InteractionOutcome& outcome : mixed.seen.records) {
    if (outcome.interaction.kind != InteractionKind::kNegotiation) continue;
    CHECK(mixed.is_other(outcome.interaction.from));
    CHECK(outcome.end - outcome.start == ms(10));
    ++negotiations[mixed.is_other(outcome.interaction.to)];
  }
  CHECK(negotiations[false] > 100);
  CHECK(negotiations[true] > 100);
}

TEST_CASE("a negotiation is no load, also at a node without limits", "[groups]") {
  const Mixed mixed(R"({"resources": {"negotiations": 5}})", kLookups, "1ms");
  std::map<bool, std::size_t> seen;
  for (const InteractionOutcome& outcome : mixed.seen.records) {
    const bool request = outcome.interaction.kind == InteractionKind::kGetClosestNodes;
    CHECK((outcome.remote_overhead > Duration()) == request);
    ++seen[request];
  }
  CHECK(seen[false] > 50);
  CHECK(seen[true] > 50);
}

TEST_CASE("a node stores as much as its group says", "[groups]") {
  const Mixed mixed(R"({"records": {"max_records": 0}})", kProvides);
  std::map<bool, std::size_t> stores;
  for (const InteractionOutcome& outcome : mixed.seen.records) {
    if (outcome.interaction.kind != InteractionKind::kStoreSegment) continue;
    const bool other = mixed.is_other(outcome.interaction.to);
    CHECK(outcome.rejected == other);
    ++stores[other];
  }
  CHECK(stores[false] > 50);
  CHECK(stores[true] > 50);
}

TEST_CASE("only tables of nodes whose group learns change", "[groups]") {
  // Lookups remove contacts that never answer.
  const std::string learn = R"({"table_updates": "learn"})";
  const Mixed mixed(learn, kLookups, "0s", "0.3");
  const Mixed before(learn, R"({"op": "lookup", "count": 1})", "0s", "0.3");
  std::map<bool, std::size_t> changed;
  for (std::uint32_t node = 0; node < 60; ++node) {
    const auto contacts = [node](const Mixed& of) {
      std::vector<PeerRef> all;
      of.network->table({node}).closest(Hash(), 60, all);
      return all;
    };
    if (contacts(mixed) != contacts(before)) ++changed[mixed.is_other({node})];
  }
  CHECK(changed[false] == 0);
  CHECK(changed[true] > 10);
}

TEST_CASE("operations of a node wait for their turn as its group says", "[groups]") {
  const Scenario played = decode_scenario(
      R"({"version": 1, "network": {"nodes": 60, "groups": [
            {"name": "one", "count": 2, "client": {"queries": {"concurrency": 1}}},
            {"name": "many", "count": 2}]},
          "workload": [{"op": "lookup", "count": 30, "in_flight": 30, "origins": {"group": "one"}},
                       {"op": "lookup", "count": 30, "in_flight": 30, "origins": {"group": "many"}}]})",
      "s.json");
  const RunResult result = run_simulation(played);
  std::size_t overlaps = 0;
  for (const OperationRow& row : result.rows) {
    const bool one = result.groups.name_of(row.origin) == "one";
    if (!one) CHECK(row.queued == Duration());
    for (const OperationRow& other : result.rows) {
      if (&row == &other || row.origin != other.origin) continue;
      const SimTime begins = row.start + row.queued;
      const bool overlap = other.start + other.queued <= begins && begins < other.end;
      if (one) CHECK_FALSE(overlap);
      overlaps += overlap ? 1 : 0;
    }
  }
  CHECK(overlaps > 20);
}
