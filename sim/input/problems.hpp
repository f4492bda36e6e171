#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "sim/input/source_text.hpp"

namespace kadsim {

/// A problem in a text from outside, a scenario or a data file.
struct Problem {
  Place place;
  std::string message;  ///< what is wrong: `client.k: 0 is out of range`
  std::string advice;   ///< what would be right, in one or more lines; may be empty
  Place earlier{};      ///< of a duplicate, where the first one is; otherwise no place
};

/// Collects problems in any order and reports them in the order of the text. Its memory is bounded,
/// however many problems there are.
class Problems {
 public:
  static constexpr std::size_t kReported = 20;

  void add(Problem problem);
  void add(Place place, std::string message, std::string advice = {}) {
    add(Problem{place, std::move(message), std::move(advice), {}});
  }

  /// The problems that it still holds, in no order. All that `report` tells are among them.
  [[nodiscard]] const std::vector<Problem>& kept() const { return kept_; }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t count() const { return count_; }

  /// The text of an InputError, several lines without a final newline; empty if there is no
  /// problem. It has the first kReported problems, each as `heading: error: message`, the line with
  /// a caret, and the advice; then how many more there are.
  [[nodiscard]] std::string report() const;

 private:
  std::vector<Problem> kept_;  // the first in the text and perhaps others, unsorted
  std::size_t count_ = 0;
};

}  // namespace kadsim
