#pragma once

#include <optional>

#include "core/hash/hash.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/table/peer.hpp"
#include "core/wire/record.hpp"

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
  /// False: the segment is over the limits of the store, or older than the record held.
  virtual bool serve_store_segment(PeerRef at, PeerRef asker, const Segment& segment) = 0;
  /// The record that `at` stores under `key`, if it does.
  virtual std::optional<Record> serve_retrieve_segment(PeerRef at, PeerRef asker,
                                                       const Hash& key) = 0;
};

}  // namespace kadsim
