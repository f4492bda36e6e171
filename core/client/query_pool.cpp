#include "core/client/query_pool.hpp"

#include "core/base/assert.hpp"

#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kQueryTimeout{"query timeout"};
constexpr Duration kTick = Duration::nanoseconds(1);

}  // namespace

SimTime QueryPool::due(const QueryOptions& options, SimTime since) {
  const SimTime limit = since + *options.timeout;
  return options.deadline == DeadlineRule::kAt ? limit : limit + kTick;
}

void QueryPool::arrive(const OperationRequest& request, OperationListener& listener,
                       std::uint64_t tag) {
  const SimTime now = scheduler_.now();
  const PeerRef origin = request.origin;
  const QueryOptions& options = runner_.queries_of(origin);
  Client& client = clients_[origin.value];
  if (has_room(options, client) && client.line.empty()) {
    start(client, request, listener, tag, now);
    return;
  }
  client.line.push_back({.request = request,
                         .seeds = {request.seeds.begin(), request.seeds.end()},
                         .listener = &listener,
                         .tag = tag,
                         .arrival = now,
                         .timer = {}});
  ++waiting_;
  if (!options.timeout.has_value() || options.timeout_from != TimeoutFrom::kArrival) return;
  const auto query = std::prev(client.line.end());
  query->timer =
      scheduler_.of(origin.value).first_at(due(options, now), kQueryTimeout, [this, origin, query] {
        query->timer = EventId{};
        end_waiting(origin, query, OperationStatus::kTimeout);
      });
}

void QueryPool::start(Client& client, const OperationRequest& request, OperationListener& listener,
                      std::uint64_t tag, SimTime arrival) {
  ++client.running;
  const QueryOptions& options = runner_.queries_of(request.origin);
  const std::uint32_t slot = runner_.take_slot();
  if (options.timeout.has_value()) {
    if (timers_.size() <= slot) timers_.resize(slot + 1);
    const bool waiting_counts = options.timeout_from == TimeoutFrom::kArrival;
    // Scheduled before anything of the query itself, so that at no instant an event of the query
    // comes before the timer.
    timers_[slot] = scheduler_.of(request.origin.value)
                        .first_at(due(options, waiting_counts ? arrival : scheduler_.now()),
                                  kQueryTimeout, [this, slot] {
                                    timers_[slot] = EventId{};
                                    runner_.time_out(slot);
                                  });
  }
  runner_.run(slot, request, listener, tag, arrival);
}

void QueryPool::ended(PeerRef origin, std::uint32_t slot) {
  if (slot < timers_.size()) scheduler_.cancel(std::exchange(timers_[slot], EventId{}));
  const auto at = clients_.find(origin.value);
  KADSIM_ASSERT(at != clients_.end() && at->second.running > 0,
                "a query has ended that the pool has not started");
  Client& client = at->second;
  --client.running;
  if (!client.line.empty()) {
    Query next = std::move(client.line.front());
    client.line.pop_front();
    --waiting_;
    scheduler_.cancel(next.timer);
    next.request.seeds = next.seeds;
    start(client, next.request, *next.listener, next.tag, next.arrival);
  } else if (client.running == 0) {
    clients_.erase(at);
  }
}

void QueryPool::end_waiting(PeerRef origin, Line::iterator query, OperationStatus status) {
  // The query stands in line behind running ones, so the entry of its client stays.
  const Query over = std::move(*query);
  clients_[origin.value].line.erase(query);
  --waiting_;
  scheduler_.cancel(over.timer);
  OperationOutcome outcome;
  outcome.request = over.request;
  outcome.request.seeds = {};
  outcome.status = status;
  outcome.start = over.arrival;
  outcome.end = scheduler_.now();
  outcome.queued = outcome.end - outcome.start;
  over.listener->on_operation_end(over.tag, outcome);
}

void QueryPool::cut_off() {
  for (auto& [origin, client] : clients_) {
    for (std::size_t left = client.line.size(); left > 0; --left) {
      end_waiting({origin}, client.line.begin(), OperationStatus::kUnfinished);
    }
  }
}

}  // namespace kadsim
