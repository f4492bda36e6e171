// What a call on the resource graph costs, with so many leaves in it: 1,000 and 100,000 of them,
// 100 to an owner, each owner below one of ten services, which are below the root.

#include "core/resource/resource_manager.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

namespace {

using namespace kadsim;

struct Graph {
  Scheduler scheduler;
  NetworkScheduler nodes{scheduler, 1};
  ResourceManager manager{nodes.of(0)};
  std::vector<OwnerId> services;
  std::vector<OwnerId> owners;
  std::vector<ResourceId> leaves;

  Graph(std::int64_t count, Charging charging, bool second_owners) {
    for (int i = 0; i < 10; ++i)
      services.push_back(
          manager.add_owner(manager.root(), {.name = "service", .charging = charging}).owner);
    for (std::int64_t i = 0; i < count; ++i) {
      if (i % 100 == 0) {
        const std::size_t service = static_cast<std::size_t>(i / 100) % 10;
        owners.push_back(
            manager.add_owner(services[service], {.name = "owner", .charging = charging}).owner);
        if (second_owners) manager.add_resource(services[(service + 1) % 10], owners.back(), {});
      }
      leaves.push_back(
          manager.try_add(owners.back(), stream(1 + static_cast<std::uint32_t>(i % 7))).resource);
    }
  }

  // Each benchmark ends with as many leaves as it began with, or it measured something else.
  void done(benchmark::State& state) const {
    if (manager.used(manager.root(), kStreams) != state.range(0))
      state.SkipWithError("leaves were lost or added");
    state.SetItemsProcessed(state.iterations());
  }

  static ResourceOptions stream(std::uint32_t priority) {
    ResourceOptions options;
    options.resource_class = kStreams;
    options.priority = EdgePriority::of(priority);
    return options;
  }
};

// A leaf comes and goes where there is room.
void resource_add_destroy(benchmark::State& state, Charging charging) {
  Graph graph(state.range(0), charging, false);
  std::size_t next = 0;
  for (auto _ : state) {
    const OwnerId owner = graph.owners[next++ % graph.owners.size()];
    const ResourceId leaf = graph.manager.add_resource(owner, Graph::stream(8)).resource;
    graph.manager.destroy(leaf);
  }
  graph.done(state);
}

// A leaf moves to another owner and back: two calls.
void resource_move(benchmark::State& state) {
  Graph graph(state.range(0), Charging::kOne, false);
  std::size_t next = 0;
  for (auto _ : state) {
    const std::size_t leaf = next++ % graph.leaves.size();
    graph.manager.try_move_resource(graph.leaves[leaf], graph.services.back());
    graph.manager.try_move_resource(graph.leaves[leaf], graph.owners[leaf / 100]);
  }
  graph.done(state);
}

// The root is full: each newcomer displaces the lowest leaf of all.
void resource_revoke(benchmark::State& state) {
  Graph graph(state.range(0), Charging::kOne, false);
  graph.manager.set_limit(graph.manager.root(), kStreams, {.units = state.range(0)});
  std::size_t next = 0;
  std::uint32_t priority = 10;
  for (auto _ : state) {
    const OwnerId owner = graph.owners[next++ % graph.owners.size()];
    if (next % 10'000 == 0) priority = priority % 65000 + 1;
    benchmark::DoNotOptimize(graph.manager.add_resource(owner, Graph::stream(priority)));
  }
  graph.done(state);
}

// The root is full: a newcomer that may not revoke is refused.
void resource_refuse(benchmark::State& state) {
  Graph graph(state.range(0), Charging::kOne, true);
  graph.manager.set_limit(graph.manager.root(), kStreams, {.units = state.range(0)});
  std::size_t next = 0;
  for (auto _ : state) {
    const OwnerId owner = graph.owners[next++ % graph.owners.size()];
    benchmark::DoNotOptimize(graph.manager.try_add(owner, Graph::stream(9)));
  }
  graph.done(state);
}

// Each owner has two services, in a ring, and one place is free in all of it. Newcomers ask on
// either side in turn, so that each makes others move along: a maximum flow decides.
void resource_rehome(benchmark::State& state) {
  Graph graph(state.range(0), Charging::kOne, true);
  for (std::size_t i = 0; i < graph.services.size(); ++i) {
    const Units used = graph.manager.used(graph.services[i], kStreams);
    graph.manager.set_limit(graph.services[i], kStreams, {.units = used + (i == 5 ? 1 : 0)});
  }
  std::size_t next = 0;
  for (auto _ : state) {
    const OwnerId owner = graph.owners[next++ % 2 == 0 ? 0 : 5];
    const AddedResource added = graph.manager.try_add(owner, Graph::stream(9));
    if (added.refusal != Refusal::kNone) {
      state.SkipWithError("there is room, by way of others");
      return;
    }
    graph.manager.destroy(added.resource);
  }
  graph.done(state);
}

void resource_add_destroy_one(benchmark::State& state) {
  resource_add_destroy(state, Charging::kOne);
}
void resource_add_destroy_all(benchmark::State& state) {
  resource_add_destroy(state, Charging::kAll);
}

}  // namespace

BENCHMARK(resource_add_destroy_one)->Arg(1'000)->Arg(100'000);
BENCHMARK(resource_add_destroy_all)->Arg(1'000)->Arg(100'000);
BENCHMARK(resource_move)->Arg(1'000)->Arg(100'000);
BENCHMARK(resource_revoke)->Arg(1'000)->Arg(100'000);
BENCHMARK(resource_refuse)->Arg(1'000)->Arg(100'000);
BENCHMARK(resource_rehome)->Arg(1'000)->Arg(100'000);
