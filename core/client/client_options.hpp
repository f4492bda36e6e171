#pragma once

#include <cstdint>
#include <optional>

#include "core/limit/client_resources.hpp"
#include "core/lookup/lookup_options.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What lookups do to routing tables.
enum class TableUpdates : std::uint8_t {
  kNone,   ///< tables stay as they are
  kLearn,  ///< a responder is added, a failing contact removed, an asker added by the node it asks
};

/// When a client dials before it sends a request.
enum class DialPolicy : std::uint8_t {
  kFirst,  ///< before the first request to a contact within an operation
  kEvery,  ///< before each request (py-dht)
  kNever,  ///< connectionless (UDP)
};

struct RecordLimits {
  std::uint32_t max_records = 1024;       ///< a node that holds so many refuses another key
  std::uint32_t max_value_bytes = 65536;  ///< a greater value is refused
};

/// Which implementation's `put` and `get` a client plays.
enum class ValueStyle : std::uint8_t {
  kPyLibp2p,  ///< no lookup: a window of alpha over the closest contacts of the own table
  kGoLibp2p,  ///< a lookup by the client's strategy; a put then stores at all found at once
};

/// How `put` and `get` behave.
struct ValueOptions {
  ValueStyle style = ValueStyle::kGoLibp2p;
  /// With this many records (py-libp2p), or one more (go-libp2p), a get asks no further contact; 0:
  /// it asks all.
  unsigned quorum = 0;
  bool repair = true;  ///< a get stores the best record where it met an older one or none
  Duration query_timeout = Duration::seconds(10);  ///< py-libp2p: of a contact, dial included, > 0
  Duration put_timeout = Duration::seconds(30);    ///< go-libp2p: of a store, dial included, > 0
};

/// At which tick a query times out.
enum class DeadlineRule : std::uint8_t {
  kAfter,  ///< at the one after its deadline (elapsed > timeout: go-kademlia)
  kAt,     ///< at that of its deadline (elapsed >= timeout: rust-libp2p)
};

/// What the time-out of a query counts from.
enum class TimeoutFrom : std::uint8_t {
  kStart,    ///< from when it runs, as in go-kademlia and rust-libp2p: waiting does not count
  kArrival,  ///< from when it arrived: it may time out in line
};

/// How many queries (operations) of one client run at a time, and for how long.
struct QueryOptions {
  std::optional<unsigned> concurrency{};  ///< >= 1; none: no limit
  std::optional<Duration> timeout{};      ///< > 0; none: no limit
  TimeoutFrom timeout_from = TimeoutFrom::kStart;
  DeadlineRule deadline = DeadlineRule::kAfter;

  /// Does anything limit queries? If not, there is no pool.
  [[nodiscard]] bool any() const { return concurrency.has_value() || timeout.has_value(); }
};

/// How a client behaves. All counts are >= 1.
struct ClientOptions {
  LookupOptions lookup;       ///< what its strategy reads; `lookup.k` is the size of a bucket too
  unsigned answers = 20;      ///< contacts in a FIND_NODE answer
  unsigned replication = 20;  ///< nodes that a segment is stored at
  /// Of a whole operation once it runs, > 0; none: no limit.
  std::optional<Duration> operation_timeout;
  Duration rpc_timeout = Duration::seconds(10);  ///< of one dial or request, > 0
  TableUpdates table_updates = TableUpdates::kNone;
  DialPolicy dial = DialPolicy::kFirst;
  RecordLimits records;
  ClientResources resources;
  ValueOptions values;
  QueryOptions queries;
};

}  // namespace kadsim
