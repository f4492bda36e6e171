#include "core/lookup/strategies.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/shapes.hpp"
#include "sim/scenario/strategy_defaults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace kadsim {
namespace {

using namespace shape;

constexpr std::uint64_t kMaxCount = 1000;
constexpr Duration kTick = Duration::nanoseconds(1);
constexpr Duration kLongestWait = Duration::hours(24);

constexpr std::array kTableUpdates = {
    Named{"none", "Tables stay as they are."},
    Named{"learn", "A responder is added, a failing contact removed, an asker learnt."},
};
constexpr std::array kRoundsStops = {
    Named{"any-of-closest", "A contact of the round is among the `replication` closest nodes."},
    Named{"closest", "The closest node of all is among the contacts of the round."},
};

std::span<const Named> strategy_names() {
  // Programs that link kadsim may have registered some of their own.
  static std::vector<Named> names;
  if (names.size() == lookup_strategies().size()) return names;
  names.clear();
  for (const StrategyInfo& strategy : lookup_strategies()) {
    names.push_back({strategy.name, strategy.help});
  }
  return names;
}

FieldValue time_limit(Duration& limit) { return duration(limit, kTick, kLongestWait); }

// A strategy's own options stand beside its name. They share one struct, so that selecting another
// strategy only changes the name, and the one default that is the strategy's.
Alternatives strategies(LookupOptions& lookup) {
  const auto names = strategy_names();
  const auto at = std::ranges::find(names, lookup.strategy, &Named::name);
  return {names, static_cast<std::size_t>(at - names.begin()),
          [&lookup](std::size_t index) {
            const StrategyInfo& strategy = lookup_strategies()[index];
            lookup.strategy = strategy.name;
            lookup.contact_timeout = strategy.defaults.contact_timeout;
          },
          [&lookup](Fields& fields) {
            const StrategyReads& reads = find_lookup_strategy(lookup.strategy)->reads;
            if (reads.contact_timeout) {
              fields.add("contact_timeout", optional_of(lookup.contact_timeout, time_limit),
                         "How long a contact is waited for, its dial included; null: as long as "
                         "dial and request take.");
            }
            if (reads.max_rounds) {
              fields.add("max_rounds", integer(lookup.max_rounds, 1, kMaxCount), "Rounds at most.");
            }
            if (!reads.oracle_rounds) return;
            fields.add("concurrency", integer(lookup.concurrency, 1, kMaxCount),
                       "Contacts asked in a round.");
            fields.add("replication", integer(lookup.replication, 1, kMaxCount),
                       "How many nodes count as the closest.");
            fields.add("stop", choice(lookup.stop, kRoundsStops),
                       "When the rounds end, by an oracle that knows the whole network.");
          }};
}

// In the order of ValueStyle.
constexpr std::array kValueStyles = {
    Named{"py-libp2p", "A window of alpha over the closest contacts of the own table; no lookup."},
    Named{"go-libp2p", "A lookup by the strategy; a put then stores at all found at once."},
};

// In the orders of TimeoutFrom and DeadlineRule.
constexpr std::array kTimeoutFrom = {
    Named{"start", "From when it runs: the wait for its turn takes nothing of it."},
    Named{"arrival", "From when it came: it may time out while it waits."},
};
constexpr std::array kDeadlines = {
    Named{"after", "Elapsed > timeout: an answer in the tick of the deadline is in time."},
    Named{"at", "Elapsed >= timeout: it is too late."},
};

Alternatives value_styles(ValueOptions& values) {
  return {kValueStyles, static_cast<std::size_t>(values.style),
          [&values](std::size_t index) { values.style = static_cast<ValueStyle>(index); },
          [&values](Fields& fields) {
            if (values.style == ValueStyle::kPyLibp2p) {
              fields.add("query_timeout", time_limit(values.query_timeout),
                         "Time limit of a query or store, its dial included.");
            } else {
              fields.add("put_timeout", time_limit(values.put_timeout),
                         "Time limit of a store, its dial included.");
            }
          }};
}

FieldValue count(unsigned& value) { return integer(value, 1, kMaxCount); }

void fill_in_defaults(LookupOptions& lookup, const Rules& rules) {
  const StrategyInfo* strategy = find_lookup_strategy(lookup.strategy);
  if (strategy == nullptr) return;
  const StrategyDefaults& defaults = strategy->defaults;
  if (!rules.given("alpha")) lookup.alpha = defaults.alpha;
  if (!rules.given("beta")) lookup.beta = defaults.beta.value_or(lookup.k);
  if (!lookup.steps_to_stop.has_value()) lookup.steps_to_stop = defaults.steps_to_stop;
}

// The object "lookup" of a scenario: the strategy, and the time limit of the operation around it.
// What all strategies share (k, alpha, ...) stands beside it, in the object "client".
void describe_lookup(Fields& fields, ClientOptions& client) {
  fields.tagged("strategy", strategies(client.lookup),
                "Which contact to ask next, and when to stop.");
  fields.add("timeout", optional_of(client.operation_timeout, time_limit),
             "Time limit of a whole operation, once it runs; null: none.");
}

}  // namespace

