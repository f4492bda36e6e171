#pragma once

#include "core/event/node_scheduler.hpp"
#include "core/resource/go_libp2p/scope_manager.hpp"
#include "tests/catch.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace kadsim::test {

using namespace kadsim::go_libp2p;
using Usage = PerKind<std::int64_t>;

inline constexpr Direction kIn = Direction::kInbound;
inline constexpr Direction kOut = Direction::kOutbound;

// A manager without limits but for those that a test sets.
struct World {
  explicit World(const ConcreteLimitConfig& limits) : manager(nodes.of(0), limits) {}

  Scheduler scheduler;
  NetworkScheduler nodes{scheduler, 1};
  ScopeManager manager;

  [[nodiscard]] ScopeId connect(Direction direction = kIn, const std::string& endpoint = "") {
    const Opened opened = manager.open_connection({direction, true, endpoint});
    REQUIRE(std::holds_alternative<ScopeId>(opened));
    return std::get<ScopeId>(opened);
  }
  [[nodiscard]] ScopeId stream(const std::string& peer, Direction direction = kIn) {
    const Opened opened = manager.open_stream(peer, direction);
    REQUIRE(std::holds_alternative<ScopeId>(opened));
    return std::get<ScopeId>(opened);
  }
  [[nodiscard]] ScopeId span(ScopeId scope) {
    const Opened opened = manager.begin_span(scope);
    REQUIRE(std::holds_alternative<ScopeId>(opened));
    return std::get<ScopeId>(opened);
  }
  [[nodiscard]] Usage usage(ScopeId scope) const { return manager.usage(scope); }
  [[nodiscard]] std::int64_t memory(ScopeId scope) const { return manager.usage(scope).memory; }
  void run_for(std::int64_t seconds) { scheduler.run_for(Duration::seconds(seconds)); }
};

inline const Usage kNothing{};
inline Usage inbound_conns(std::int64_t count) {
  return {.conns = count, .conns_inbound = count, .fd = count};
}
inline Usage inbound_streams(std::int64_t count) {
  return {.streams = count, .streams_inbound = count};
}

inline void check_full(const Outcome& outcome, const std::string& scope, Kind kind,
                       std::int64_t current, std::int64_t attempted, std::int64_t limit) {
  REQUIRE(outcome);
  INFO(outcome->text());
  CHECK(outcome->reason == ScopeRefusal::Reason::kLimitExceeded);
  CHECK(outcome->scope == scope);
  CHECK(outcome->kind == kind);
  CHECK(outcome->current == current);
  CHECK(outcome->attempted == attempted);
  CHECK(outcome->limit == limit);
}
inline void check_full(const Opened& opened, const std::string& scope, Kind kind,
                       std::int64_t current, std::int64_t attempted, std::int64_t limit) {
  REQUIRE(std::holds_alternative<ScopeRefusal>(opened));
  check_full(Outcome(std::get<ScopeRefusal>(opened)), scope, kind, current, attempted, limit);
}
inline void check_closed(const Outcome& outcome) {
  REQUIRE(outcome);
  CHECK(outcome->reason == ScopeRefusal::Reason::kScopeClosed);
  CHECK_FALSE(outcome->temporary());
}

}  // namespace kadsim::test
