#pragma once

#include <cstdint>
#include <string_view>

namespace kadsim {

enum class OperationKind : std::uint8_t {
  kLookup,    ///< find the closest nodes
  kProvide,   ///< a lookup, then a store at each of the nodes found
  kRetrieve,  ///< a lookup that ends at the first value
};

enum class OperationStatus : std::uint8_t {
  kComplete,    ///< lookup: stop rule met
  kExhausted,   ///< lookup: nobody left to ask
  kFound,       ///< retrieve: a value arrived
  kNotFound,    ///< retrieve: the lookup ended without one
  kStored,      ///< provide: at least one store
  kFailed,      ///< provide: no store
  kTimeout,     ///< the operation's own time limit passed
  kUnfinished,  ///< cut off by the end of the run
};
inline constexpr std::size_t kOperationStatuses = 8;

constexpr std::string_view name_of(OperationKind kind) {
  constexpr std::string_view kNames[] = {"lookup", "provide", "retrieve"};
  return kNames[static_cast<std::size_t>(kind)];
}

constexpr std::string_view name_of(OperationStatus status) {
  constexpr std::string_view kNames[] = {"complete", "exhausted", "found",   "not_found",
                                         "stored",   "failed",    "timeout", "unfinished"};
  return kNames[static_cast<std::size_t>(status)];
}

}  // namespace kadsim
