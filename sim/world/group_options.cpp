#include "sim/world/group_options.hpp"

#include "core/base/wide.hpp"

namespace kadsim {

std::uint64_t GroupOptions::nodes_of(std::uint64_t nodes) const {
  if (const auto* count = std::get_if<group_size::Count>(&size)) return count->nodes;
  const Probability& share = std::get<group_size::Share>(size).of;
  return static_cast<std::uint64_t>(static_cast<Wide>(nodes) * share.numerator() /
                                    share.denominator());
}

bool GroupClient::any() const {
  return alpha.has_value() || beta.has_value() || answers.has_value() || results.has_value();
}

ClientOptions GroupClient::over(ClientOptions all) const {
  all.lookup.alpha = alpha.value_or(all.lookup.alpha);
  all.lookup.beta = beta.value_or(all.lookup.beta);
  all.answers = answers.value_or(all.answers);
  all.lookup.results = results.value_or(all.lookup.results);
  return all;
}

}  // namespace kadsim
