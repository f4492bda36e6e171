#include "core/table/peer.hpp"

#include <utility>

namespace kadsim {

PeerBook::PeerBook(std::vector<Hash> hashes) : hashes_(std::move(hashes)) {
  upper_words_.reserve(hashes_.size());
  for (const Hash& hash : hashes_) upper_words_.push_back(hash.upper_word());
}

PeerRef PeerBook::add(const Hash& hash) {
  hashes_.push_back(hash);
  upper_words_.push_back(hash.upper_word());
  return {static_cast<std::uint32_t>(hashes_.size() - 1)};
}

}  // namespace kadsim
