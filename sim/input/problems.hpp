#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "sim/input/source_text.hpp"

namespace kadsim {

/// One thing that is wrong with a text from outside: a scenario or a data file.
struct Problem {
  Place place;
  std::string message;  ///< what stands there: `client.k: 0 is out of range`
  std::string advice;   ///< what would be right, a line each; may be empty
  Place earlier{};      ///< of a duplicate: the first one; otherwise no place
};

/// Collects what is wrong with such a text, in any order, and reports it in the order of the text.
/// Holds on to no more than it will report, however many there are.
class Problems {
 public:
  static constexpr std::size_t kReported = 20;

  void add(Problem problem);
  void add(Place place, std::string message, std::string advice = {}) {
    add(Problem{place, std::move(message), std::move(advice), {}});
  }

  /// Those it holds on to, in no order.
  [[nodiscard]] const std::vector<Problem>& kept() const { return kept_; }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t count() const { return count_; }

  /// What an InputError says of them, many lines without a final newline; empty if there are none:
  /// the first kReported problems, each as `heading: error: message`, the line with a caret, and
  /// the advice; then how many more there are.
  [[nodiscard]] std::string report() const;

 private:
  std::vector<Problem> kept_;  // the first in the text and perhaps others, unsorted
  std::size_t count_ = 0;
};

}  // namespace kadsim
