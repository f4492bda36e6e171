#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace kadsim::go_libp2p {

/// Endpoints whose connections have a second chance when the ordinary limits are reached.
///
/// Source: go-libp2p, allowlist.go. Departure: an endpoint is a name that is compared as a whole,
/// not a multiaddr whose network may cover many addresses: nodes here have no IP addresses.
/// O(log entries).
class Allowlist {
 public:
  /// Allows every peer that speaks from that endpoint.
  void add(std::string endpoint) { entries_.emplace(std::move(endpoint), std::string()); }
  /// Allows that peer when it speaks from that endpoint. `peer` is not empty.
  void add(std::string endpoint, std::string peer) {
    entries_.emplace(std::move(endpoint), std::move(peer));
  }
  void remove(const std::string& endpoint, const std::string& peer = {}) {
    entries_.erase({endpoint, peer});
  }

  /// Whether any peer at all is allowed from that endpoint: for when the peer is not known yet.
  [[nodiscard]] bool allowed(std::string_view endpoint) const {
    const auto first = entries_.lower_bound({std::string(endpoint), std::string()});
    return first != entries_.end() && first->first == endpoint;
  }
  [[nodiscard]] bool allowed(std::string_view endpoint, std::string_view peer) const {
    const std::string at(endpoint);
    return entries_.contains({at, std::string()}) || entries_.contains({at, std::string(peer)});
  }

 private:
  std::set<std::pair<std::string, std::string>> entries_;  // peer empty: any
};

}  // namespace kadsim::go_libp2p
