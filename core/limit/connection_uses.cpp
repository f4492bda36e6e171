#include "core/limit/connection_uses.hpp"

namespace kadsim {

ConnectionUses::Id ConnectionUses::of(const Key& key) const {
  const auto use = uses_.find(key);
  return use == uses_.end() ? Id{} : use->second.id;
}

bool ConnectionUses::share(const Key& key, ResourceId connection) {
  const auto use = uses_.find(key);
  if (use == uses_.end() || use->second.connection != connection) return false;
  ++use->second.shares;
  return true;
}

bool ConnectionUses::begin(const Key& key, ResourceId connection) {
  return uses_.insert_or_assign(key, Use{{++last_}, connection, 1}).second;
}

std::optional<ConnectionUses::Ended> ConnectionUses::leave(const Key& key, Id id) {
  const auto use = uses_.find(key);
  if (use == uses_.end() || use->second.id != id) return std::nullopt;
  if (--use->second.shares > 0) return std::nullopt;
  return end(use);
}

std::optional<ConnectionUses::Ended> ConnectionUses::end_first(std::uint64_t operation) {
  const auto use = uses_.lower_bound({operation, 0});
  if (use == uses_.end() || use->first.operation != operation) return std::nullopt;
  return end(use);
}

ConnectionUses::Ended ConnectionUses::end(Uses::iterator use) {
  const Ended ended{use->first, use->second.connection};
  uses_.erase(use);
  return ended;
}

}  // namespace kadsim
