#include "core/resource/notices.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {

void Notices::leaf_ends(const OwnershipGraph& graph, std::uint32_t leaf, EndReason reason,
                        bool told) {
  const LeafNode& node = graph.leaves[leaf];
  Ended ended;
  ended.what = ResourceId{leaf, node.generation};
  ended.reason = reason;
  if (told) ended.listener = {node.listener, node.tag};
  if (reason == EndReason::kRevoked) {
    for (const std::uint32_t owner : graph.all_above(node.owners)) {
      const OwnerNode& above = graph.owners[owner];
      if (above.listener != nullptr)
        ended.above.push_back({{owner, above.generation}, {above.listener, above.tag}});
    }
  }
  if (ended.listener.listener == nullptr && ended.above.empty()) return;
  ended.rank = graph.rank(leaf);
  ended_.push_back(std::move(ended));
}

void Notices::owner_ends(const OwnershipGraph& graph, std::uint32_t owner, EndReason reason,
                         bool told) {
  const OwnerNode& node = graph.owners[owner];
  if (!told || node.listener == nullptr) return;
  ended_.push_back({OwnerId{owner, node.generation},
                    {node.priority, owner},
                    reason,
                    {node.listener, node.tag},
                    {}});
}

void Notices::wait_over(WaiterId waiter, Refusal refusal, ResourceId resource,
                        ResourceListener* listener, std::uint64_t tag) {
  if (listener != nullptr) waits_.push_back({waiter, refusal, resource, {listener, tag}});
}

void Notices::tell(const OwnershipGraph& graph) {
  std::vector<Ended> ended = std::exchange(ended_, {});
  const std::vector<Wait> waits = std::exchange(waits_, {});
  std::stable_sort(ended.begin(), ended.end(), [](const Ended& a, const Ended& b) {
    if (a.what.is_owner() != b.what.is_owner()) return b.what.is_owner();
    return a.rank < b.rank;
  });
  telling_ = true;
  struct Over {  // also when a listener throws
    bool& telling;
    ~Over() { telling = false; }
  } over{telling_};
  for (const Ended& end : ended) {
    if (end.listener.listener != nullptr)
      end.listener.listener->on_ended(end.what, end.reason, end.listener.tag);
    for (const Above& above : end.above) {
      if (graph.owners[above.owner.slot].generation == above.owner.generation)
        above.listener.listener->on_revoked_below(above.owner, end.what.resource(),
                                                  above.listener.tag);
    }
  }
  for (const Wait& wait : waits) {
    wait.listener.listener->on_wait_over(wait.waiter, wait.refusal, wait.resource,
                                         wait.listener.tag);
  }
}

}  // namespace kadsim
