#include "core/resource/waiters.hpp"

#include "core/resource/resource_manager.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

bool urgent(const Waiter& waiter) { return waiter.passed_over >= ResourceManager::kMaxPassedOver; }

bool has(const Route& owners, std::uint32_t owner) {
  return std::find(owners.begin(), owners.end(), owner) != owners.end();
}

bool share_a_limit(const OwnershipGraph& graph, const Route& a, const Route& b, ResourceClass c) {
  return std::any_of(a.begin(), a.end(), [&](std::uint32_t owner) {
    const Account* account = graph.find_account(owner, c);
    return account != nullptr && account->limited && has(b, owner);
  });
}

Route above(const OwnershipGraph& graph, OwnerId owner) {
  return graph.all_above({{owner.slot, {}}});
}

}  // namespace

std::vector<std::uint64_t> Waiters::turns(const OwnershipGraph& graph) const {
  struct Turn {
    bool urgent;
    PathPriority priority;
    std::uint64_t number;
  };
  std::vector<Turn> turns;
  for (const auto& [number, waiter] : waiting_) {
    const Links links{{waiter.owner.slot, waiter.options.priority}};
    turns.push_back({urgent(waiter), graph.priority(links), number});
  }
  std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
    if (a.urgent != b.urgent) return a.urgent;
    return !a.urgent && a.priority > b.priority;
  });
  std::vector<std::uint64_t> numbers;
  for (const Turn& turn : turns) numbers.push_back(turn.number);
  return numbers;
}

bool Waiters::remove(std::uint64_t number) {
  if (is_urgent(number)) --urgent_;
  return waiting_.erase(number) > 0;
}

bool Waiters::is_urgent(std::uint64_t number) const {
  const auto found = waiting_.find(number);
  return found != waiting_.end() && urgent(found->second);
}

bool Waiters::held_back(const OwnershipGraph& graph, std::uint64_t number, OwnerId owner,
                        ResourceClass resource_class, SimTime now) const {
  if (urgent_ == 0) return false;
  for (const auto& [other, waiter] : waiting_) {
    if (other >= number) break;
    if (urgent(waiter) && waiter.deadline > now &&
        waiter.options.resource_class == resource_class &&
        share_a_limit(graph, above(graph, waiter.owner), above(graph, owner), resource_class))
      return true;
  }
  return false;
}

bool Waiters::admitted(const OwnershipGraph& graph, std::uint64_t number,
                       ResourceClass resource_class, const Route& route) {
  bool any_urgent = false;
  for (auto& [other, waiter] : waiting_) {
    if (other >= number) break;
    if (waiter.options.resource_class != resource_class || urgent(waiter)) continue;
    if (!share_a_limit(graph, above(graph, waiter.owner), route, resource_class)) continue;
    ++waiter.passed_over;
    if (urgent(waiter)) {
      any_urgent = true;
      ++urgent_;
    }
  }
  return any_urgent;
}

}  // namespace kadsim
