#pragma once

#include <stdexcept>
#include <string>

namespace kadsim {

/// A mistake of this program, not of its input and not of the simulated network: a broken
/// invariant. The command line reports it with the run's context and exits 70.
class AssertionError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Describes what is being run (seed, scenario, virtual time, node), so that a failed assertion can
/// be found again. Registered by the run, for its thread; the context registered last is the one
/// that describes, and its end restores the one before. Borrowed: `describe` must stay callable
/// while this object lives.
class AssertionContext {
 public:
  using Describe = std::string (*)(const void* subject);
  AssertionContext(Describe describe, const void* subject) noexcept;
  ~AssertionContext();
  AssertionContext(const AssertionContext&) = delete;
  AssertionContext& operator=(const AssertionContext&) = delete;

 private:
  friend std::string describe_assertion_context();
  Describe describe_;
  const void* subject_;
  AssertionContext* previous_;
};

/// Text of the innermost context of this thread, empty where there is none.
std::string describe_assertion_context();

/// Cold: the code of a failure lies apart from what runs. A message that is a literal becomes a
/// string only here.
[[noreturn, gnu::cold]] void fail_assertion(const char* condition, const char* file, int line,
                                            const std::string& message);
[[noreturn, gnu::cold]] void fail_assertion(const char* condition, const char* file, int line,
                                            const char* message);

}  // namespace kadsim

/// Active in every build type; use it where the check is O(1). Throws AssertionError.
#define KADSIM_ASSERT(condition, message)                                  \
  do {                                                                     \
    if (!(condition)) [[unlikely]]                                         \
      ::kadsim::fail_assertion(#condition, __FILE__, __LINE__, (message)); \
  } while (false)

/// For checks that walk a whole structure: only in builds with assertions of the language (debug,
/// sanitizers).
#ifdef NDEBUG
#define KADSIM_CHECK_SLOW(condition, message) static_cast<void>(0)
#else
#define KADSIM_CHECK_SLOW(condition, message) KADSIM_ASSERT(condition, message)
#endif
