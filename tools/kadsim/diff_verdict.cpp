#include "tools/kadsim/diff_verdict.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace kadsim::tools {
namespace {

struct Words {
  Figure figure;
  const char* at;    // which figure it is
  const char* less;  // B's value is less than A's
  const char* more;
};

constexpr std::array kWords = {
    Words{Figure::kP50Latency, "at the median", "faster at the median", "slower at the median"},
    Words{Figure::kP99Latency, "at p99", "faster at p99", "slower at p99"},
    Words{Figure::kRpcs, "in RPCs", "fewer RPCs", "more RPCs"},
};

std::string per_cent(double value) {
  const std::string text = fmt::format("{:.1f}", value);
  return text == "-0.0" ? "0.0" : text;
}

std::string phrase(const Words& words, const Difference& difference) {
  if (!difference.interval) return fmt::format("too little to tell {}", words.at);
  const auto [low, high] = *difference.interval;
  if (low == 0 && high == 0) return fmt::format("the same {}", words.at);
  if (difference.a <= 0) return fmt::format("nothing to compare with {}", words.at);
  const double to_per_cent = 100 / difference.a;
  if (low <= 0 && high >= 0) {
    return fmt::format("no difference shown {} (B - A: {} to {} %)", words.at,
                       per_cent(low * to_per_cent), per_cent(high * to_per_cent));
  }
  const bool less = high < 0;
  const double nearer = std::abs(less ? high : low) * to_per_cent;
  const double further = std::abs(less ? low : high) * to_per_cent;
  return fmt::format("{} % {} ({} to {} %)",
                     per_cent(std::abs(difference.difference) * to_per_cent),
                     less ? words.less : words.more, per_cent(nearer), per_cent(further));
}

// A share is mentioned only where it differs.
std::string share(const Differences& differences, Figure figure, const char* what) {
  const auto& difference = differences[static_cast<std::size_t>(figure)];
  if (!difference || !difference->interval) return {};
  const auto [low, high] = *difference->interval;
  if (low <= 0 && high >= 0) return {};
  return fmt::format(";\n    {} is {} by {:.2f} percentage points", what,
                     high < 0 ? "lower" : "higher", std::abs(difference->difference) / 1e4);
}

}  // namespace

std::string verdict_of(const Differences& differences) {
  std::string text;
  for (const Words& words : kWords) {
    const auto& difference = differences[static_cast<std::size_t>(words.figure)];
    if (!difference) continue;
    text += (text.empty() ? "" : ",\n    ") + phrase(words, *difference);
  }
  return "B against A:\n    " + text + share(differences, Figure::kRecall, "its recall") +
         share(differences, Figure::kSuccess, "its success");
}

}  // namespace kadsim::tools
