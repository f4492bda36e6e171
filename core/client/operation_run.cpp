#include "core/client/operation_run.hpp"

#include "core/base/assert.hpp"
#include "core/client/operations/operation_table.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kOperationEnd{"operation end"};
constexpr EventKind kOperationTimeout{"operation timeout"};

}  // namespace

void OperationRun::start(const OperationRequest& request, OperationListener& listener,
                         std::uint64_t tag, SimTime arrival) {
  KADSIM_ASSERT(idle(), "an operation is started in a slot that is in use");
  listener_ = &listener;
  tag_ = tag;
  options_ = &host_.options_of(request.origin);
  phase_ = Phase::kEnding;  // until its protocol begins a phase of asking
  starting_ = true;
  learns_ = request.fill_table || options_->table_updates == TableUpdates::kLearn;
  contacts_.clear();
  outcome_ = OperationOutcome{};
  outcome_.request = request;
  outcome_.request.seeds = {};
  outcome_.start = arrival;
  outcome_.queued = now() - arrival;
  if (const auto& limit = options_->operation_timeout; limit.has_value()) {
    time_limit_ =
        schedule(now() + *limit, kOperationTimeout, [this] { finish(OperationStatus::kTimeout); });
  }
  choose_protocol();
  protocol_->start(request.seeds);
  starting_ = false;
}

void OperationRun::choose_protocol() {
  const std::size_t row = operation_row(request().kind, options_->values.style);
  // Most often that of the slot's last operation, known without reading the list of them all.
  if (protocol_ != nullptr && row == row_) return;
  if (protocols_.empty()) protocols_.resize(operation_rows());
  if (protocols_[row] == nullptr) protocols_[row] = make_operation(row, *this);
  protocol_ = protocols_[row].get();
  row_ = static_cast<std::uint8_t>(row);
}

std::optional<Record> OperationRun::own_record() const {
  return host_.stored(request().origin, request().target);
}

const RecordDetails* OperationRun::own_details() const {
  return host_.stored_details(request().origin, request().target);
}

void OperationRun::store_at_home(const Record& record, const RecordDetails* details) {
  host_.store(request().origin, segment_of(request().target, record), details);
}

bool OperationRun::put_into_own_store() {
  outcome_.value.version = request().record.version;
  return host_.store(request().origin, segment_of(request().target, request().record),
                     request().details.get());
}

void OperationRun::begin_lookup(std::span<const PeerRef> seeds, LookupFor purpose) {
  phase_ = Phase::kLookup;
  if (seeds.empty()) {
    host_.table(request().origin).closest(request().target, options_->lookup.k, seeds_);
  } else {
    seeds_.assign(seeds.begin(), seeds.end());
  }
  if (request().fill_table) {
    for (const PeerRef seed : seeds_) host_.discovered(request().origin, seed);
  }
  lookup_.begin(*this, seeds_, purpose);
}

void OperationRun::take_contacts_of_own_table() {
  host_.table(request().origin).closest(request().target, options_->replication, seeds_);
  for (const PeerRef seed : seeds_) contacts_.push_back({.peer = seed, .hop = 1});
  outcome_.hops = hops_of_nearest();
}

void OperationRun::open_window(const WindowDriver::Options& options) {
  phase_ = Phase::kWindow;
  window_.open(options);
}

void OperationRun::begin_stores(const StoreOptions& options) {
  ++generation_;  // what the lookup is still asking for is of no use any more
  open_window({.asks = WindowAsks::kStore,
               .record = request().record,
               .width = options.width,
               .limit = options.limit,
               .details = request().details.get()});
  const std::size_t holders = std::min<std::size_t>(contacts_.size(), options_->replication);
  for (std::size_t i = 0; i < holders; ++i) {
    window_.add({.peer = contacts_[i].peer, .dialled = contacts_[i].answered});
  }
  window_.ask(*this);
}

OperationStatus OperationRun::outcome_of_stores() const {
  return outcome_.stores > 0 ? OperationStatus::kStored : OperationStatus::kFailed;
}

std::uint32_t OperationRun::hops_of_nearest() const {
  if (contacts_.empty()) return 0;
  const bool origin_is_nearer =
      parts().book.nearer(request().target, request().origin, contacts_.front().peer);
  return origin_is_nearer ? 0 : contacts_.front().hop;
}

