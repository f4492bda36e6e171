#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/client/client_host.hpp"

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
    start({.kind = OperationKind::kProvide,
           .target = segment.key,
           .segment_bytes = segment.bytes,
           .key = key},
          listener, tag);
  }
  /// Looks for the segment, in its own store first, and ends at the first answer that brings it.
  void retrieve_segment(const Hash& segment_key, std::uint64_t key, OperationListener& listener,
                        std::uint64_t tag = 0) {
    start({.kind = OperationKind::kRetrieve, .target = segment_key, .key = key}, listener, tag);
  }
  /// Stores a record here and at the nodes closest to its key, as client.values says.
  void put_value(const Segment& record, std::uint64_t key, OperationListener& listener,
                 std::uint64_t tag = 0) {
    start({.kind = OperationKind::kPut,
           .target = record.key,
           .segment_bytes = record.bytes,
           .segment_version = record.version,
           .key = key},
          listener, tag);
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
           .target = hash(),
           .key = key,
           .fill_table = true,
           .seeds = contacts},
          listener, tag);
  }

  /// What this node answers to others, at once and without a network.
  [[nodiscard]] std::vector<PeerRef> get_closest_nodes_to(const Hash& target) const {
    std::vector<PeerRef> contacts;
    table().closest(target, host_->options_of(self_).answers, contacts);
    return contacts;
  }
  /// False: the segment is over the limits of the store, or older than the record held.
  bool store_segment(const Segment& segment) { return host_->store(self_, segment); }
  /// Size of a segment that this node itself stores.
  [[nodiscard]] std::optional<std::uint32_t> stored_segment(const Hash& segment_key) const {
    const auto record = stored_record(segment_key);
    return record.has_value() ? std::optional(record->bytes) : std::nullopt;
  }
  /// The record that this node itself stores under a key.
  [[nodiscard]] std::optional<Record> stored_record(const Hash& key) const {
    return host_->stored(self_, key);
  }
  /// Offers a contact to the own table.
  void new_discovered_node(PeerRef contact) { host_->discovered(self_, contact); }

 private:
  void start(OperationRequest request, OperationListener& listener, std::uint64_t tag) {
    request.origin = self_;
    host_->start(request, listener, tag);
  }

  ClientHost* host_;
  PeerRef self_;
};

}  // namespace kadsim
