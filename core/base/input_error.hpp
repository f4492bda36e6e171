#pragma once

#include <stdexcept>
#include <string>

namespace kadsim {

/// Input from outside that can't be used: it says where, what, and what would be right, e.g.
/// `delays.csv:7: -3 (want a delay >= 0)`. The command line prints it and exits 65; `Unreadable` is
/// for what could not be read at all (no such file, a folder), exit 66.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class UnreadableError : public InputError {
 public:
  using InputError::InputError;
};

/// Results that can't be written (no permission, a full disk, another scenario's results in the
/// way); exit 73.
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace kadsim
