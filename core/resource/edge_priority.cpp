#include "core/resource/edge_priority.hpp"

#include "core/base/assert.hpp"

namespace kadsim {

EdgePriority EdgePriority::of(std::uint32_t numerator) {
  KADSIM_ASSERT(numerator <= kOne, "an edge priority is at most 65536/65536");
  EdgePriority priority;
  priority.numerator_ = numerator;
  return priority;
}

PathPriority PathPriority::operator*(EdgePriority edge) const {
  if (edge.numerator() == EdgePriority::kOne) return *this;
  // As in school, from the right; the division by 65536 moves the point by one digit.
  PathPriority product;
  product.digits_.assign(digits_.size() + 1, u'\0');
  std::uint64_t carry = 0;
  for (std::size_t i = digits_.size(); i > 0; --i) {
    carry += std::uint64_t{digits_[i - 1]} * edge.numerator();
    product.digits_[i] = static_cast<char16_t>(carry & 0xffffU);
    carry >>= 16U;
  }
  product.digits_[0] = static_cast<char16_t>(carry);
  while (!product.digits_.empty() && product.digits_.back() == u'\0') product.digits_.pop_back();
  return product;
}

double PathPriority::approximate() const {
  double value = 0;
  for (std::size_t i = digits_.size(); i > 0; --i) value = value / 65536 + digits_[i - 1];
  return value;
}

std::string PathPriority::text() const {
  if (digits_.empty()) return "0";
  std::string text;
  for (const char16_t digit : digits_) {
    if (!text.empty()) text += '.';
    text += std::to_string(static_cast<unsigned>(digit));
  }
  return text;
}

}  // namespace kadsim
