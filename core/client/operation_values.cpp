// The part of an operation that is a put or a get: what is settled at home, what a get makes of the
// records it hears of, and which holders it repairs. Behaviour as in docs/values.md.

#include "core/client/operation_run.hpp"

namespace kadsim {

using Holding = GatheredValues::Holding;

namespace {

// Did the contact itself say so, be it no? If not, it was not asked, or was not heard.
bool is_from_remote(ReplyStatus status) {
  return status != ReplyStatus::kNoAnswer && status != ReplyStatus::kNoSlot &&
         status != ReplyStatus::kRevoked;
}

}  // namespace

bool OperationRun::settled_at_home() {
  const OperationRequest& request = outcome_.request;
  const auto own = [&] { return host_.stored(request.origin, request.target); };
  switch (request.kind) {
    case OperationKind::kLookup:
    case OperationKind::kProvide:
      return false;
    case OperationKind::kRetrieve:
      // A node that holds the segment itself has found it before it asks anybody.
      if (!own().has_value()) return false;
      end_with(OperationStatus::kFound);
      return true;
    case OperationKind::kPut:
      outcome_.value.version = request.segment_version;
      if (host_.store(request.origin,
                      {request.target, request.segment_bytes, request.segment_version})) {
        return false;
      }
      end_with(OperationStatus::kRefused);
      return true;
    case OperationKind::kGet:
      values_.start();
      if (const auto record = own(); record.has_value()) values_.heard(request.origin, record);
      // go-libp2p counts its own record as one answer among others and asks on.
      if (!values_.best().has_value() || by_lookup_) return false;
      end_with(OperationStatus::kFound);
      return true;
  }
  return false;
}

void OperationRun::begin_without_lookup() {
  const OperationRequest& request = outcome_.request;
  host_.table(request.origin).closest(request.target, host_.options_.replication, seeds_);
  for (const PeerRef seed : seeds_) contacts_.push_back({.peer = seed, .hop = 1});
  outcome_.hops = hops();
  if (request.kind == OperationKind::kPut) {
    begin_stores();
    return;
  }
  open_window(Phase::kQuery, host_.options_.lookup.alpha, host_.options_.values.query_timeout);
  for (const PeerRef seed : seeds_) window_.add({.peer = seed});
  ask_window();
}

void OperationRun::heard_value(PeerRef from, const Reply& reply) {
  // In py-libp2p who refuses is one who answered without a record; who times out is not, nor is who
  // was not asked, or not heard, as the asker had no slot for it.
  if (!is_from_remote(reply.status)) return;
  values_.heard(from, reply.has_value ? std::optional(reply.value) : std::nullopt);
  if (values_.quorum_met(host_.options_.values)) window_.stop();
}

void OperationRun::queries_over() {
  if (!values_.best().has_value()) {
    end_with(OperationStatus::kNotFound);
    return;
  }
  repairing_ = Holding::kStale;
  begin_repairs();
}

bool OperationRun::repairs_in_background() const {
  // With its quorum go-libp2p's get leaves without a look at who holds what.
  return by_lookup_ && host_.options_.values.repair && !outcome_.value.quorum_met;
}

void OperationRun::begin_repairs() {
  const std::uint32_t before = phase_ == Phase::kRepair ? repairs_begun_ : 0;
  const ValueOptions& options = host_.options_.values;
  open_window(Phase::kRepair, ContactWindow::kAllAtOnce,
              by_lookup_ ? options.put_timeout : options.query_timeout);
  first_of_window_ = before;
  for (const ResultContact& contact : contacts_) {
    if (!options.repair) break;
    const Holding holding = values_.of(contact.peer);
    if (by_lookup_ ? holding == Holding::kBest : holding != repairing_) continue;
    window_.add(
        {.peer = contact.peer, .dialled = contact.answered, .stale = holding == Holding::kStale});
  }
  repairs_begun_ = before + static_cast<std::uint32_t>(window_.size());
  ask_window();
}

void OperationRun::repairs_over() {
  if (by_lookup_) {
    end_aftermath();
    return;
  }
  // py-libp2p waits for those with an older record before it turns to those without.
  if (repairing_ == Holding::kStale) {
    repairing_ = Holding::kNothing;
    begin_repairs();
    return;
  }
  const OperationRequest& request = outcome_.request;
  const Record& best = *values_.best();
  host_.store(request.origin, {request.target, best.bytes, best.version});
  end_with(OperationStatus::kFound);
}

void OperationRun::take_values() {
  const auto& best = values_.best();
  outcome_.value.version = best.has_value() ? best->version : 0;
  outcome_.value.seen = values_.seen();
  outcome_.value.stale = values_.stale();
  outcome_.value.quorum_met = values_.quorum_met(host_.options_.values);
}

}  // namespace kadsim
