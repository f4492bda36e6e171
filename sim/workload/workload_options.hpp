#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/client/operation_kind.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// Two hundred years. No open loop without a stop is expected to have its last arrival later, so
/// that what comes by chance, and what follows it, stays within 64-bit nanoseconds (292 years).
inline constexpr SimTime kLastArrival = SimTime::at(Duration::hours(1'752'000));

/// Chains of operations: chain s runs operations s, s + in_flight, s + 2 in_flight, ..., each when
/// its predecessor ended; the chains start spread evenly over the first second after `start`.
struct ClosedLoop {
  std::uint32_t in_flight = 100;  ///< chains, >= 1
};

/// Arrivals with exponential gaps, whatever the network does.
struct OpenLoop {
  double rate_per_s = 1;  ///< > 0
};

namespace origins {
struct Uniform {};  ///< over the nodes that are there and answer
struct File {
  std::string
      path;  ///< one node a line, its birth number; operation i takes line i modulo their count
};
/// Uniform over the nodes of a group that are there and answer.
struct Group {
  std::string name;  ///< of one of network.groups
};
}  // namespace origins

namespace targets {
struct Uniform {};
struct File {
  std::string
      path;  ///< one target a line: 64 hexadecimal digits, or any other text, which is hashed
};
struct ProvidedBy {
  std::string entry;  ///< name of a `provide` entry; operation i takes the key of its operation i
                      ///< modulo count
};
struct PutBy {
  std::string entry;  ///< name of a `put` entry; likewise
};
}  // namespace targets

/// One entry of `workload`: `count` operations of one kind.
struct WorkloadEntry {
  std::string name;  ///< unique in the workload; keys every draw of the entry
  OperationKind op = OperationKind::kLookup;
  std::uint64_t count = 1;
  std::variant<ClosedLoop, OpenLoop> arrival = ClosedLoop{};
  std::variant<origins::Uniform, origins::File, origins::Group> origin = origins::Uniform{};
  std::variant<targets::Uniform, targets::File, targets::ProvidedBy, targets::PutBy> target =
      targets::Uniform{};
  std::uint32_t segment_bytes = 1024;  ///< provide, put: size of each segment; it takes no time
  /// put: version of the first record of each key, from 1. Operation i puts version + i div (number
  /// of keys), so that going round the keys again puts newer records.
  std::uint32_t version = 1;
  SimTime start;  ///< of the first arrivals
};

}  // namespace kadsim
