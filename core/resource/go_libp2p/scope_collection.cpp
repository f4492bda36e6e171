// Which scopes a ScopeManager has by name, and how it collects those without references.

#include <map>

#include "core/resource/go_libp2p/scope_manager.hpp"

namespace kadsim::go_libp2p {
namespace {

std::vector<std::string> names_of(const std::map<std::string, ScopeId, std::less<>>& scopes) {
  std::vector<std::string> names;
  for (const auto& [name, id] : scopes) names.push_back(name);
  return names;
}

}  // namespace

std::vector<std::string> ScopeManager::services() const { return names_of(services_); }
std::vector<std::string> ScopeManager::protocols() const { return names_of(protocols_); }
std::vector<std::string> ScopeManager::peers() const { return names_of(peers_); }

void ScopeManager::schedule_collection() {
  if (collection_ != EventId{}) return;
  const std::int64_t rounds = (scheduler_.now() - made_).ns() / kCollectEvery.ns() + 1;
  collection_ = scheduler_.at(made_ + kCollectEvery * rounds, EventKind{"scope collection"},
                              [this] { collect(); });
}

void ScopeManager::collect() {
  collection_ = {};
  collect_from(protocols_);
  collect_from(peers_);
  std::erase_if(parts_, [this](const auto& part) {
    const auto& [peer, whole] = part.first;
    if (alive(peer) && alive(whole)) return false;
    end(part.second);
    return true;
  });
}

void ScopeManager::collect_from(ByName& scopes) {
  std::erase_if(scopes, [this](const auto& named) {
    const Scope& scope = at(named.second);
    if (scope.references > 0 || scope.sticky) return false;
    end(named.second);
    return true;
  });
}

}  // namespace kadsim::go_libp2p
