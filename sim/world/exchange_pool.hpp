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

  /// The parts of the exchange are as they were left, but for the first use. O(1) amortised.
  Exchange& take() {
    if (free_.empty()) [[unlikely]]
      grow();
    Exchange& exchange = *free_.back();
    free_.pop_back();
    return exchange;
  }
  /// Pre: it is in use.
  void give_back(Exchange& exchange) { free_.push_back(&exchange); }
  [[nodiscard]] std::size_t in_use() const { return blocks_.size() * kPerBlock - free_.size(); }

 private:
  static constexpr std::size_t kPerBlock = 256;
  // An answer that names more contacts makes its own room, which is kept.
  static constexpr unsigned kUsualAnswers = 20;

  void grow() {
    blocks_.push_back(std::make_unique<Exchange[]>(kPerBlock));
    free_.reserve(blocks_.size() * kPerBlock);
    for (std::size_t i = kPerBlock; i-- > 0;) {
      Exchange& fresh = blocks_.back()[i];
      fresh.answer.contacts.reserve(answers_);
      free_.push_back(&fresh);
    }
  }

  unsigned answers_;
  std::vector<std::unique_ptr<Exchange[]>> blocks_;
  std::vector<Exchange*> free_;
};

}  // namespace kadsim
