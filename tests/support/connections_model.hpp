#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <variant>
#include <vector>

#include "core/limit/dialled_connections.hpp"

/// The rule at DialledConnections for one node, as plain lists that are walked at every step.
namespace kadsim::testing {

using Entry = DialledConnections::Entry;
using Counts = ConnectionCounts;

inline constexpr PeerRef kNode{2};
constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

inline bool may_wait(const OnLimit& on_limit) {
  return std::holds_alternative<on_limit::Wait>(on_limit) ||
         std::holds_alternative<on_limit::WaitFor>(on_limit);
}

struct Told {
  std::uint64_t tag;
  GateNews news;
  bool operator==(const Told&) const = default;
};

/// What the node should do. Connections are numbered in the order of their beginnings.
struct ConnectionsModel {
  struct Link {
    std::uint64_t number;
    std::uint32_t contact;
    std::set<std::uint64_t> users;  // operations
    int dials = 0;
    bool open = false;
    bool kept = false;
    SimTime unused_since{};
  };
  struct Use {
    std::uint64_t number;
    std::uint64_t link;
    int shares;
  };
  struct Waiting {
    std::uint64_t operation;
    std::uint32_t contact;
    std::uint64_t tag;
    SimTime deadline;
    std::uint64_t link = 0;  // once it is granted; 0 again if that is revoked
  };
  using UseKey = std::pair<std::uint64_t, std::uint32_t>;  // operation and contact

  RoutingTable table;
  unsigned k;
  WaitRule rule;
  bool may_wait;
  Duration collect_after;
  Duration review_every;
  std::size_t limit;

  SimTime now{};
  std::vector<Link> links{};
  std::map<UseKey, Use> uses{};
  std::deque<Waiting> line{};
  std::deque<Waiting> granted{};
  std::vector<Told> told{};
  Counts counts{};
  std::uint64_t last = 0;
  SimTime last_review{};

  Link* find(std::uint32_t contact) {
    const auto at = std::ranges::find(links, contact, &Link::contact);
    return at == links.end() ? nullptr : &*at;
  }
  void erase(std::uint64_t number) {
    std::erase_if(links, [&](const Link& link) { return link.number == number; });
  }
  static bool holds(const Waiting& waiting) { return waiting.link != 0; }
  std::size_t held() const {
    return links.size() + static_cast<std::size_t>(std::ranges::count_if(granted, holds));
  }
  bool full() const { return held() >= limit; }
  void grant() {
    while (!line.empty() && !full()) {
      line.front().link = ++last;
      granted.push_back(line.front());
      line.pop_front();
    }
  }
  bool due(const Link& link) const {
    return link.users.empty() && !link.kept && link.unused_since + collect_after <= now;
  }
  void collect() {
    counts.collected += std::erase_if(links, [&](const Link& link) { return due(link); });
    grant();
  }
  bool give_way() {
    const auto rank = [](const Link& link) {
      return std::tuple(!link.users.empty(), link.kept, link.unused_since, link.contact);
    };
    const auto first = std::ranges::min_element(links, {}, rank);
    if (first == links.end() || !first->users.empty()) return false;
    erase(first->number);
    ++counts.collected;
    grant();
    return true;
  }

  void begin(std::uint64_t operation, std::uint32_t contact, std::uint64_t link) {
    links.push_back({.number = link, .contact = contact, .users = {operation}});
    uses[{operation, contact}] = {++last, link, 1};
  }
  void use(std::uint64_t operation, Link& link) {
    const auto at = uses.find({operation, link.contact});
    if (at != uses.end() && at->second.link == link.number) {
      ++at->second.shares;
      return;
    }
    uses[{operation, link.contact}] = {++last, link.number, 1};
    link.users.insert(operation);
  }
  std::uint64_t use_of(std::uint64_t operation, std::uint32_t contact) const {
    const auto at = uses.find({operation, contact});
    return at == uses.end() ? 0 : at->second.number;
  }
  void end_use(UseKey key) {
    const Use over = uses.at(key);
    uses.erase(key);
    Link* const link = find(key.second);
    if (link == nullptr || link->number != over.link) return;
    link->users.erase(key.first);
    if (!link->users.empty()) return;
    link->unused_since = now;
    if (!link->open && link->dials == 0) erase(link->number);
    grant();
  }
  void make_room_for_waiters() {
    const auto any_without_room = [this] {
      return !line.empty() || !std::ranges::all_of(granted, holds);
    };
    while (any_without_room() && full() && give_way()) {
    }
  }

