#pragma once

#include <cstdint>

#include "core/event/node_scheduler.hpp"
#include "core/lookup/instant_lookup.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/wire/request_server.hpp"
#include "sim/world/interaction_reports.hpp"
#include "sim/world/overheads.hpp"
#include "sim/world/path.hpp"
#include "sim/world/presence.hpp"

namespace kadsim {

/// The simulated network as py-dht's lookup sees it: every outcome is known at once.
///
/// py-dht's arithmetic: an answer costs the base delay twice (dial and request) plus the overheads
/// of both ends; a failed dial costs its own delay plus these overheads once. The origin's overhead
/// is read when the port is opened, the remote's at every dial. Everything is read at the instant
/// at which the lookup starts, and takes no virtual time.
class PyDhtPort final : public InstantNetwork, private InstantPort {
 public:
  struct Parts {
    const NetworkScheduler& scheduler;
    const Path& path;
    Overheads& overheads;
    InteractionReports& reports;
  };
  explicit PyDhtPort(const Parts& parts) : parts_(parts) {}

  /// What answers requests. Set once, before the first call; outlives the port.
  void set_server(RequestServer& server) { server_ = &server; }

  /// As SimConnection::set_presence; what time could tell is read at the start instant.
  void set_presence(const Presence* presence) { presence_ = presence; }

  /// Slow errors last no longer than the time limit of the lookup's requests.
  InstantPort& open_port(const Lookup& lookup) override;

 private:
  InstantOutcome dial_and_ask(PeerRef contact) override;

  Parts parts_;
  RequestServer* server_ = nullptr;
  const Presence* presence_ = nullptr;
  Lookup lookup_;
  std::uint32_t attempts_ = 0;
  Duration origin_overhead_;
  ContactsByDistance contacts_;
};

}  // namespace kadsim
