#include "core/base/assert.hpp"

#include <string_view>

namespace kadsim {
namespace {

thread_local AssertionContext* innermost = nullptr;

// The path from the project's root. Where the checkout lies on a machine does not belong in a
// message.
std::string_view below_root(std::string_view file) {
  for (const std::string_view room : {"/core/", "/sim/", "/tools/", "/tests/", "/bench/"}) {
    if (const auto at = file.rfind(room); at != std::string_view::npos) return file.substr(at + 1);
  }
  return file;
}

}  // namespace

AssertionContext::AssertionContext(Describe describe, const void* subject) noexcept
    : describe_(describe), subject_(subject), previous_(innermost) {
  innermost = this;
}

AssertionContext::~AssertionContext() { innermost = previous_; }

std::string describe_assertion_context() {
  return innermost == nullptr ? std::string() : innermost->describe_(innermost->subject_);
}

void fail_assertion(const char* condition, const char* file, int line, const std::string& message) {
  std::string text = message;
  text += " (";
  text += condition;
  text += " is false at ";
  text += below_root(file);
  text += ':';
  text += std::to_string(line);
  text += ')';
  if (const std::string context = describe_assertion_context(); !context.empty()) {
    text += "\n  while: " + context;
  }
  throw AssertionError(text);
}

void fail_assertion(const char* condition, const char* file, int line, const char* message) {
  fail_assertion(condition, file, line, std::string(message));
}

}  // namespace kadsim
