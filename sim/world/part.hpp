#pragma once

#include <cstdint>
#include <optional>

#include "core/base/slot_pool.hpp"
#include "core/wire/details_under_way.hpp"
#include "sim/world/derived_scratch.hpp"
#include "sim/world/exchange_pool.hpp"
#include "sim/world/visit.hpp"

namespace kadsim {

/// Interactions that are over, dials and requests alike, since the start.
struct Traffic {
  std::uint64_t attempts = 0;
  std::uint64_t successful = 0;
  std::uint64_t failures = 0;
};

/// Memory and counters that the nodes of one part of a network share, and that no other part
/// touches. One engine plays a network as a single part; an engine for several cores would have one
/// of these for each, and over it a SimConnection, a ClientHost and, where tables are derived,
/// DerivedBuckets, which hold nothing else that parts would share.
struct NetworkPart {
  /// `answers`: contacts in an answer, to make room for.
  explicit NetworkPart(unsigned answers) : exchanges(answers) {}

  ExchangePool exchanges;
  DetailsUnderWay request_details;  // of records to be stored, by exchange
  DetailsUnderWay answer_details;   // of records that were asked for, by exchange
  SlotPool<Visit> visits;
  std::optional<DerivedScratch> derived;  // none: tables are kept
  Traffic traffic;
};

}  // namespace kadsim
