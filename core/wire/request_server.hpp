#pragma once

#include <optional>

#include "core/hash/hash.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/table/peer.hpp"
#include "core/wire/record.hpp"
#include "core/wire/record_details.hpp"

namespace kadsim {

/// What peers ask of a client: the server's side, called by the connection when a request arrives.
class RequestServer {
 public:
  virtual ~RequestServer() = default;

  /// `asker` wants the contacts of `at` closest to `target`: `contacts` is set to them. Returns the
  /// record that `at` stores under `target`, if it does.
  virtual std::optional<Record> serve_get_closest_nodes_to(PeerRef at, PeerRef asker,
                                                           const Hash& target,
                                                           ContactsByDistance& contacts) = 0;
  /// `details`: what the record carries besides, valid during the call; null: nothing. False: the
  /// store of `at` would not take it (RecordStore::store).
  virtual bool serve_store_segment(PeerRef at, PeerRef asker, const Segment& segment,
                                   const RecordDetails* details) = 0;
  /// The record that `at` stores under `key`, if it does.
  virtual std::optional<Record> serve_retrieve_segment(PeerRef at, PeerRef asker,
                                                       const Hash& key) = 0;
  /// What the record that was just served from `at` under `key` carries besides, to be copied into
  /// the answer; null: nothing. Asked only when a record was served, which is rare.
  [[nodiscard]] virtual const RecordDetails* serve_details(PeerRef at, const Hash& key) const = 0;
};

}  // namespace kadsim
