#pragma once

#include <cstdint>

#include "core/resource/resource_ids.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What a node knows of its connection to one contact: how far its dial is, and what needs it.
/// NodeConnections tells it what happens, and does what the new state asks for.
///
/// How far its dial is. Several operations may dial the contact at a time:
///
///     (made)     -> to dial      the node has room for it; its first dial follows at once
///     to dial    -> dialling     a dial begins
///     dialling   -> open         one of the dials succeeds; the others change nothing any more
///                -> to dial      the last of the dials fails
///
/// What needs it. Only open connections are ever kept:
///
///     (made)     -> used         by the operation that is about to dial
///     used       -> idle         the last user leaves
///                -> used, kept   its k-bucket keeps it
///     used, kept -> spare        the last user leaves
///                -> used         its k-bucket lets it go
///     spare      -> used, kept   an operation uses it again
///                -> idle         its k-bucket lets it go
///     idle       -> used         an operation uses it again
///                -> spare        its k-bucket keeps it
///
/// Every pair of the two may last but one: a connection that is to be dialled and that no operation
/// uses `is_void`, and is to be closed. All of its dials have failed. O(1) a call.
class ContactConnection {
 public:
  enum class Dial : std::uint8_t { kToDial, kDialling, kOpen };
  enum class Need : std::uint8_t { kUsed, kUsedAndKept, kIdle, kSpare };

  explicit ContactConnection(ResourceId resource) : resource_(resource) {}

  // Events.
  void dial_begins();
  void dial_succeeds(Duration took);
  void dial_fails();
  void user_comes();
  void user_leaves(SimTime now);
  /// Pre: is_open(), and it is not kept.
  void bucket_keeps();
  /// Pre: it is kept.
  void bucket_lets_go();

  [[nodiscard]] ResourceId resource() const { return resource_; }
  [[nodiscard]] bool is_open() const { return dial_ == Dial::kOpen; }
  [[nodiscard]] Need need() const { return need_; }
  [[nodiscard]] bool is_unused() const { return need_ == Need::kIdle || need_ == Need::kSpare; }
  [[nodiscard]] bool is_kept() const {
    return need_ == Need::kUsedAndKept || need_ == Need::kSpare;
  }
  [[nodiscard]] bool is_void() const { return dial_ == Dial::kToDial && is_unused(); }
  /// How long the dial took that succeeded last. Pre: is_open().
  [[nodiscard]] Duration took() const { return took_; }
  /// Pre: is_unused().
  [[nodiscard]] SimTime unused_since() const { return unused_since_; }

 private:
  ResourceId resource_;
  Dial dial_ = Dial::kToDial;
  Need need_ = Need::kUsed;
  std::uint32_t dials_ = 0;  // under way
  std::uint32_t users_ = 1;  // operations
  Duration took_{};
  SimTime unused_since_{};
};

}  // namespace kadsim
