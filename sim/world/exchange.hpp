#pragma once

#include <cstdint>
#include <optional>

#include "core/base/prefetch.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/wire/reply.hpp"
#include "sim/world/interaction_outcome.hpp"

namespace kadsim {

/// What a reply will say, but for the contacts.
struct ExchangeAnswer {
  ReplyStatus status = ReplyStatus::kNoAnswer;
  bool names_contacts = false;
  std::optional<Record> value{};
};

/// One interaction under way in the simulated network: three cache lines.
struct alignas(kCacheLine) Exchange {
  static constexpr std::uint32_t kNoVisit = 0xffffffffU;

  InteractionOutcome record;
  Segment segment;  // or the key that is looked for
  ReplyHandler* handler = nullptr;
  std::uint64_t tag = 0;
  ContactsByDistance contacts;
  ExchangeAnswer answer;
  std::uint32_t visit = kNoVisit;
  bool late = false;  // its sender has been told that no answer came
};
static_assert(sizeof(Exchange) == 3 * kCacheLine);

}  // namespace kadsim
