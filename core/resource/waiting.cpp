// How ResourceEngine serves its waiters.

#include "core/resource/resource_engine.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kResourceTimer{"resource timer"};

}  // namespace

std::optional<Refusal> ResourceEngine::over(const Waiter& waiter) const {
  if (waiter.deadline <= now()) return Refusal::kDeadline;
  if (graph.owners[waiter.owner.slot].generation != waiter.owner.generation)
    return Refusal::kOwnerEnded;
  const LifetimeId within = waiter.options.within;
  if (within.generation != 0 && !lifetimes.alive(within)) return Refusal::kLifetimeEnded;
  return std::nullopt;
}

AddedOrWaiting ResourceEngine::wait(OwnerId owner, const ResourceOptions& options,
                                    SimTime deadline) {
  // If the timer is due, a bucket may just have got what another waiter needs, or a waiter's time
  // may be over. A caller that would not wait is refused without any other change.
  if (timer_time_.has_value() && *timer_time_ <= now() && deadline > now()) serve(true);
  const std::uint64_t number = waiters.next_number();
  if (!waiters.held_back(graph, number, owner, options.resource_class, now())) {
    const AddedResource added = admit(owner, options, Room::kAsItIs);
    if (added.refusal == Refusal::kNone) {
      count_admitted(number, added.resource.slot);
      return {Refusal::kNone, added.resource, {}};
    }
  }
  if (deadline <= now()) return {Refusal::kDeadline, {}, {}};
  waiters.add(number, {owner, options, deadline, 0});
  return {Refusal::kNone, {}, {number}};
}

bool ResourceEngine::count_admitted(std::uint64_t number, std::uint32_t leaf) {
  const LeafNode& node = graph.leaves[leaf];
  // Nothing of a rate is held, so no path is kept.
  return waiters.admitted(graph, number, node.resource_class,
                          node.route.empty() ? graph.all_charged(node.owners) : node.route);
}

void ResourceEngine::serve(bool more_room) {
  std::vector<std::pair<std::uint64_t, Refusal>> refused;
  for (const auto& [number, waiter] : waiters.all()) {
    if (const auto refusal = over(waiter)) refused.emplace_back(number, *refusal);
  }
  for (const auto& [number, refusal] : refused) {
    const ResourceOptions& options = waiters.all().at(number).options;
    notices.wait_over({number}, refusal, {}, options.listener, options.tag);
    more_room |= waiters.is_urgent(number);
    waiters.remove(number);
  }
  // A waiter that becomes urgent changes the order of turns.
  while (more_room && serve_once()) {
  }
}

bool ResourceEngine::serve_once() {
  for (const std::uint64_t number : waiters.turns(graph)) {
    const Waiter waiter = waiters.all().at(number);
    const ResourceClass c = waiter.options.resource_class;
    if (waiters.held_back(graph, number, waiter.owner, c, now())) continue;
    const AddedResource added = admit(waiter.owner, waiter.options, Room::kAsItIs);
    if (added.refusal != Refusal::kNone) continue;
    waiters.remove(number);
    notices.wait_over({number}, Refusal::kNone, added.resource, waiter.options.listener,
                      waiter.options.tag);
    if (count_admitted(number, added.resource.slot)) return true;
  }
  return false;
}

std::optional<SimTime> ResourceEngine::refill_time(const Waiter& waiter) const {
  const ResourceClass c = waiter.options.resource_class;
  const auto at_owner = [&](std::uint32_t owner) -> std::optional<SimTime> {
    const Account* account = graph.find_account(owner, c);
    if (account == nullptr || !account->limited) return now();
    // A share below 256 keeps the rest of the bucket, rounded as PlacementTrial::room does.
    const Units burst = account->bucket.burst();
    const auto part = static_cast<Units>(static_cast<Wide>(burst) * waiter.options.share / 256);
    if (waiter.options.units > part) return std::nullopt;
    return account->bucket.time_of(waiter.options.units + (burst - part), now());
  };
  const auto later = [](std::optional<SimTime> a, std::optional<SimTime> b) {
    return a.has_value() && b.has_value() ? std::max(a, b) : std::nullopt;
  };
  const std::uint32_t first = waiter.owner.slot;
  if (graph.owners[first].charging == Charging::kAll) {
    std::optional<SimTime> time = now();
    for (const std::uint32_t owner : graph.all_charged({{first, {}}}))
      time = later(time, at_owner(owner));
    return time;
  }
  // From the top: the time at which a path from an owner is ready is that of its best owner above,
  // or its own if that is later.
  Route above = graph.all_charged({{first, {}}});
  std::map<std::uint32_t, std::optional<SimTime>> ready;
  const std::vector<std::uint32_t> order = graph.owners_below(OwnershipGraph::kRoot);
  std::sort(above.begin(), above.end());
  for (const std::uint32_t owner : order) {
    if (!std::binary_search(above.begin(), above.end(), owner)) continue;
    const OwnerNode& node = graph.owners[owner];
    std::optional<SimTime> best;
    if (node.owners.empty() || !node.charges_above) {
      best = now();
    } else {
      for (const Link& link : node.owners) {
        const std::optional<SimTime> time = ready[link.owner];
        if (time.has_value() && (!best.has_value() || *time < *best)) best = time;
      }
    }
    ready[owner] = later(best, at_owner(owner));
  }
  return ready[first];
}

bool ResourceEngine::any_waits_for_rate() const {
  return std::any_of(waiters.all().begin(), waiters.all().end(), [this](const auto& waiting) {
    return graph.is_rate(waiting.second.options.resource_class);
  });
}

void ResourceEngine::arm() {
  std::optional<SimTime> wake;
  for (const auto& [number, waiter] : waiters.all()) {
    SimTime time = waiter.deadline;
    if (graph.is_rate(waiter.options.resource_class)) {
      // Only a refill to come: a waiter whose refill is there by now and that was not admitted is
      // held back by another waiter, and gets its turn after that one.
      const std::optional<SimTime> refill = refill_time(waiter);
      if (refill.has_value() && *refill > now()) time = std::min(time, *refill);
    }
    if (!wake.has_value() || time < *wake) wake = time;
  }
  if (wake == timer_time_) return;
  scheduler_.cancel(timer_);
  timer_ = {};
  timer_time_ = wake;
  if (!wake.has_value()) return;
  timer_ = scheduler_.at(*wake, kResourceTimer, [this] {
    timer_ = {};
    timer_time_.reset();
    settled(any_waits_for_rate());
  });
}

}  // namespace kadsim
