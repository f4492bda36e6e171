#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "sim/world/exchange.hpp"

namespace kadsim {

/// Memory for exchanges under way. An exchange does not move while it is in use; the one given back
/// last is taken next. Grows by whole blocks, room for answers included, so that a little more
/// traffic than ever before asks for no memory; never shrinks.
class ExchangePool {
 public:
  /// `answers`: contacts in an answer, to make room for.
  explicit ExchangePool(unsigned answers) : answers_(std::min(answers, kUsualAnswers)) {}

  /// One that is not in use; it still holds what its last use left in it. O(1) amortised.
  Exchange& take() {
    if (free_count_ == 0) [[unlikely]]
      grow();
    return *free_[--free_count_];
  }
  /// Pre: it is in use.
  void give_back(Exchange& exchange) { free_[free_count_++] = &exchange; }
  [[nodiscard]] std::size_t in_use() const { return free_.size() - free_count_; }

 private:
  static constexpr std::size_t kPerBlock = 256;
  // An answer that names more contacts makes its own room, which is kept.
  static constexpr unsigned kUsualAnswers = 20;

  void grow() {
    blocks_.push_back(std::make_unique<Exchange[]>(kPerBlock));
    free_.resize(blocks_.size() * kPerBlock);
    for (std::size_t i = kPerBlock; i-- > 0;) {
      Exchange& fresh = blocks_.back()[i];
      fresh.request.number = static_cast<std::uint32_t>((blocks_.size() - 1) * kPerBlock + i);
      fresh.answer.contacts.reserve(answers_);
      give_back(fresh);
    }
  }

  unsigned answers_;
  std::vector<std::unique_ptr<Exchange[]>> blocks_;
  std::vector<Exchange*> free_;  // the first free_count_; as long as there are exchanges at all
  std::size_t free_count_ = 0;
};

}  // namespace kadsim