void OperationRun::open(Interaction interaction, bool already_dialled) {
  const DialPolicy policy = options_->dial;
  if (policy == DialPolicy::kNever || (policy == DialPolicy::kFirst && already_dialled)) {
    send(interaction);
    return;
  }
  interaction.kind = InteractionKind::kDial;
  interaction.deadline = deadline_of(interaction);
  parts().connection.dial(interaction, host_, reply_tag());
}

void OperationRun::send(Interaction interaction) {
  interaction.deadline = deadline_of(interaction);
  ++outcome_.rpcs;
  if (phase_ == Phase::kLookup) {
    lookup_.send(*this, interaction);
  } else {
    window_.send(*this, interaction);
  }
}

SimTime OperationRun::deadline_of(const Interaction& interaction) const {
  const SimTime of_rpc = now() + options_->rpc_timeout;
  return phase_ == Phase::kLookup ? of_rpc : std::min(of_rpc, window_.deadline_of(interaction));
}

void OperationRun::on_reply(const Interaction& interaction, const Reply& reply) {
  if (interaction.kind == InteractionKind::kDial && reply.status == ReplyStatus::kOk) {
    Interaction request = interaction;
    request.dialled = true;
    send(request);
    return;
  }
  if (!reply.sent && interaction.kind != InteractionKind::kDial) --outcome_.rpcs;
  learn(interaction.to, reply);
  if (phase_ == Phase::kLookup) {
    lookup_.on_reply(*this, interaction, reply);
  } else {
    window_.on_reply(*this, interaction, reply);
  }
}

void OperationRun::learn(PeerRef contact, const Reply& reply) {
  // For want of a slot nothing is learnt about the contact: it is there, and may be asked again.
  if (!learns_ || is_want_of_slot(reply.status)) return;
  const PeerRef origin = request().origin;
  if (request().fill_table) {
    for (const PeerRef heard : reply.contacts) host_.discovered(origin, heard);
  }
  if (is_answer(reply.status)) {
    host_.discovered(origin, contact);
  } else {
    host_.table(origin).remove(contact);
  }
}

void OperationRun::prefetch(unsigned step) const {
  if (step == 0) {
    kadsim::prefetch(this, kHotBytes);
  } else {
    lookup_.prefetch(step);
  }
}

void OperationRun::end_with(OperationStatus status) {
  if (!starting_) {
    finish(status);
    return;
  }
  phase_ = Phase::kEnding;
  end_ = schedule(now(), kOperationEnd, [this, status] { finish(status); });
}

void OperationRun::finish(OperationStatus status) {
  const bool cut_short =
      status == OperationStatus::kTimeout || status == OperationStatus::kUnfinished;
  if (cut_short && phase_ == Phase::kLookup) lookup_.collect(*this);
  cancel(std::exchange(time_limit_, EventId{}));
  cancel(std::exchange(end_, EventId{}));
  LookupDriver::cancel(*this);
  protocol_->complete(outcome_);
  outcome_.status = status;
  outcome_.end = now();
  outcome_.contacts = contacts_;
  phase_ = Phase::kIdle;
  ++generation_;  // replies that are still under way are not heard any more
  parts().connection.operation_over(request().origin, request().key);
  // The slot is given back afterwards: the listener may start an operation, and reads this one's
  // contacts.
  listener_->on_operation_end(tag_, outcome_);
  host_.ended(*this, request().origin);
  in_aftermath_ = true;
  if (!protocol_->begin_aftermath(status)) {
    in_aftermath_ = false;
    host_.release(*this);
  }
}

void OperationRun::end_aftermath() {
  outcome_.contacts = {};
  in_aftermath_ = false;
  phase_ = Phase::kIdle;
  ++generation_;
  parts().connection.operation_over(request().origin, request().key);
  listener_->on_operation_aftermath(tag_, outcome_);
  host_.release(*this);
}

void OperationRun::cut_off() {
  if (in_aftermath_) {
    end_aftermath();
  } else {
    finish(OperationStatus::kUnfinished);
  }
}

}  // namespace kadsim
