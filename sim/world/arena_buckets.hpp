#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/base/huge_page_array.hpp"
#include "core/table/peer.hpp"
#include "sim/world/network_tables.hpp"

namespace kadsim {

/// Buckets of all nodes of time 0 in one block of memory, 4 bytes a contact, written once when the
/// network is built. A changed bucket gets a private copy on top, and its owner is read bucket by
/// bucket from then on; all other nodes keep the fast path (`around`). Nodes that join later have
/// owned buckets only.
///
/// Layout: a row of 32-bit words for each peer, in the order of their numbers. A row begins with
/// the end of each bucket, counted in contacts, and then holds the contacts, bucket by bucket.
class ArenaBuckets final : public NetworkTables {
 public:
  explicit ArenaBuckets(unsigned k) : changed_(k) {}

  /// Numbers of contacts and buckets, in all tables or in those before some peer.
  struct Extent {
    std::uint64_t contacts = 0;
    std::uint64_t buckets = 0;

    [[nodiscard]] std::uint64_t words() const { return contacts + buckets; }
  };
  /// Makes room for the tables of `peers` nodes, which have the extent `all` together. Nothing is
  /// written yet, so that each thread can be the first to touch the memory that it writes.
  void allocate(std::uint32_t peers, const Extent& all);
  /// Where one table goes: the peer's contacts, and the ends of its buckets.
  struct Place {
    PeerRef* contacts = nullptr;
    std::uint32_t* ends = nullptr;
  };
  /// The place of a table with `buckets` buckets, given the extent of the tables of all peers
  /// before `owner`. To be called once for each peer, from any thread; the caller writes the table.
  /// Pre: buckets <= 256.
  [[nodiscard]] Place place(PeerRef owner, const Extent& before, std::size_t buckets);

  [[nodiscard]] std::span<const PeerRef> bucket(PeerRef owner, unsigned index) const override;
  [[nodiscard]] unsigned depth(PeerRef owner) const override;
  [[nodiscard]] std::optional<std::span<const PeerRef>> around(PeerRef owner, unsigned index,
                                                               std::size_t count) const override;
  std::span<const PeerRef> prefetch(PeerRef owner, unsigned index, unsigned stage) const override;
  KBucket& edit(PeerRef owner, unsigned index) override;

  [[nodiscard]] std::uint64_t contacts() const override { return contacts_; }
  [[nodiscard]] std::uint64_t bytes() const override;

 private:
  /// Where the row of a peer begins, and how many buckets the peer has, in 8 bytes.
  class RowPlace {
   public:
    RowPlace(std::uint64_t first, std::size_t depth) : packed_(first << 16 | depth) {}
    [[nodiscard]] std::uint64_t first() const { return packed_ >> 16; }
    [[nodiscard]] unsigned depth() const { return packed_ & 0xffff; }

   private:
    std::uint64_t packed_;
  };
  /// For i < depth, bucket i is the contacts from contacts[ends[i - 1]] up to, but not including,
  /// contacts[ends[i]]. The first one begins at contacts[0].
  struct Row {
    const PeerRef* contacts = nullptr;
    const std::uint32_t* ends = nullptr;
    unsigned depth = 0;

    [[nodiscard]] std::uint32_t begin(unsigned index) const {
      return index == 0 ? 0 : ends[index - 1];
    }
    /// Pre: index < depth.
    [[nodiscard]] std::span<const PeerRef> bucket(unsigned index) const {
      return {contacts + begin(index), ends[index] - begin(index)};
    }
    [[nodiscard]] std::span<const PeerRef> around(unsigned index, std::size_t count) const;
  };

  [[nodiscard]] std::uint32_t initial() const { return static_cast<std::uint32_t>(rows_.size()); }
  [[nodiscard]] Row row_of(PeerRef owner) const;
  [[nodiscard]] std::span<const PeerRef> in_arena(PeerRef owner, unsigned index) const;

  HugePageArray<RowPlace> rows_;
  HugePageArray<std::uint32_t> words_;
  std::uint64_t contacts_ = 0;
  OwnedBuckets changed_;
};

}  // namespace kadsim
