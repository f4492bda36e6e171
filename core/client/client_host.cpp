#include "core/client/client_host.hpp"

#include "core/client/operation_run.hpp"

namespace kadsim {
namespace {

// Tags of replies: slot and generation of the operation (OperationRun::reply_tag).
std::uint32_t slot_of(std::uint64_t tag) { return static_cast<std::uint32_t>(tag >> 32); }

}  // namespace

ClientHost::ClientHost(const Parts& parts, const ClientOptions& options)
    : parts_(parts), options_(options) {}

ClientHost::~ClientHost() = default;

void ClientHost::start(const OperationRequest& request, OperationListener& listener,
                       std::uint64_t tag) {
  if (queries_of(request.origin).any()) {
    pool().arrive(request, listener, tag);
  } else {
    run(take_slot(), request, listener, tag, now());
  }
}

QueryPool& ClientHost::pool() {
  if (pool_ == nullptr) {
    QueryPool::Runner& runner = *this;
    pool_ = std::make_unique<QueryPool>(parts_.scheduler, runner);
  }
  return *pool_;
}

std::uint32_t ClientHost::take_slot() { return runs_.take(*this, runs_.size()); }

void ClientHost::run(std::uint32_t slot, const OperationRequest& request,
                     OperationListener& listener, std::uint64_t tag, SimTime arrival) {
  ++running_;
  runs_[slot].start(request, listener, tag, arrival);
}

void ClientHost::time_out(std::uint32_t slot) { runs_[slot].finish(OperationStatus::kTimeout); }

void ClientHost::ended(const OperationRun& run, PeerRef origin) {
  --running_;
  if (pool_ != nullptr && queries_of(origin).any()) pool_->ended(origin, run.slot());
}

void ClientHost::release(OperationRun& run) { runs_.give_back(run.slot()); }

void ClientHost::cut_off() {
  if (pool_ != nullptr) pool_->cut_off();
  const std::uint32_t slots = runs_.size();
  for (std::uint32_t i = 0; i < slots; ++i) {
    if (!runs_[i].idle()) runs_[i].cut_off();
  }
}

bool ClientHost::awaits(std::uint64_t tag) const {
  return runs_[slot_of(tag)].generation() == static_cast<std::uint32_t>(tag);
}

void ClientHost::on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) {
  // Late replies to an operation that is over are dropped: no strategy needs them.
  if (awaits(tag)) runs_[slot_of(tag)].on_reply(interaction, reply);
}

void ClientHost::prefetch(std::uint64_t tag, unsigned step) const {
  runs_[slot_of(tag)].prefetch(step);
}

std::optional<std::uint32_t> ClientHost::likely_next(std::uint64_t tag) const {
  return runs_[slot_of(tag)].likely_next();
}

void ClientHost::discovered(PeerRef at, PeerRef contact) {
  if (at != contact) table(at).add(contact);
}

const RecordStore* ClientHost::records(PeerRef at) const { return records_.find(at); }

std::optional<Record> ClientHost::stored(PeerRef at, const Hash& key) const {
  const RecordStore* found = records(at);
  return found == nullptr ? std::nullopt : found->find(key, now());
}

const RecordDetails* ClientHost::stored_details(PeerRef at, const Hash& key) const {
  const RecordStore* found = records(at);
  return found == nullptr ? nullptr : found->details(key, now());
}

bool ClientHost::store(PeerRef at, const Segment& segment, const RecordDetails* details) {
  return records_.of(at).store(segment, details, options_of(at).records, now());
}

std::size_t ClientHost::expire_records(PeerRef at) {
  RecordStore* found = records_.find(at);
  return found == nullptr ? 0 : found->expire(now());
}

void ClientHost::learn_asker(PeerRef at, PeerRef asker, const ClientOptions& options) {
  if (options.table_updates == TableUpdates::kLearn) discovered(at, asker);
}

std::optional<Record> ClientHost::serve_get_closest_nodes_to(PeerRef at, PeerRef asker,
                                                             const Hash& target,
                                                             ContactsByDistance& contacts) {
  const ClientOptions& options = options_of(at);
  table(at).closest(target, options.answers, contacts);
  learn_asker(at, asker, options);
  return stored(at, target);
}

bool ClientHost::serve_store_segment(PeerRef at, PeerRef asker, const Segment& segment,
                                     const RecordDetails* details) {
  learn_asker(at, asker, options_of(at));
  return store(at, segment, details);
}

std::optional<Record> ClientHost::serve_retrieve_segment(PeerRef at, PeerRef asker,
                                                         const Hash& key) {
  learn_asker(at, asker, options_of(at));
  return stored(at, key);
}

const RecordDetails* ClientHost::serve_details(PeerRef at, const Hash& key) const {
  return stored_details(at, key);
}

}  // namespace kadsim
