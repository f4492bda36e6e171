#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/client/client_host.hpp"
#include "core/client/record_options.hpp"

namespace kadsim {

/// One node of the DHT, under the names that py-dht's users know. A handle: a peer number and the
/// host that all clients of one worker share; it may be copied freely and must not outlive the
/// host.
///
/// Operations take virtual time: they start now, and `listener` is told of their end
/// exactly once, never during the call. `key` is the operation's opaque number, unique among
/// operations: it keys their random draws.
class DhtClient {
 public:
  DhtClient(ClientHost& host, PeerRef self) : host_(&host), self_(self) {}

  [[nodiscard]] PeerRef self() const { return self_; }
  [[nodiscard]] const Hash& hash() const { return table().self(); }
  [[nodiscard]] RoutingTable table() const { return host_->table(self_); }

  /// Finds the nodes closest to `target`.
  void lookup_for_hash(const Hash& target, std::uint64_t key, OperationListener& listener,
                       std::uint64_t tag = 0) {
    start({.kind = OperationKind::kLookup, .target = target, .key = key}, listener, tag);
  }
  /// Finds the nodes closest to the segment's key, then stores the segment at client.replication of
  /// them.
  void provide_block_segment(const Segment& segment, std::uint64_t key, OperationListener& listener,
                             std::uint64_t tag = 0) {
    store(OperationKind::kProvide, segment, nullptr, key, listener, tag);
  }
  /// The same of a segment that carries something besides.
  void provide_block_segment(const Segment& segment, const RecordOptions& options,
                             std::uint64_t key, OperationListener& listener,
                             std::uint64_t tag = 0) {
    store(OperationKind::kProvide, segment, details(segment, options), key, listener, tag);
  }
  /// Looks for a record of the key, in its own store first, and ends at the first answer that
  /// brings one.
  void retrieve_segment(const Hash& segment_key, std::uint64_t key, OperationListener& listener,
                        std::uint64_t tag = 0) {
    start({.kind = OperationKind::kRetrieve, .target = segment_key, .key = key}, listener, tag);
  }
  /// Stores a record here and at the nodes closest to its key, as client.values says.
  void put_value(const Segment& segment, std::uint64_t key, OperationListener& listener,
                 std::uint64_t tag = 0) {
    store(OperationKind::kPut, segment, nullptr, key, listener, tag);
  }
  /// The same of a record that carries something besides.
  void put_value(const Segment& segment, const RecordOptions& options, std::uint64_t key,
                 OperationListener& listener, std::uint64_t tag = 0) {
    store(OperationKind::kPut, segment, details(segment, options), key, listener, tag);
  }
  /// Looks for the best record of a key, as client.values says.
  void get_value(const Hash& record_key, std::uint64_t key, OperationListener& listener,
                 std::uint64_t tag = 0) {
    start({.kind = OperationKind::kGet, .target = record_key, .key = key}, listener, tag);
  }
  /// Joins through `contacts`: a lookup for the own hash that starts from them and offers every
  /// contact it hears of to the own table. With no contacts it starts from the own table.
  void bootstrap(std::span<const PeerRef> contacts, std::uint64_t key, OperationListener& listener,
                 std::uint64_t tag = 0) {
    start({.kind = OperationKind::kLookup,
           .fill_table = true,
           .target = hash(),
           .key = key,
           .seeds = contacts},
          listener, tag);
  }

  /// What this node answers to others, at once and without a network.
  [[nodiscard]] std::vector<PeerRef> get_closest_nodes_to(const Hash& target) const;
  /// False: the store would not take the segment (RecordStore::store).
  bool store_segment(const Segment& segment) { return host_->store(self_, segment, nullptr); }
  /// The same of a segment that carries something besides.
  bool store_segment(const Segment& segment, const RecordOptions& options) {
    return host_->store(self_, segment, details(segment, options).get());
  }
  /// The record that this node itself stores under a key.
  [[nodiscard]] std::optional<Record> stored_record(const Hash& key) const {
    return host_->stored(self_, key);
  }
  /// What that record carries besides; null: nothing. Valid until this node stores or expires one.
  [[nodiscard]] const RecordDetails* stored_details(const Hash& key) const {
    return host_->stored_details(self_, key);
  }
  /// RecordStore::next_expiry, of the records that this node itself stores.
  [[nodiscard]] std::optional<SimTime> next_expiry() const {
    const RecordStore* records = host_->records(self_);
    return records == nullptr ? std::nullopt : records->next_expiry();
  }
  /// Drops those of its records that are gone by now; returns how many these were. No answer
  /// depends on it.
  std::size_t expire_records() { return host_->expire_records(self_); }
  /// Offers a contact to the own table.
  void new_discovered_node(PeerRef contact) { host_->discovered(self_, contact); }

 private:
  [[nodiscard]] std::shared_ptr<const RecordDetails> details(const Segment& segment,
                                                             const RecordOptions& options) const;
  void store(OperationKind kind, const Segment& segment,
             std::shared_ptr<const RecordDetails> details, std::uint64_t key,
             OperationListener& listener, std::uint64_t tag);
  void start(OperationRequest request, OperationListener& listener, std::uint64_t tag);

  ClientHost* host_;
  PeerRef self_;
};

}  // namespace kadsim
