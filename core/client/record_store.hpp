#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "core/client/client_options.hpp"
#include "core/hash/hash.hpp"
#include "core/wire/record.hpp"

namespace kadsim {

/// The records that one node holds for others, by key, within limits. Limits as in rust-libp2p's
/// memory store: so many records, values up to so many bytes. A record is never replaced by an
/// older one, as in py-libp2p and go-libp2p-kad-dht.
class RecordStore {
 public:
  /// False, and nothing changes, if the value is too large, the key is new and the store is full,
  /// or the record held is better. True, and nothing changes, if it has that very version already.
  bool store(const Segment& segment, const RecordLimits& limits) {
    if (segment.bytes > limits.max_value_bytes) return false;
    const auto known = records_.find(segment.key);
    if (known == records_.end()) {
      if (records_.size() >= limits.max_records) return false;
      records_.emplace(segment.key, segment.record());
      return true;
    }
    Record& held = known->second;
    if (held.better_than(segment.record())) return false;
    const bool same = held.version == segment.version && held.version > 0;
    if (!same) held = segment.record();
    return true;
  }

  /// The record under `key`, if there is one.
  [[nodiscard]] std::optional<Record> find(const Hash& key) const {
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  std::map<Hash, Record> records_;
};

}  // namespace kadsim
