// The part of DialledConnections for dials that find no room: their wait in the manager's line, and
// the connections without a user that are closed to make room.

#include "core/limit/dialled_connections.hpp"

#include <algorithm>

namespace kadsim {
namespace {

constexpr EventKind kConnectionNews{"connection"};

}  // namespace

DialledConnections::Entry DialledConnections::wait(Node& node, const Interaction& dial,
                                                   GateListener& listener, std::uint64_t tag) {
  const SimTime deadline = parts_.rule.wait_end(parts_.scheduler.now(), dial.deadline);
  if (deadline > parts_.scheduler.now()) {
    const AddedOrWaiting added = manager(node).add_with_deadline(
        owners(node).operation(dial.operation),
        {.resource_class = kConnections, .listener = this, .tag = dial.from.value}, deadline);
    if (added.resource != ResourceId{}) {
      hold(node, dial, added.resource);
      ++counts_.dials.entered;
      return Entry::kMayDial;
    }
    if (added.refusal == Refusal::kNone) {
      owners(node).claim(dial.operation);  // its owner stays until the wait is over
      node.waits[added.waiter.number] = {dial, &listener, tag, {}};
      ++counts_.dials.waited;
      return Entry::kWaits;
    }
  }
  ++counts_.dials.refused;
  return Entry::kRefused;
}

bool DialledConnections::give_way(Node& node) {
  const LeastRecent& first = node.idle.empty() ? node.spare : node.idle;
  if (first.empty()) return false;
  close(node, first.begin()->second);
  ++counts_.collected;
  return true;
}

void DialledConnections::let_waiters_in(Node& node) {
  const auto waits = [&node] {
    return std::ranges::any_of(
        node.waits, [](const auto& wait) { return wait.second.connection == ResourceId{}; });
  };
  const auto limit = manager(node).limit(manager(node).root(), kConnections);
  if (!limit.has_value()) return;
  while (waits() && manager(node).used(manager(node).root(), kConnections) >= limit->units) {
    if (!give_way(node)) return;
  }
}

void DialledConnections::on_wait_over(WaiterId waiter, Refusal refusal, ResourceId resource,
                                      std::uint64_t tag) {
  const PeerRef at{static_cast<std::uint32_t>(tag)};
  const bool granted = refusal == Refusal::kNone;
  node_of(at).waits.at(waiter.number).connection = resource;
  parts_.scheduler.of(at.value).at(
      parts_.scheduler.now(), kConnectionNews,
      [this, at, number = waiter.number, granted] { wait_over(at, number, granted); });
}

void DialledConnections::wait_over(PeerRef at, std::uint64_t waiter, bool granted) {
  Node& node = node_of(at);
  const Wait wait = node.waits.at(waiter);
  node.waits.erase(waiter);
  const bool entered = granted && wait.connection != ResourceId{};
  if (entered) {
    if (!node.contacts.contains(wait.dial.to.value)) {
      hold(node, wait.dial, wait.connection);
    } else {  // another operation has dialled it meanwhile
      manager(node).destroy(wait.connection);
      use(node, wait.dial);
    }
  }
  ++(!entered                    ? counts_.dials.refused
     : is_open(at, wait.dial.to) ? counts_.reused
                                 : counts_.dials.entered);
  owners(node).unclaim(wait.dial.operation);
  wait.listener->on_gate(wait.tag, entered ? GateNews::kEntered : GateNews::kRefused);
}

}  // namespace kadsim
