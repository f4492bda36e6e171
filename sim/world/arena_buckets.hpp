#pragma once

#include <cstdint>
#include <span>

#include "core/base/huge_page_array.hpp"
#include "core/table/peer.hpp"
#include "sim/world/network_tables.hpp"

namespace kadsim {

/// Buckets of all nodes of time 0 in one block of memory, 4 bytes a contact, written once when the
/// network is built. A changed bucket gets a private copy on top. Nodes that join later have owned
/// buckets only.
///
/// Layout: contacts of peer p, bucket by bucket, from entry begins[p].contacts on; its bucket b
/// ends at bucket_ends[begins[p].buckets + b], counted from there.
class ArenaBuckets final : public NetworkTables {
 public:
  explicit ArenaBuckets(unsigned k) : changed_(k) {}

  /// So many contacts and buckets: of all tables, or of those before some peer.
  struct Extent {
    std::uint64_t contacts = 0;
    std::uint64_t buckets = 0;
  };
  /// Makes room for so many peers with these tables in all; nothing is written yet, so that each
  /// thread may be the first to touch what it writes.
  void allocate(std::uint32_t peers, const Extent& all);
  /// Where one table goes: the peer's contacts, and the ends of its buckets.
  struct Place {
    PeerRef* contacts = nullptr;
    std::uint32_t* ends = nullptr;
  };
  /// The place of a table, given what all peers before take. To be called once for each peer, from
  /// any thread; whoever calls writes the table.
  [[nodiscard]] Place place(PeerRef owner, const Extent& before);

  [[nodiscard]] std::span<const PeerRef> bucket(PeerRef owner, unsigned index) const override;
  [[nodiscard]] unsigned depth(PeerRef owner) const override;
  [[nodiscard]] std::optional<BucketRow> row(PeerRef owner) const override;
  [[nodiscard]] std::optional<std::span<const PeerRef>> from(PeerRef owner, unsigned index,
                                                             std::size_t most) const override;
  std::span<const PeerRef> fetch(PeerRef owner, unsigned index, unsigned stage) const override;
  KBucket& edit(PeerRef owner, unsigned index) override;

  [[nodiscard]] std::uint64_t contacts() const override { return entries_.size(); }
  [[nodiscard]] std::uint64_t bytes() const override;

 private:
  [[nodiscard]] std::uint32_t initial() const {
    return begins_.empty() ? 0 : static_cast<std::uint32_t>(begins_.size() - 1);
  }
  [[nodiscard]] unsigned arena_depth(PeerRef owner) const;
  [[nodiscard]] std::span<PeerRef> in_arena(PeerRef owner, unsigned index) const;

  HugePageArray<Extent> begins_;  // one a peer, and the end
  HugePageArray<std::uint32_t> bucket_ends_;
  HugePageArray<PeerRef> entries_;
  OwnedBuckets changed_;
};

}  // namespace kadsim
