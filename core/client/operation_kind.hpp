#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace kadsim {

enum class OperationKind : std::uint8_t {
  kLookup,    ///< find the closest nodes
  kProvide,   ///< a lookup, then a store at each of the nodes found
  kRetrieve,  ///< a lookup that ends at the first record
  kPut,       ///< a record stored here and at the nodes closest to its key
  kGet,       ///< the best record of a key among those that other nodes hold
};

enum class OperationStatus : std::uint8_t {
  kComplete,    ///< lookup: stop rule met
  kExhausted,   ///< lookup: no contact left to ask
  kFound,       ///< retrieve, get: a record arrived
  kNotFound,    ///< retrieve, get: it ended without one
  kStored,      ///< provide, put: at least one store, that of the origin not counted
  kFailed,      ///< provide, put: no such store
  kTimeout,     ///< the operation's own time limit passed
  kUnfinished,  ///< cut off by the end of the run
  kRefused,     ///< put: the origin's own store would not take it, so no contact was asked
};
inline constexpr std::size_t kOperationStatuses = 9;

/// All kinds, in the order in which results list them.
inline constexpr std::array kOperationKinds = {OperationKind::kLookup, OperationKind::kProvide,
                                               OperationKind::kRetrieve, OperationKind::kPut,
                                               OperationKind::kGet};

/// Can an operation of that kind end with that status?
constexpr bool can_end(OperationKind kind, OperationStatus status) {
  return status != OperationStatus::kRefused || kind == OperationKind::kPut;
}

constexpr std::string_view name_of(OperationKind kind) {
  constexpr std::string_view kNames[] = {"lookup", "provide", "retrieve", "put", "get"};
  static_assert(std::size(kNames) == kOperationKinds.size());
  return kNames[static_cast<std::size_t>(kind)];
}

constexpr std::string_view name_of(OperationStatus status) {
  constexpr std::string_view kNames[] = {"complete",  "exhausted",  "found",
                                         "not_found", "stored",     "failed",
                                         "timeout",   "unfinished", "refused"};
  static_assert(std::size(kNames) == kOperationStatuses);
  return kNames[static_cast<std::size_t>(status)];
}

}  // namespace kadsim
