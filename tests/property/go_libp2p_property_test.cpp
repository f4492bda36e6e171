// The scopes against a model that knows no graph: what each scope holds, and which scopes that is
// charged to, as go-libp2p documents them; all sums are made anew each time.

#include "core/event/node_scheduler.hpp"
#include "core/random/random_stream.hpp"
#include "core/resource/go_libp2p/scope_manager.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace kadsim;
using namespace kadsim::go_libp2p;
using Reason = ScopeRefusal::Reason;

namespace {

using Amounts = PerKind<std::int64_t>;

struct Thing {
  std::string name;
  std::string within;                // of a span
  Amounts holds;                     // itself
  std::vector<std::string> charged;  // scopes beside its own, in the order that they are asked
  std::string peer, protocol, service;
  std::string endpoint;
  bool allowlisted = false;
  bool open = true;
  int spans = 0;
};

constexpr std::array<Kind, 8> kMoved = {
    Kind::kMemory,       Kind::kStreamsInbound, Kind::kStreamsOutbound, Kind::kStreams,
    Kind::kConnsInbound, Kind::kConnsOutbound,  Kind::kConns,           Kind::kFd};

class Model {
 public:
  std::map<std::string, Limits> limits;
  std::map<std::string, Thing> things;

  // What `name` holds with all its spans.
  [[nodiscard]] Amounts total(const std::string& name) const {
    Amounts sum = things.at(name).holds;
    for (const auto& [inner, thing] : things) {
      if (thing.open && thing.within == name) add(sum, total(inner));
    }
    return sum;
  }
  [[nodiscard]] Amounts usage(const std::string& scope) const {
    if (things.contains(scope)) return things.at(scope).open ? total(scope) : Amounts{};
    Amounts sum;
    for (const auto& [name, thing] : things) {
      const bool charged = std::ranges::find(thing.charged, scope) != thing.charged.end();
      if (thing.open && thing.within.empty() && charged) add(sum, total(name));
    }
    return sum;
  }
  // "" if there is room, else which scope has none, and of what: "system Conns".
  [[nodiscard]] std::string without_room(const std::vector<std::string>& scopes,
                                         const std::vector<Kind>& kinds, const Amounts& amounts,
                                         std::int64_t share = 256) const {
    for (const std::string& scope : scopes) {
      const Amounts used = usage(scope);
      for (const Kind kind : kinds) {
        const std::int64_t limit = limits.at(scope)[kind];
        const std::int64_t room =
            kind == Kind::kMemory && limit != kUnlimited ? limit * share / 256 : limit;
        if (amounts[kind] > room - used[kind]) return scope + " " + std::string(name_of(kind));
      }
    }
    return {};
  }
  // A thing, what it is within, and what that is charged to.
  [[nodiscard]] std::vector<std::string> chain(const std::string& name) const {
    std::vector<std::string> scopes = {name};
    const Thing* thing = &things.at(name);
    while (!thing->within.empty()) {
      scopes.push_back(thing->within);
      thing = &things.at(thing->within);
    }
    scopes.insert(scopes.end(), thing->charged.begin(), thing->charged.end());
    return scopes;
  }
  void close(const std::string& name) {
    things.at(name).open = false;
    for (auto& [inner, thing] : things) {
      if (thing.open && thing.within == name) close(inner);
    }
  }

 private:
  static void add(Amounts& sum, const Amounts& more) {
    for (const Kind kind : kKinds) sum[kind] += more[kind];
  }
};

std::string answer(const Outcome& outcome) {
  if (!outcome) return {};
  if (outcome->reason != Reason::kLimitExceeded) return "reason";
  return outcome->scope + " " + std::string(name_of(outcome->kind));
}

class Player {
 public:
  explicit Player(std::uint64_t seed)
      : stream_(seed, 0, "test"),
        random_(stream_, {}),
        config_(small_limits()),
        manager_(nodes_.of(0), config_) {
    manager_.allowlist().add("trusted", "p0");
    manager_.allowlist().add("open");
    const auto fixed = [this](const std::string& name, ScopeId id, Section section) {
      ids_[name] = id;
      model_.limits[name] = config_[section];
    };
    fixed("system", manager_.system(), Section::kSystem);
    fixed("transient", manager_.transient(), Section::kTransient);
    fixed("allowlistedSystem", manager_.allowlisted_system(), Section::kAllowlistedSystem);
    fixed("allowlistedTransient", manager_.allowlisted_transient(), Section::kAllowlistedTransient);
  }

