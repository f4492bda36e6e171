#pragma once

#include <cstdint>
#include <optional>

#include "core/hash/hash.hpp"

namespace kadsim {

/// What a node holds under a key: a size and a version. What it may carry besides, its value among
/// them, is in core/wire/record_details.hpp. Of two records of one key the one with the higher
/// version is the better; equal versions are the same record. Version 0 says that the record has no
/// versions: a later one takes its place.
struct Record {
  std::uint32_t bytes = 0;
  std::uint32_t version = 0;

  [[nodiscard]] bool better_than(const Record& other) const { return version > other.version; }
  bool operator==(const Record&) const = default;
};

/// A record with its key, on its way to a store.
struct Segment {
  Hash key;
  std::uint32_t bytes = 0;
  std::uint32_t version = 0;

  [[nodiscard]] Record record() const { return {bytes, version}; }
};

/// The record on its way to a store, under this key.
[[nodiscard]] inline Segment segment_of(const Hash& key, const Record& record) {
  return {key, record.bytes, record.version};
}

// Many are held, and copied with each request: what only a few carry stands in RecordDetails.
static_assert(sizeof(Record) == 8 && sizeof(Segment) == sizeof(Hash) + sizeof(Record));

}  // namespace kadsim
