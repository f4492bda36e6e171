#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/resource/edge_priority.hpp"
#include "core/resource/go_libp2p/limits.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What becomes of a stream for which a node has no slot.
namespace on_limit {
struct Fail {};    ///< refused at once (py-libp2p before its stream semaphore)
struct Wait {};    ///< waits in line as long as the request may take (backpressure)
struct Revoke {};  ///< revokes what ranks lower, or is refused; needs a manager
struct WaitFor {
  Duration wait_for = Duration::seconds(5);  ///< waits so long at most; >= 0
};
}  // namespace on_limit
using OnLimit = std::variant<on_limit::Fail, on_limit::Wait, on_limit::Revoke, on_limit::WaitFor>;

/// How many streams a node may have at a time. A stream is a request with its answer: at its origin
/// from before it is sent until its answer is there or given up, at its remote from its arrival
/// until the answer leaves.
struct StreamLimits {
  std::optional<std::uint32_t> outbound{};  ///< >= 1; none: no limit
  std::optional<std::uint32_t> inbound{};   ///< >= 1; none: no limit
};

/// Units of each class that an owner may hold, each >= 1; none: no limit.
struct OwnerLimits {
  std::optional<std::uint32_t> streams{};
  std::optional<std::uint32_t> connections{};  ///< dialled by this node
};

/// A resource manager for each client (core/resource/resource_manager.hpp), and what each owner may
/// hold. See "In the simulation" in docs/resources.md.
struct ManagerOptions {
  OwnerLimits limits{};                     ///< of the whole node
  OwnerLimits operation{};                  ///< of each operation
  std::optional<std::uint32_t> incoming{};  ///< streams that came in and are not served yet, >= 1
  std::optional<std::uint32_t> service{};   ///< streams that are served, >= 1
  EdgePriority operation_priority{};
  EdgePriority service_priority{};
  EdgePriority bucket_priority{};
  Duration collect_after = Duration::minutes(1);  ///< of a connection without an owner, >= 0
  Duration review_every = Duration::minutes(10);  ///< buckets look for better entries, > 0
};

/// A resource manager as go-libp2p has it for each client (core/resource/go_libp2p).
struct GoLibp2pOptions {
  std::optional<std::string> limit_file{};      ///< in go-libp2p's format; none: defaults alone
  go_libp2p::PartialLimitConfig limits{};       ///< what that file says; filled in when it is read
  std::int64_t memory = std::int64_t{4} << 30;  ///< of the machine, bytes; limits grow with it
  std::int64_t file_descriptors = 1024;         ///< of the machine
  std::int64_t stream_memory = 0;               ///< bytes that a stream reserves
  std::string protocol = "/ipfs/kad/1.0.0";     ///< of the DHT's streams
  std::optional<std::string> service{};         ///< of the DHT's streams; none: as in go-libp2p
};

/// What a client's streams cost it, and how many it can afford.
struct ClientResources {
  StreamLimits streams{};
  /// Streams that may be agreeing on their protocol at a time, outbound and inbound counted apart;
  /// >= 1. With this limit every request is preceded by a negotiation, a round trip more; none:
  /// negotiations are not simulated.
  std::optional<std::uint32_t> negotiations{};
  std::optional<ManagerOptions> manager{};     ///< instead of `streams`; none: no graph
  std::optional<GoLibp2pOptions> go_libp2p{};  ///< instead of both
  OnLimit on_limit = on_limit::Fail{};
  Duration service_time{};  ///< that a node works on a request, its stream open; >= 0

  /// Does any of it make a difference?
  [[nodiscard]] bool any() const {
    return limits_outbound() || limits_inbound() || service_time > Duration();
  }
  [[nodiscard]] bool limits_outbound() const {
    return streams.outbound || negotiations || manager || go_libp2p;
  }
  [[nodiscard]] bool limits_inbound() const {
    return streams.inbound || negotiations || manager || go_libp2p;
  }
};

}  // namespace kadsim
