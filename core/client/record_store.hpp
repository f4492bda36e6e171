#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "core/client/client_options.hpp"
#include "core/hash/hash.hpp"

namespace kadsim {

/// The segments that one node holds for others, by key, within limits. Only sizes are kept.
/// Limits as in rust-libp2p's memory store: so many records, values up to so many bytes.
class RecordStore {
 public:
  /// False, and nothing changes, if the value is too large, or the key is new and the store is
  /// full. A known key gets the new value.
  bool store(const Hash& key, std::uint32_t bytes, const RecordLimits& limits) {
    if (bytes > limits.max_value_bytes) return false;
    const auto known = records_.find(key);
    if (known == records_.end() && records_.size() >= limits.max_records) return false;
    records_[key] = bytes;
    return true;
  }

  /// Size of the value under `key`, if there is one.
  [[nodiscard]] std::optional<std::uint32_t> find(const Hash& key) const {
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  std::map<Hash, std::uint32_t> records_;
};

}  // namespace kadsim