void describe(Fields& fields, ClientOptions& client) {
  LookupOptions& lookup = client.lookup;
  fields.add("k", count(lookup.k), "Size of a bucket, and contacts that a lookup starts from.");
  const StrategyDefaultTexts& defaults = strategy_default_texts();
  fields.add("alpha", count(lookup.alpha), "Contacts being asked per lookup.",
             filled_in(defaults.alpha));
  fields.add("beta", count(lookup.beta),
             "Nearest contacts that must have answered (py-dht: contacts returned).",
             filled_in(defaults.beta));
  fields.add("steps_to_stop", optional_of(lookup.steps_to_stop, count),
             "Answers in a row without progress that end a lookup; null: no such rule.",
             filled_in(defaults.steps_to_stop));
  fields.add("answers", count(client.answers), "Contacts in a FIND_NODE answer.", same_as("k"));
  fields.add("results", count(lookup.results), "Contacts returned by a lookup.", same_as("k"));
  fields.add("replication", count(client.replication), "Nodes that a segment is stored at.",
             same_as("k"));
  fields.add("rpc_timeout", duration(client.rpc_timeout, kTick, kLongestWait),
             "Time limit of one dial or request.");
  fields.add("table_updates", choice(client.table_updates, kTableUpdates),
             "What lookups do to routing tables.");
  fields.add("records", object(client.records), "What a node stores for others.");
  fields.add("lookup", object_with([&client](Fields& own) { describe_lookup(own, client); }),
             "How lookups go.");
  fields.add("resources", object(client.resources),
             "What a client's streams cost and are limited to.");
  fields.add("values", object(client.values), "How put and get go.");
  fields.add("queries", object(client.queries), "How many operations of one node run at a time.");
  fields.rule([&client](Rules& rules) {
    if (client.lookup.strategy == "py-dht" && client.operation_timeout.has_value()) {
      rules.broken({"lookup.timeout"},
                   "py-dht's lookup is resolved at its start, nothing can cut it short",
                   "want null, or another strategy");
    }
    if (client.lookup.strategy == "py-dht" && client.resources.any()) {
      rules.broken({"resources"}, "py-dht's lookup is resolved at its start, no limit can delay it",
                   "want no limits and no service time, or another strategy");
    }
    if (client.lookup.strategy == "py-dht" && client.queries.timeout.has_value()) {
      rules.broken({"queries.timeout", "lookup.strategy"},
                   "py-dht's lookup is resolved at its start, nothing can cut it short",
                   "want null, or another client.lookup.strategy");
    }
    fill_in_defaults(client.lookup, rules);
  });
}

void describe(Fields& fields, RecordLimits& records) {
  fields.add("max_records", integer(records.max_records),
             "A node that holds so many refuses another key.");
  fields.add("max_value_bytes", integer(records.max_value_bytes), "A greater value is refused.");
}

void describe(Fields& fields, ValueOptions& values) {
  fields.tagged("style", value_styles(values), "The implementation whose put and get it plays.");
  fields.add(
      "quorum", integer(values.quorum, 0, kMaxCount),
      "Records with which a get asks no further contact (go-libp2p: one more); 0: it asks all.");
  fields.add("repair", boolean(values.repair),
             "Whether a get stores the best record where it met an older one or none.");
}

void describe(Fields& fields, QueryOptions& queries) {
  fields.add("concurrency", optional_of(queries.concurrency, count),
             "Operations of one node that run at a time, others wait in line; null: no limit.");
  fields.add("timeout", optional_of(queries.timeout, time_limit),
             "Time limit of each; null: none.");
  fields.add("timeout_from", choice(queries.timeout_from, kTimeoutFrom),
             "What the time limit counts from.");
  fields.add("deadline", choice(queries.deadline, kDeadlines), "In which tick it has passed.");
  fields.rule([&queries](Rules& rules) {
    if (queries.timeout.has_value()) return;
    // The defaults ask for nothing.
    const char* const kNone = "there is no time limit that it could be about";
    if (queries.timeout_from != QueryOptions{}.timeout_from) {
      rules.broken({"timeout_from", "timeout"}, kNone, "want `timeout` as well, or \"start\"");
    }
    if (queries.deadline != QueryOptions{}.deadline) {
      rules.broken({"deadline", "timeout"}, kNone, "want `timeout` as well, or \"after\"");
    }
  });
}

}  // namespace kadsim
