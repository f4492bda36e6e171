#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/hash/hash.hpp"
#include "core/time/time.hpp"
#include "core/wire/record_details.hpp"

namespace kadsim {

/// Details of records by key, and the order in which these records expire: by time, then by key.
/// O(log n) a call, n = details.
class DetailsByKey {
 public:
  /// Details that the key had before are forgotten.
  void set(const Hash& key, const RecordDetails& details) {
    erase(key);
    by_key_.emplace(key, details);
    if (expires(details)) by_expiry_.emplace(details.gone_at(), key);
  }
  void erase(const Hash& key) {
    const auto known = by_key_.find(key);
    if (known == by_key_.end()) return;
    if (expires(known->second)) by_expiry_.erase({known->second.gone_at(), key});
    by_key_.erase(known);
  }
  /// The details under `key`, expired or not; null: there are none.
  [[nodiscard]] const RecordDetails* find(const Hash& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &found->second;
  }

  /// When the next of them is gone; none: none of them ever is.
  [[nodiscard]] std::optional<SimTime> next_expiry() const {
    if (by_expiry_.empty()) return std::nullopt;
    return by_expiry_.begin()->first;
  }
  /// Forgets the next one that is gone by `now`, and returns its key. None: there is no such one.
  std::optional<Hash> take_gone(SimTime now) {
    if (by_expiry_.empty() || by_expiry_.begin()->first > now) return std::nullopt;
    const Hash key = by_expiry_.begin()->second;
    erase(key);
    return key;
  }

 private:
  static bool expires(const RecordDetails& details) { return details.expires_at < SimTime::max(); }

  std::map<Hash, RecordDetails> by_key_;
  std::set<std::pair<SimTime, Hash>> by_expiry_;
};

}  // namespace kadsim
