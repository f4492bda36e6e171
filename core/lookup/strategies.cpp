#include "core/lookup/strategies.hpp"

#include "core/base/assert.hpp"
#include "core/lookup/adaptive.hpp"
#include "core/lookup/go_kademlia.hpp"
#include "core/lookup/go_libp2p.hpp"
#include "core/lookup/kademlia_2002.hpp"
#include "core/lookup/lock_step.hpp"
#include "core/lookup/py_dht.hpp"
#include "core/lookup/py_libp2p.hpp"
#include "core/lookup/py_libp2p_window.hpp"
#include "core/lookup/rust_libp2p.hpp"
#include "core/lookup/rust_libp2p_disjoint.hpp"
#include "core/lookup/sliding_window.hpp"
#include "core/lookup/synchronous_rounds.hpp"

#include <algorithm>
#include <vector>

namespace kadsim {
namespace {

template <class Strategy>
std::unique_ptr<LookupStrategy> make() {
  return std::make_unique<Strategy>();
}

std::vector<StrategyInfo>& registry() {
  static std::vector<StrategyInfo> strategies = {
      {.name = "adaptive",
       .help = "Ours: a window that starts low and widens while time passes without progress.",
       .make = make<AdaptiveLookup>,
       .defaults = {.alpha = AdaptiveLookup::kDefaultAlpha}},
      {.name = "go-kademlia",
       .help = "As go-kademlia: a window of alpha, a time limit for each contact, late answers.",
       .make = make<GoKademliaLookup>,
       .defaults = {.contact_timeout = GoKademliaLookup::kDefaultContactTimeout},
       .reads = {.contact_timeout = true}},
      {.name = "go-libp2p",
       .help = "As go-libp2p-kad-dht: a window until the beta nearest answered, then the rest of "
               "the result at once.",
       .make = make<GoLibp2pLookup>,
       .defaults = {.alpha = GoLibp2pLookup::kDefaultAlpha, .beta = GoLibp2pLookup::kDefaultBeta}},
      {.name = "kademlia-2002",
       .help = "As in the paper: rounds of alpha, of all the k nearest after one that named "
               "no nearer contact.",
       .make = make<Kademlia2002Lookup>,
       .reads = {.contact_timeout = true}},
      {.name = "lock-step",
       .help = "As sliding-window, but alpha are asked at once, and the next when all have ended.",
       .make = make<LockStepLookup>},
      {.name = "py-dht",
       .help = "As py-dht: its own lookup, defects included, resolved at its start instant.",
       .make = make<PyDhtLookup>,
       .defaults = {.steps_to_stop = PyDhtLookup::kDefaultStepsToStop}},
      {.name = "py-libp2p",
       .help = "As py-libp2p: rounds of alpha in lock step, until one changes nothing.",
       .make = make<PyLibp2pLookup>,
       .defaults = {.alpha = PyLibp2pLookup::kDefaultAlpha},
       .reads = {.contact_timeout = true, .max_rounds = true}},
      {.name = "py-libp2p-window",
       .help = "As py-libp2p, but a round asks its whole list, alpha at a time.",
       .make = make<PyLibp2pWindowLookup>,
       .defaults = {.alpha = PyLibp2pLookup::kDefaultAlpha},
       .reads = {.contact_timeout = true, .max_rounds = true}},
      {.name = "rust-libp2p",
       .help = "As rust-libp2p: a window of alpha, of the number of results while it is stalled.",
       .make = make<RustLibp2pLookup>,
       .defaults = {.contact_timeout = RustPath::kDefaultContactTimeout},
       .reads = {.contact_timeout = true}},
      {.name = "rust-libp2p-disjoint",
       .help = "As rust-libp2p with disjoint paths: alpha lookups that share no contact.",
       .make = make<RustLibp2pDisjointLookup>,
       .defaults = {.contact_timeout = RustPath::kDefaultContactTimeout},
       .reads = {.contact_timeout = true}},
      {.name = "sliding-window",
       .help = "Alpha contacts being asked at any time, nearest first, until the beta nearest "
               "answered.",
       .make = make<SlidingWindowLookup>},
      {.name = "synchronous-rounds",
       .help = "Rounds in lock step, stopped by an oracle that knows the closest nodes (RFM19.1).",
       .make = make<SynchronousRoundsLookup>,
       .reads = {.oracle_rounds = true}},
  };
  return strategies;
}

}  // namespace

std::span<const StrategyInfo> lookup_strategies() { return registry(); }

void register_lookup_strategy(const StrategyInfo& strategy) {
  std::vector<StrategyInfo>& strategies = registry();
  const auto at = std::ranges::lower_bound(strategies, strategy.name, {}, &StrategyInfo::name);
  KADSIM_ASSERT(!strategy.name.empty() && (at == strategies.end() || at->name != strategy.name),
                "a lookup strategy needs a name that no other one has");
  strategies.insert(at, strategy);
}

const StrategyInfo* find_lookup_strategy(std::string_view name) {
  const auto at = std::ranges::find(registry(), name, &StrategyInfo::name);
  return at == registry().end() ? nullptr : &*at;
}

std::unique_ptr<LookupStrategy> make_lookup_strategy(std::string_view name) {
  const StrategyInfo* strategy = find_lookup_strategy(name);
  return strategy == nullptr ? nullptr : strategy->make();
}

}  // namespace kadsim
