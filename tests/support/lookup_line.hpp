#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/lookup/strategies.hpp"
#include "tests/support/small_networks.hpp"

namespace kadsim {

/// A lookup driven by hand, over peers on a line: peer i is at distance i + 1 from the target,
/// which is 0; the origin is farther than all. Options are those of the strategy, but for beta and
/// results, which are out of reach unless a test sets them.
class LookupLine {
 public:
  using Peers = std::vector<std::uint32_t>;

  LookupLine(std::string_view strategy, std::size_t peers)
      : lookup(make_lookup_strategy(strategy)) {
    for (std::size_t i = 0; i < peers; ++i) book_.add(small_hash(i + 1, 16, 0));
    origin_ = book_.add(small_hash(0xffff, 16, 0));
    const StrategyDefaults& defaults = find_lookup_strategy(strategy)->defaults;
    options.alpha = defaults.alpha;
    options.beta = options.results = options.k = 100;
    options.contact_timeout = defaults.contact_timeout;
  }

  void start(const Peers& seeds) {
    lookup->start({.book = &book_, .options = &options, .origin = origin_, .target = Hash()},
                  refs(seeds));
  }
  /// All contacts that are asked now; `last` is what the strategy wants after that.
  Peers asked() {
    Peers contacts;
    for (;;) {
      last = lookup->next(now);
      if (last.kind != LookupStep::Kind::kAsk) return contacts;
      contacts.push_back(last.contact.value);
    }
  }
  Peers asked_at(SimTime time) {
    now = time;
    return asked();
  }
  void answer(std::uint32_t from, const Peers& named = {}) {
    std::vector<NearContact> contacts;
    for (const PeerRef peer : refs(named)) contacts.emplace_back(peer, book_.upper_word(peer));
    lookup->on_answer({from}, {contacts, false}, now);
  }
  void sent(std::uint32_t to) { lookup->on_sent({to}, now); }
  void fail(std::uint32_t contact) { lookup->on_failure({contact}, now); }

  [[nodiscard]] bool waits() const { return last.kind == LookupStep::Kind::kWait; }
  [[nodiscard]] bool finished(LookupEnd end) const {
    return last.kind == LookupStep::Kind::kFinished && last.end == end;
  }
  [[nodiscard]] std::vector<ResultContact> result() const {
    std::vector<ResultContact> contacts;
    lookup->collect(contacts);
    return contacts;
  }
  [[nodiscard]] Peers result_peers() const {
    Peers peers;
    for (const ResultContact& contact : result()) peers.push_back(contact.peer.value);
    return peers;
  }
  [[nodiscard]] PeerRef origin() const { return origin_; }

  /// Plays a lookup from all of `took` as seeds, whose answers name no contact and take so long.
  /// Gives when each was asked, counted from the start of the lookup.
  std::map<std::uint32_t, Duration> play(const std::map<std::uint32_t, Duration>& took) {
    Peers seeds;
    for (const auto& [peer, time] : took) seeds.push_back(peer);
    start(seeds);
    std::map<std::uint32_t, Duration> started;
    std::vector<std::pair<SimTime, std::uint32_t>> under_way;
    now = SimTime();
    for (;;) {
      for (const std::uint32_t peer : asked()) {
        started[peer] = now - SimTime();
        under_way.emplace_back(now + took.at(peer), peer);
      }
      if (!waits()) return started;
      const auto first = std::ranges::min_element(under_way);
      if (first == under_way.end() || last.until < first->first) {
        now = last.until;
        continue;
      }
      now = first->first;
      const std::uint32_t peer = first->second;
      under_way.erase(first);
      answer(peer);
    }
  }

  LookupOptions options;
  std::unique_ptr<LookupStrategy> lookup;
  LookupStep last;
  SimTime now;

 private:
  static std::vector<PeerRef> refs(const Peers& peers) {
    std::vector<PeerRef> contacts;
    for (const std::uint32_t peer : peers) contacts.push_back({peer});
    return contacts;
  }

  PeerBook book_;
  PeerRef origin_;
};

}  // namespace kadsim
