#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"
#include "sim/scenario/json_document.hpp"

namespace kadsim {

/// The texts that a scenario is made of: its file, and the operands of `--set`. Borrows them all.
class Sources {
 public:
  Sources(std::string_view text, const std::string& file_name,
          std::span<const std::string> overrides);

  /// The tree with all overrides applied; none if the text is not JSON. Tree and problems borrow
  /// this object.
  [[nodiscard]] std::optional<JsonValue> read(Problems& problems) const;

  [[nodiscard]] std::size_t overrides() const { return operands_.size(); }

 private:
  SourceText file_;
  std::deque<SourceText> operands_;
};

}  // namespace kadsim