  void step() {
    const std::uint64_t choice = random_.below(20);
    if (choice < 4) {
      open_connection();
    } else if (choice < 8) {
      open_stream();
    } else if (choice < 10) {
      with_any([this](const std::string& name) { set(name); });
    } else if (choice < 12) {
      with_any([this](const std::string& name) { set(name); });
    } else if (choice < 15) {
      with_any([this](const std::string& name) { reserve(name); });
    } else if (choice < 16) {
      with_any([this](const std::string& name) { release(name); });
    } else if (choice < 18) {
      with_any([this](const std::string& name) { begin_span(name); });
    } else if (choice < 19 || model_.things.size() > 12) {
      with_any([this](const std::string& name) { done(name); });
    } else {
      change_limits();
    }
  }

  void check() {
    for (const auto& [name, id] : ids_) {
      INFO(name);
      REQUIRE(manager_.usage(id) == model_.usage(name));
    }
    manager_.graph().check();
  }

  // How often each happened, so that a test shows that it tests something.
  std::map<std::string, int> seen;

 private:
  Limits random_limits(std::int64_t most, std::int64_t memory) {
    Limits limits;
    for (const Kind kind : kKinds) limits[kind] = below(most) + 1;
    limits.memory = below(memory);
    if (random_.below(8) == 0) limits.memory = kUnlimited;
    return limits;
  }
  ConcreteLimitConfig small_limits() {
    ConcreteLimitConfig config;
    for (Limits& limits : config.sections) limits = random_limits(6, 2000);
    config[Section::kSystem] = random_limits(12, 4000);
    config[Section::kConn] = {
        .conns = 1, .conns_inbound = 1, .conns_outbound = 1, .fd = 1, .memory = 500};
    config[Section::kStream] = {
        .streams = 1, .streams_inbound = 1, .streams_outbound = 1, .memory = 500};
    config[NamedSection::kPeer]["p1"] = random_limits(3, 300);
    return config;
  }
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound)));
  }
  std::string any_name(const std::string& letter) {
    return letter + std::to_string(random_.below(3));
  }

  template <class Act>
  void with_any(const Act& act) {
    if (model_.things.empty()) return;
    const auto at = below(static_cast<std::int64_t>(model_.things.size()));
    const std::string name = std::next(model_.things.begin(), at)->first;
    act(name);
  }
  void expect(const std::string& what, const std::string& actual, const std::string& expected) {
    INFO(what);
    REQUIRE(actual == expected);
    ++seen[expected.empty() ? what : what + " refused"];
  }

  std::string know(const std::string& name, ScopeId id, NamedSection section,
                   const std::string& key) {
    ids_[name] = id;
    model_.limits.try_emplace(name, config_.of(section, key));
    return name;
  }
  std::string peer(const std::string& name) {
    return know("peer:" + name, manager_.peer(name), NamedSection::kPeer, name);
  }

  void open_connection() {
    const bool in = random_.below(2) == 0;
    const bool fd = random_.below(2) == 0;
    const std::array<std::string, 3> endpoints = {"", "trusted", "open"};
    const std::string endpoint = endpoints[random_.below(3)];
    Thing thing;
    thing.holds.conns = 1;
    thing.holds[in ? Kind::kConnsInbound : Kind::kConnsOutbound] = 1;
    thing.holds.fd = fd ? 1 : 0;
    std::vector<Kind> kinds = {in ? Kind::kConnsInbound : Kind::kConnsOutbound, Kind::kConns};
    if (fd) kinds.push_back(Kind::kFd);
    thing.name = "conn-" + std::to_string(++connections_);
    thing.charged = {"transient", "system"};
    thing.endpoint = endpoint;
    std::string expected = model_.without_room(thing.charged, kinds, thing.holds);
    if (!expected.empty() && !endpoint.empty()) {
      thing.name = "conn-" + std::to_string(++connections_);
      thing.charged = {"allowlistedTransient", "allowlistedSystem"};
      thing.allowlisted = true;
      expected = model_.without_room(thing.charged, kinds, thing.holds);
    }
    const Opened opened =
        manager_.open_connection({in ? Direction::kInbound : Direction::kOutbound, fd, endpoint});
    settle(thing.allowlisted ? "allowlisted connection" : "connection", opened, expected, thing,
           config_[Section::kConn]);
  }

  void open_stream() {
    const bool in = random_.below(2) == 0;
    Thing thing;
    thing.name = "stream-" + std::to_string(++streams_);
    thing.peer = any_name("p");
    thing.charged = {peer(thing.peer), "transient", "system"};
    const Kind direction = in ? Kind::kStreamsInbound : Kind::kStreamsOutbound;
    thing.holds.streams = 1;
    thing.holds[direction] = 1;
    const std::string expected =
        model_.without_room(thing.charged, {direction, Kind::kStreams}, thing.holds);
    const Opened opened =
        manager_.open_stream(thing.peer, in ? Direction::kInbound : Direction::kOutbound);
    settle("stream", opened, expected, thing, config_[Section::kStream]);
  }

  void settle(const std::string& what, const Opened& opened, const std::string& expected,
              const Thing& thing, const Limits& limits) {
    const auto* refusal = std::get_if<ScopeRefusal>(&opened);
    expect(what, refusal != nullptr ? answer(*refusal) : "", expected);
    if (refusal != nullptr) return;
    ids_[thing.name] = std::get<ScopeId>(opened);
    REQUIRE(manager_.name(ids_[thing.name]) == thing.name);
    model_.limits[thing.name] = limits;
    model_.things[thing.name] = thing;
  }

  // Peer, protocol or service, whichever is next, or one that is not due.
  void set(const std::string& name) {
    Thing& thing = model_.things.at(name);
    if (!thing.within.empty()) return;
    const bool is_stream = name.starts_with("stream");
    const bool service = is_stream && (!thing.protocol.empty() || random_.below(4) == 0);
    const std::string value = any_name(service ? "s" : is_stream ? "x" : "p");
    const bool due = thing.open && (service     ? !thing.protocol.empty() && thing.service.empty()
                                    : is_stream ? thing.protocol.empty()
                                                : thing.peer.empty());
    const auto act = [&] {
      return service     ? manager_.set_service(ids_[name], value)
             : is_stream ? manager_.set_protocol(ids_[name], value)
                         : manager_.set_peer(ids_[name], value);
    };
    if (!due) return expect("set out of turn", answer(act()), "reason");
    if (!is_stream) {
      set_peer(thing, value, act);
    } else {
      set_of_stream(thing, value, service, act);
    }
  }

  template <class Act>
  void set_peer(Thing& thing, const std::string& value, const Act& act) {
    const std::string of_peer = peer(value);
    const bool stays = thing.endpoint == "open" || (thing.endpoint == "trusted" && value == "p0");
    const bool leaves = thing.allowlisted && !stays;
    const std::vector<std::string> asked =
        leaves ? std::vector<std::string>{"system", "transient", of_peer}
               : std::vector<std::string>{of_peer};
    const std::string expected = room_for_all_of(thing, asked);
    expect(leaves ? "leave the allowlist" : "set peer", answer(act()), expected);
    if (!expected.empty()) return;
    if (leaves) thing.allowlisted = false;
    thing.peer = value;
    thing.charged = {of_peer, thing.allowlisted ? "allowlistedSystem" : "system"};
  }

  template <class Act>
  void set_of_stream(Thing& thing, const std::string& value, bool service, const Act& act) {
    const std::string whole =
        know((service ? "service:" : "protocol:") + value,
             service ? manager_.service(value) : manager_.protocol(value),
             service ? NamedSection::kService : NamedSection::kProtocol, value);
    const std::string part = whole + ".peer:" + thing.peer;
    model_.limits.try_emplace(
        part,
        config_.of(service ? NamedSection::kServicePeer : NamedSection::kProtocolPeer, value));
    const std::string expected = room_for_all_of(thing, {whole, part});
    expect(service ? "set service" : "set protocol", answer(act()), expected);
    know(part, manager_.part_of_peer(ids_[whole], ids_["peer:" + thing.peer]),
         NamedSection::kServicePeer, value);
    if (!expected.empty()) return;
    const std::string of_peer = "peer:" + thing.peer;
    if (service) {
      thing.service = value;
      const std::string protocol = "protocol:" + thing.protocol;
      thing.charged = {of_peer, protocol + ".peer:" + thing.peer, part, protocol, whole, "system"};
    } else {
      thing.protocol = value;
      thing.charged = {of_peer, part, whole, "system"};
    }
  }

  std::string room_for_all_of(const Thing& thing, const std::vector<std::string>& asked) {
    const Amounts amounts = model_.total(thing.name);
    std::vector<Kind> held;
    for (const Kind kind : kMoved) {
      if (amounts[kind] > 0) held.push_back(kind);
    }
    return model_.without_room(asked, held, amounts);
  }

  void reserve(const std::string& name) {
    Thing& thing = model_.things.at(name);
    Amounts amounts;
    amounts.memory = below(300);
    const auto priority = static_cast<MemoryPriority>(random_.below(256));
    const Outcome outcome = manager_.reserve_memory(ids_[name], amounts.memory, priority);
    if (!thing.open) return expect("reserve in a closed one", answer(outcome), "reason");
    const std::string expected =
        model_.without_room(model_.chain(name), {Kind::kMemory}, amounts, share_of(priority));
    expect("reserve", answer(outcome), expected);
    if (expected.empty()) thing.holds.memory += amounts.memory;
  }

  void release(const std::string& name) {
    Thing& thing = model_.things.at(name);
    const std::int64_t bytes = below(thing.holds.memory + 1);
    manager_.release_memory(ids_[name], bytes);
    if (thing.open) thing.holds.memory -= bytes;
  }

  void begin_span(const std::string& name) {
    Thing& owner = model_.things.at(name);
    const Opened opened = manager_.begin_span(ids_[name]);
    const auto* refusal = std::get_if<ScopeRefusal>(&opened);
    expect(owner.open ? "span" : "span in a closed one", refusal != nullptr ? "reason" : "",
           owner.open ? "" : "reason");
    if (refusal != nullptr) return;
    Thing span;
    span.name = name + ".span-" + std::to_string(++owner.spans);
    span.within = name;
    const Limits limits = model_.limits.at(name);
    settle("span", opened, "", span, limits);
  }

  void done(const std::string& name) {
    manager_.done(ids_[name]);
    const bool was_open = model_.things.at(name).open;
    if (was_open) model_.close(name);
    ++seen[was_open ? "done" : "done twice"];
    // Forget most of what is over; keep some, to ask it again.
    if (random_.below(3) == 0) return;
    const std::string prefix = name + ".";
    std::erase_if(model_.things, [&](const auto& entry) {
      return entry.first == name || entry.first.starts_with(prefix);
    });
    std::erase_if(ids_, [&](const auto& entry) {
      return entry.first == name || entry.first.starts_with(prefix);
    });
  }

  void change_limits() {
    const std::string name = random_.below(2) == 0 ? "transient" : peer(any_name("p"));
    const Limits limits = random_limits(6, 2000);
    const Amounts used = model_.usage(name);
    const bool lowers =
        std::ranges::any_of(kKinds, [&](Kind kind) { return limits[kind] < used[kind]; });
    manager_.set_limits(ids_[name], limits);
    model_.limits[name] = limits;
    ++seen[lowers ? "limits below use" : "limits"];
  }

  RandomStream stream_;
  RandomSequence random_;
  ConcreteLimitConfig config_;
  Scheduler scheduler_;
  NetworkScheduler nodes_{scheduler_, 1};
  ScopeManager manager_;
  Model model_;
  std::map<std::string, ScopeId> ids_;
  std::uint64_t connections_ = 0;
  std::uint64_t streams_ = 0;
};

}  // namespace

TEST_CASE("scopes grant, refuse and count as a model without a graph does", "[go_libp2p_scopes]") {
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    Player player(seed);
    for (int step = 0; step < 500; ++step) {
      INFO("step " << step);
      player.step();
      player.check();
    }
    for (const auto& [what, count] : player.seen) seen[what] += count;
  }
  for (const char* what : {"allowlisted connection",
                           "allowlisted connection refused",
                           "connection",
                           "connection refused",
                           "stream",
                           "stream refused",
                           "set peer",
                           "set peer refused",
                           "leave the allowlist",
                           "leave the allowlist refused",
                           "set protocol",
                           "set protocol refused",
                           "set service",
                           "set service refused",
                           "reserve",
                           "reserve refused",
                           "reserve in a closed one refused",
                           "span",
                           "span in a closed one refused",
                           "done",
                           "done twice",
                           "limits",
                           "limits below use",
                           "set out of turn refused"}) {
    INFO(what);
    CHECK(seen[what] >= 10);
  }
}
