#pragma once

#include <cstdint>

namespace kadsim {

/// Gives the `order` numbers of events that a node schedules, so that what runs first at one
/// instant depends on that node alone and not on who else schedules. See "Order of events" in
/// docs/architecture.md.
class EventOrder {
 public:
  virtual ~EventOrder() = default;
  virtual std::uint64_t next(std::uint64_t node) = 0;
};

/// First come, first served: what a scheduler does by itself.
class CountingOrder final : public EventOrder {
 public:
  std::uint64_t next(std::uint64_t) override { return next_++; }

 private:
  std::uint64_t next_ = 0;
};

}  // namespace kadsim
