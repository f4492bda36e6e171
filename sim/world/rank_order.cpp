#include "sim/world/rank_order.hpp"

#include "core/base/assert.hpp"
#include "core/base/huge_page_array.hpp"
#include "sim/world/parallel.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace kadsim {
namespace {

struct Record {
  std::uint64_t upper = 0;  // the first 64 bits of the hash
  std::uint32_t birth = 0;
};

// A bin fits into the cache of a core; there are no more bins than can be written to side by side.
constexpr unsigned kNodesPerBinBits = 12;
constexpr unsigned kMostBinBits = 14;
// Parts of the input that are counted and dealt by one task each. More than there are cores, and
// not a number of theirs: the result does not depend on it, but the memory for counts does.
constexpr std::size_t kParts = 64;

// Deals records into bins: first counts what each part has for each bin, then every part knows
// where its own go.
class Bins {
 public:
  explicit Bins(std::span<const Hash> hashes)
      : hashes_(hashes),
        bits_(std::min<unsigned>(
            kMostBinBits, std::max<unsigned>(static_cast<unsigned>(std::bit_width(hashes.size())),
                                             kNodesPerBinBits) -
                              kNodesPerBinBits)),
        begins_((count() + 1) * kParts, 0),
        records_(hashes.size()) {
    parallel_each(kParts, [this](std::uint64_t part) {
      each_of(part, [&](std::uint32_t birth) { ++begin(bin_of(birth), part); });
    });
    std::uint32_t total = 0;
    for (std::uint32_t& entry : begins_) {
      const std::uint32_t own = entry;
      entry = total;
      total += own;
    }
    parallel_each(kParts, [this](std::uint64_t part) {
      // Moved on while dealing; in the end each part's place in a bin begins where the next one's
      // did.
      each_of(part, [&](std::uint32_t birth) {
        records_[begin(bin_of(birth), part)++] = {hashes_[birth].upper_word(), birth};
      });
    });
  }

  [[nodiscard]] std::size_t count() const { return std::size_t{1} << bits_; }
  [[nodiscard]] std::span<Record> bin(std::size_t i) const {
    const std::uint32_t first = i == 0 ? 0 : begins_[i * kParts - 1];
    return {records_.data() + first, begins_[(i + 1) * kParts - 1] - first};
  }
  [[nodiscard]] std::size_t place(std::span<const Record> bin) const {
    return static_cast<std::size_t>(bin.data() - records_.data());
  }

 private:
  std::uint32_t& begin(std::size_t bin, std::size_t part) { return begins_[bin * kParts + part]; }
  [[nodiscard]] std::size_t bin_of(std::uint32_t birth) const {
    return bits_ == 0 ? 0 : hashes_[birth].upper_word() >> (64 - bits_);
  }
  template <class Visit>
  void each_of(std::size_t part, const Visit& visit) const {
    const std::size_t last = hashes_.size() * (part + 1) / kParts;
    for (std::size_t i = hashes_.size() * part / kParts; i < last; ++i) {
      visit(static_cast<std::uint32_t>(i));
    }
  }

  std::span<const Hash> hashes_;
  unsigned bits_;
  std::vector<std::uint32_t> begins_;  // [bin][part]
  HugePageArray<Record> records_;
};

}  // namespace

std::vector<std::uint32_t> births_by_rank(std::span<const Hash> by_birth, SetupProgress* progress) {
  KADSIM_ASSERT(by_birth.size() < 0xffffffffU, "ranks are 32-bit numbers");
  if (progress != nullptr) progress->enter(SetupPhase::kSorting, by_birth.size());
  const Bins bins(by_birth);
  std::vector<std::uint32_t> births = huge_page_vector<std::uint32_t>(by_birth.size());
  parallel_each(bins.count(), [&](std::uint64_t i) {
    const std::span<Record> bin = bins.bin(i);
    std::sort(bin.begin(), bin.end(), [&](const Record& a, const Record& b) {
      return a.upper != b.upper ? a.upper < b.upper : by_birth[a.birth] < by_birth[b.birth];
    });
    std::uint32_t* to = births.data() + bins.place(bin);
    for (std::size_t j = 0; j < bin.size(); ++j) {
      KADSIM_ASSERT(j == 0 || bin[j - 1].upper != bin[j].upper ||
                        by_birth[bin[j - 1].birth] != by_birth[bin[j].birth],
                    "two nodes have one hash");
      to[j] = bin[j].birth;
    }
    if (progress != nullptr) progress->advance(bin.size());
  });
  return births;
}

}  // namespace kadsim
