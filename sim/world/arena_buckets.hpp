#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/table/bucket_store.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// Buckets of all nodes of time 0 in one block of memory, 4 bytes a contact, written once when the network is built.
/// A changed bucket gets a private copy on top. Nodes that join later have owned buckets only.
///
/// Layout: contacts of peer p, bucket by bucket, from entry_begin[p] on; its bucket b ends at
/// bucket_ends[bucket_begin[p] + b], counted from entry_begin[p].
class ArenaBuckets final : public BucketStore {
 public:
  explicit ArenaBuckets(unsigned k) : changed_(k) {}

  /// Makes room for tables of this layout; their contacts are not written yet.
  void allocate(std::vector<std::uint64_t> entry_begin, std::vector<std::uint64_t> bucket_begin,
                std::vector<std::uint32_t> bucket_ends);
  /// The place of the contacts of one bucket, to be filled once by the builder.
  [[nodiscard]] std::span<PeerRef> place(PeerRef owner, unsigned index);

  [[nodiscard]] std::span<const PeerRef> bucket(PeerRef owner, unsigned index) const override;
  [[nodiscard]] unsigned depth(PeerRef owner) const override;
  KBucket& edit(PeerRef owner, unsigned index) override;

  /// Contacts in the arena, and bytes it takes.
  [[nodiscard]] std::uint64_t entries() const { return entry_begin_.empty() ? 0 : entry_begin_.back(); }
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  [[nodiscard]] std::uint32_t initial() const {
    return entry_begin_.empty() ? 0 : static_cast<std::uint32_t>(entry_begin_.size() - 1);
  }
  [[nodiscard]] unsigned arena_depth(PeerRef owner) const;
  [[nodiscard]] std::span<PeerRef> in_arena(PeerRef owner, unsigned index) const;

  std::vector<std::uint64_t> entry_begin_;   // one a peer, and the end
  std::vector<std::uint64_t> bucket_begin_;  // likewise
  std::vector<std::uint32_t> bucket_ends_;
  std::unique_ptr<PeerRef[]> entries_;
  OwnedBuckets changed_;
};

}  // namespace kadsim
