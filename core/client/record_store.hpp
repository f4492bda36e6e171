#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>

#include "core/client/client_options.hpp"
#include "core/client/details_by_key.hpp"
#include "core/hash/hash.hpp"
#include "core/wire/record.hpp"
#include "core/wire/record_details.hpp"

namespace kadsim {

/// The records that one node holds for others, by key, within limits. Limits as in rust-libp2p's
/// memory store: so many records, values up to so many bytes. A record is never replaced by an
/// older one, as in py-libp2p and go-libp2p-kad-dht.
///
/// A record may carry details (RecordDetails), and an expiry among them. Every call that reads or
/// stores is told the time, which never goes back, and answers as if each record had been dropped
/// at the instant at which it was gone. When that is done is a matter of memory alone: `store` and
/// `expire` do it.
///
/// O(log n) a call, n = records, and O(log n) for each record dropped. Without details a store
/// takes the memory of its records and one pointer.
class RecordStore {
 public:
  /// `details`: what the record carries besides; null: nothing. False, and nothing changes, if the
  /// value is too large, the key is new and the store is full, the record held is better, or the
  /// new one has expired already. The version that is held already is accepted too, and changes
  /// nothing unless it brings details: then it takes the place of the one held, which so is
  /// renewed. Version 0 says nothing about which is newer: a record of it always takes the place of
  /// another, details and all.
  bool store(const Segment& segment, const RecordDetails* details, const RecordLimits& limits,
             SimTime now) {
    expire(now);
    if (segment.bytes > limits.max_value_bytes) return false;
    if (details != nullptr && details->is_gone(now)) return false;
    const auto known = records_.find(segment.key);
    if (known == records_.end()) {
      if (records_.size() >= limits.max_records) return false;
      records_.emplace(segment.key, segment.record());
    } else {
      Record& held = known->second;
      if (held.better_than(segment.record())) return false;
      const bool same = held.version == segment.version && held.version > 0;
      if (same && details == nullptr) return true;
      held = segment.record();
    }
    set_details(segment.key, details, now);
    return true;
  }

  /// The record under `key`, if there is one.
  [[nodiscard]] std::optional<Record> find(const Hash& key, SimTime now) const {
    const auto found = records_.find(key);
    if (found == records_.end() || is_gone(key, now)) return std::nullopt;
    return found->second;
  }
  /// What the record under `key` carries besides; null: nothing, or there is no record. Valid until
  /// the store changes.
  [[nodiscard]] const RecordDetails* details(const Hash& key, SimTime now) const {
    return details_ == nullptr || is_gone(key, now) ? nullptr : details_->find(key);
  }

  /// The first instant at which a record that is kept is gone: a call of `expire` at that instant
  /// drops one, and a call before it drops none. None: no record ever expires.
  [[nodiscard]] std::optional<SimTime> next_expiry() const {
    return details_ == nullptr ? std::nullopt : details_->next_expiry();
  }
  /// Drops all records that are gone by `now`. Returns how many these were.
  std::size_t expire(SimTime now) {
    if (details_ == nullptr) return 0;
    std::size_t dropped = 0;
    while (const auto key = details_->take_gone(now)) dropped += records_.erase(*key);
    return dropped;
  }

  /// Records that are kept: those that are gone and not dropped yet count too.
  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  [[nodiscard]] bool is_gone(const Hash& key, SimTime now) const {
    if (details_ == nullptr) return false;
    const RecordDetails* found = details_->find(key);
    return found != nullptr && found->is_gone(now);
  }
  void set_details(const Hash& key, const RecordDetails* details, SimTime now) {
    if (details != nullptr) {
      if (details_ == nullptr) details_ = std::make_unique<DetailsByKey>();
      RecordDetails held = *details;
      held.stored_at = now;
      details_->set(key, held);
    } else if (details_ != nullptr) {
      details_->erase(key);
    }
  }

  std::map<Hash, Record> records_;
  std::unique_ptr<DetailsByKey> details_;  // null: no record has carried any yet
};

}  // namespace kadsim
