#pragma once

#include <cstdint>

#include "core/hash/hash.hpp"
#include "core/lookup/strategy.hpp"
#include "core/table/peer.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What a dial and the request behind it came to.
struct InstantOutcome {
  bool answered = false;
  Duration delay;         ///< of both together
  LookupAnswer answer{};  ///< valid until the next request through the port
};

/// Through which one instant lookup asks its contacts.
class InstantPort {
 public:
  virtual ~InstantPort() = default;
  virtual InstantOutcome dial_and_ask(PeerRef contact) = 0;
};

/// A network that can say at once how a dial and the request behind it will end. Only a simulated
/// network can: on a real one only time can tell.
class InstantNetwork {
 public:
  virtual ~InstantNetwork() = default;
  struct Lookup {
    PeerRef origin;
    std::uint64_t operation = 0;  ///< key of the operation that the lookup belongs to
    Hash target;
    Duration rpc_timeout;  ///< of one dial or request, > 0
  };
  /// A port for one lookup. Valid until the next call.
  virtual InstantPort& open_port(const Lookup& lookup) = 0;
};

/// A lookup that learns answers in the order of their own delays, which is not the order in which
/// they come in: py-dht's. No clock could play that, so the lookup is resolved at the instant at
/// which it starts; the client delivers its end when the lookup says that it would end.
class InstantLookup {
 public:
  struct Resolution {
    LookupEnd end = LookupEnd::kComplete;
    Duration delay;  ///< of the whole lookup
  };
  virtual ~InstantLookup() = default;
  virtual Resolution resolve(InstantPort& port) = 0;
};

}  // namespace kadsim