  Entry connect(std::uint64_t operation, std::uint32_t contact, std::uint64_t tag,
                SimTime deadline) {
    collect();
    if (Link* const link = find(contact)) {
      use(operation, *link);
      ++(link->open ? counts.reused : counts.dials.entered);
      return link->open ? Entry::kConnected : Entry::kMayDial;
    }
    if (line.empty() && granted.empty()) {
      while (full() && give_way()) {
      }
    }
    if (!full()) {
      begin(operation, contact, ++last);
      ++counts.dials.entered;
      return Entry::kMayDial;
    }
    if (!may_wait) {
      ++counts.dials.refused;
      return Entry::kRefused;
    }
    line.push_back({operation, contact, tag, rule.wait_end(now, deadline)});
    ++counts.dials.waited;
    return Entry::kWaits;
  }
  bool dialled(std::uint64_t number, std::uint32_t contact, bool connected) {
    Link* const link = find(contact);
    if (link == nullptr || link->number != number) return false;
    --link->dials;
    if (connected) {
      link->open = true;
      const unsigned index = table.bucket_index({contact});
      const auto kept = std::ranges::count_if(links, [&](const Link& other) {
        return other.kept && table.bucket_index({other.contact}) == index;
      });
      link->kept = link->kept || (table.contains({contact}) && kept < static_cast<int>(k));
    } else if (!link->open && link->dials == 0 && link->users.empty()) {
      erase(number);
      grant();
    }
    return true;
  }
  void release(std::uint64_t operation, std::uint32_t contact, std::uint64_t use) {
    if (use == 0 || use_of(operation, contact) != use) return;
    if (--uses.at({operation, contact}).shares > 0) return;
    end_use({operation, contact});
    make_room_for_waiters();
  }
  void operation_over(std::uint64_t operation) {
    for (std::uint32_t contact = 0; contact < 100; ++contact) {
      if (uses.contains({operation, contact})) end_use({operation, contact});
    }
    make_room_for_waiters();
    if (now < last_review + review_every) return;
    last_review = now;
    collect();
    for (Link& link : links) link.kept = link.kept && table.contains({link.contact});
  }
  // Idle ones are revoked first, then any, each time the newest.
  void set_limit(std::size_t connections) {
    limit = connections;
    while (held() > limit) revoke_lowest();
    grant();
  }
  void revoke_lowest() {
    const auto rank = [](const Link& link) {
      return std::pair(link.users.empty() && !link.kept, link.number);
    };
    const auto lowest = std::ranges::max_element(links, {}, rank);
    const auto newest = std::ranges::max_element(granted, {}, &Waiting::link);
    const bool in_line = newest != granted.end() && holds(*newest);
    if (in_line && (lowest == links.end() || rank(*lowest) < std::pair(false, newest->link))) {
      newest->link = 0;
      return;
    }
    erase(lowest->number);
    ++counts.dials.revoked;
  }

  // What happens by itself, now.
  void settle() {
    while (!granted.empty()) {
      const Waiting entered = granted.front();
      granted.pop_front();
      if (!holds(entered)) {
        ++counts.dials.refused;
        told.push_back({entered.tag, GateNews::kRefused});
        continue;
      }
      Link* link = find(entered.contact);
      if (link == nullptr) {
        begin(entered.operation, entered.contact, entered.link);
        link = &links.back();
      } else {
        grant();
        use(entered.operation, *link);
      }
      ++(link->open ? counts.reused : counts.dials.entered);
      if (!link->open) ++link->dials;
      told.push_back({entered.tag, GateNews::kEntered});
    }
  }
  void pass(SimTime until) {
    while (!line.empty()) {
      const auto first = std::ranges::min_element(line, {}, &Waiting::deadline);
      if (first->deadline > until) break;
      told.push_back({first->tag, GateNews::kRefused});
      ++counts.dials.refused;
      line.erase(first);
    }
    now = until;
  }
  Counts counts_now() const {
    Counts all = counts;
    for (const Link& link : links) all.collected += due(link) ? 1U : 0U;
    return all;
  }
};

}  // namespace kadsim::testing
