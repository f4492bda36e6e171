#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "core/lookup/lookup_options.hpp"
#include "core/table/near_contact.hpp"
#include "core/table/peer.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// A contact in the result of a lookup.
struct ResultContact {
  PeerRef peer;
  std::uint16_t hop = 0;
  bool answered = false;  ///< false: only heard of

  bool operator==(const ResultContact&) const = default;
};

/// How a lookup ended, as far as the strategy can tell.
enum class LookupEnd : std::uint8_t {
  kComplete,   ///< its stop rule is met
  kExhausted,  ///< no contact left to ask, none in flight
  kFound,      ///< an answer brought the record, and the lookup was to stop at it
};

/// Knows the whole network, as no real node does: `synchronous-rounds` asks it when to stop. The
/// simulation supplies it; results of a lookup that used it are marked `oracle_stop`.
class LookupOracle {
 public:
  virtual ~LookupOracle() = default;
  /// Is `peer` among the `count` nodes of the whole network that are closest to `target`?
  virtual bool is_among_closest(PeerRef peer, const Hash& target, unsigned count) = 0;
};

/// What a lookup is to find, and what it may use. All that it points to outlives the lookup.
struct LookupTask {
  const PeerBook* book = nullptr;
  const LookupOptions* options = nullptr;
  LookupOracle* oracle = nullptr;  ///< may be null if the strategy needs none
  PeerRef origin{};
  Hash target{};
  bool stop_at_record = false;  ///< for instant lookups; others are told by `stop`
};

/// What a strategy wants next.
struct LookupStep {
  enum class Kind : std::uint8_t { kAsk, kWait, kFinished };
  Kind kind = Kind::kWait;
  PeerRef contact{};                     ///< kAsk: dial and ask this one, once
  LookupEnd end = LookupEnd::kComplete;  ///< kFinished
  SimTime until = SimTime::max();        ///< kWait: if nothing happens before, `next` is due then

  static LookupStep ask(PeerRef contact) { return {.kind = Kind::kAsk, .contact = contact}; }
  static LookupStep wait(SimTime until = SimTime::max()) { return {.until = until}; }
  static LookupStep finished(LookupEnd end) { return {.kind = Kind::kFinished, .end = end}; }
};

/// An answer as a strategy sees it.
struct LookupAnswer {
  std::span<const NearContact> contacts;  ///< valid during the call only
  bool has_record = false;
};

class InstantLookup;

/// An iterative lookup as a pure state machine: it is told what happened and answers with what to
/// do. It owns no socket, timer or thread. One object serves many lookups, one after the other.
///
/// The driver calls `start`, then `next` until that returns kWait or kFinished. It does so again
/// after each `on_answer`, `on_failure` or `stop`, and at the time that kWait named. Calling `next`
/// too early or too often changes nothing. What became of a contact is reported exactly once for
/// each contact asked, however late: a strategy that gave a contact up by its own time limit still
/// hears of its answer. After kFinished nothing is reported any more, and `collect` gives the
/// result.
class LookupStrategy {
 public:
  virtual ~LookupStrategy() = default;

  /// `seeds`: contacts from the origin's own table, nearest first.
  virtual void start(const LookupTask& task, std::span<const PeerRef> seeds) = 0;
  virtual LookupStep next(SimTime now) = 0;
  /// The dial of a contact is over, if it needed one, and the request is on its way.
  virtual void on_sent(PeerRef /*to*/, SimTime /*now*/) {}
  virtual void on_answer(PeerRef from, const LookupAnswer& answer, SimTime now) = 0;
  virtual void on_failure(PeerRef from, SimTime now) = 0;
  /// The caller has the record that it wanted: no other contact is to be asked. True: the lookup is
  /// over now. False: it waits for the requests on the wire, and `next` will say when it is over.
  virtual bool stop() { return true; }

  /// Sets `out` to the contacts found, nearest first, at most `results` of them.
  virtual void collect(std::vector<ResultContact>& out) const = 0;
  /// Hops of the whole lookup where the strategy defines them itself (rounds); 0xffff: those of the
  /// nearest result.
  [[nodiscard]] virtual std::uint16_t own_hops() const { return kHopsOfNearest; }
  static constexpr std::uint16_t kHopsOfNearest = 0xffff;
  [[nodiscard]] virtual bool uses_oracle() const { return false; }

  /// Not null for a strategy that is resolved at its start instant (see InstantLookup); then `next`
  /// and the `on_` functions are not used.
  virtual InstantLookup* instant() { return nullptr; }
};

}  // namespace kadsim
