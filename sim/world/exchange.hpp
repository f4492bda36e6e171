#pragma once

#include <cstdint>

#include "core/base/prefetch.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/time/time.hpp"
#include "core/wire/interaction.hpp"
#include "core/wire/record.hpp"
#include "core/wire/reply.hpp"
#include "sim/world/link_model.hpp"
#include "sim/world/round_trip.hpp"

namespace kadsim {

/// What the asker sends: all that the receiver needs. Written when it is sent, and by the asker
/// only.
struct RequestMessage {
  Interaction interaction;
  RoundTrip round_trip;  ///< of the link, drawn at sending: the answer takes its way back
  bool overdue = false;  ///< it arrives after its deadline: the asker will have given up
  /// Of the exchange, given once by its pool: the details of a record travel under it.
  std::uint32_t number = 0;
  Segment segment{};  ///< or the key that is looked for
};

/// What the receiver sends back: all that the asker needs. Written by the receiver only.
struct AnswerMessage {
  ReplyStatus status = ReplyStatus::kNoAnswer;
  bool names_contacts = false;
  bool has_record = false;
  bool rejected = false;        ///< it would not store the segment
  Record record{};              ///< if it has one
  Duration remote_overhead{};   ///< what load added there
  Duration remote_wait{};       ///< in line there for a slot
  ContactsByDistance contacts;  ///< if it names any; its memory is kept from one use to the next

  /// Empty, as before the receiver has written.
  void clear() {
    status = ReplyStatus::kNoAnswer;
    names_contacts = has_record = rejected = false;
    remote_overhead = remote_wait = Duration();
  }
};

/// What the asker keeps until its interaction is over. Neither read nor written by the receiver.
struct PendingInteraction {
  ReplyHandler* handler = nullptr;
  std::uint64_t tag = 0;
  SimTime start{};
  Duration base_delay{};       ///< round trip of the link, or of the error
  Duration origin_overhead{};  ///< what load adds at the asker
  LinkError error = LinkError::kNone;
  bool late = false;  ///< the answer comes after the deadline
};

/// One interaction under way in the simulated network: the two messages, and what the asker keeps.
/// They lie together, in three cache lines, because one engine plays both ends; each part has one
/// end that writes it, so that they may as well travel.
struct alignas(kCacheLine) Exchange {
  RequestMessage request;
  PendingInteraction pending;
  AnswerMessage answer;
};
static_assert(sizeof(Exchange) == 3 * kCacheLine);

}  // namespace kadsim
