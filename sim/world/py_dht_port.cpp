#include "sim/world/py_dht_port.hpp"

namespace kadsim {

InstantPort& PyDhtPort::open_port(const Lookup& lookup) {
  lookup_ = lookup;
  attempts_ = 0;
  origin_overhead_ = parts_.overheads.enter(lookup.origin);
  parts_.overheads.leave(lookup.origin);
  return *this;
}

InstantOutcome PyDhtPort::dial_and_ask(PeerRef contact) {
  const SimTime now = parts_.scheduler.now();
  InteractionOutcome record;
  record.interaction = {.kind = InteractionKind::kDial,
                        .from = lookup_.origin,
                        .to = contact,
                        .operation = lookup_.operation,
                        .contact_index = attempts_++,
                        .deadline = now + lookup_.rpc_timeout};
  record.origin_overhead = origin_overhead_;
  record.remote_overhead = parts_.overheads.enter(contact);
  parts_.overheads.leave(contact);
  const Duration overhead = record.origin_overhead + record.remote_overhead;
  const auto report = [&](Duration delay) {
    record.start = now;
    record.end = now + delay;
    parts_.reports.report(record);
    return delay;
  };

  const LinkFate fate = parts_.path.fate(record.interaction);
  record.error = fate.error;
  if (fate.error == LinkError::kNone && presence_ != nullptr && !presence_->is_present(contact)) {
    // All that time could tell is read now; the message is lost.
    record.error = LinkError::kUnreachable;
    record.base_delay = lookup_.rpc_timeout;
    return {.answered = false, .delay = report(record.base_delay + overhead)};
  }
  if (fate.error != LinkError::kNone) {
    record.base_delay = parts_.path.failure_delay(record.interaction, fate, lookup_.rpc_timeout);
    return {.answered = false, .delay = report(record.base_delay + overhead)};
  }
  record.interaction.kind = InteractionKind::kGetClosestNodes;
  record.interaction.dialled = true;
  record.base_delay = parts_.path.fate(record.interaction).round_trip.whole();
  const auto held =
      server_->serve_get_closest_nodes_to(contact, lookup_.origin, lookup_.target, contacts_);
  return {.answered = true,
          .delay = report(fate.round_trip.whole() + record.base_delay + overhead),
          .answer = {contacts_.contacts(), held.has_value()}};
}

}  // namespace kadsim
