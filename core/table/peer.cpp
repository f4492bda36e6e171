#include "core/table/peer.hpp"

#include "core/base/huge_page_array.hpp"

#include <utility>

namespace kadsim {

PeerBook::PeerBook(std::vector<Hash> hashes) : hashes_(std::move(hashes)) {
  upper_words_ = huge_page_vector<std::uint64_t>(hashes_.size());
  for (std::size_t i = 0; i < hashes_.size(); ++i) upper_words_[i] = hashes_[i].upper_word();
}

PeerRef PeerBook::add(const Hash& hash) {
  hashes_.push_back(hash);
  upper_words_.push_back(hash.upper_word());
  return {static_cast<std::uint32_t>(hashes_.size() - 1)};
}

}  // namespace kadsim
