#include "core/resource/go_libp2p/scope_refusal.hpp"

#include "core/base/assert.hpp"

#include <fmt/format.h>

namespace kadsim::go_libp2p {

std::string ScopeRefusal::text() const {
  switch (reason) {
    case Reason::kLimitExceeded: {
      const auto with = kind == Kind::kMemory && priority != MemoryPriority::kAlways
                            ? fmt::format(" with priority {}", static_cast<int>(priority))
                            : std::string();
      return fmt::format("{}: {}: limit exceeded ({} used, {} more asked for{}, limit {})", scope,
                         name_of(kind), current, attempted, with,
                         limit == kUnlimited ? "none" : std::to_string(limit));
    }
    case Reason::kScopeClosed:
      return scope.empty() ? "scope closed" : scope + ": scope closed";
    case Reason::kNegativeMemory:
      return scope + ": memory can't be negative";
    case Reason::kAlreadySet:
      return scope + ": it is set already";
    case Reason::kNoProtocol:
      return scope + ": a service needs a protocol first";
  }
  KADSIM_ASSERT(false, "a reason is one of these");
}

}  // namespace kadsim::go_libp2p
