#include "core/limit/contact_connection.hpp"

#include "core/base/assert.hpp"

namespace kadsim {

void ContactConnection::dial_begins() {
  ++dials_;
  if (dial_ == Dial::kToDial) dial_ = Dial::kDialling;
}

void ContactConnection::dial_succeeds(Duration took) {
  KADSIM_ASSERT(dials_ > 0, "a dial ends twice");
  --dials_;
  dial_ = Dial::kOpen;
  took_ = took;
}

void ContactConnection::dial_fails() {
  KADSIM_ASSERT(dials_ > 0, "a dial ends twice");
  --dials_;
  if (dial_ == Dial::kDialling && dials_ == 0) dial_ = Dial::kToDial;
}

void ContactConnection::user_comes() {
  ++users_;
  if (need_ == Need::kIdle) need_ = Need::kUsed;
  if (need_ == Need::kSpare) need_ = Need::kUsedAndKept;
}

void ContactConnection::user_leaves(SimTime now) {
  KADSIM_ASSERT(users_ > 0, "a user leaves twice");
  if (--users_ > 0) return;
  need_ = need_ == Need::kUsedAndKept ? Need::kSpare : Need::kIdle;
  unused_since_ = now;
}

void ContactConnection::bucket_keeps() {
  KADSIM_ASSERT(is_open() && !is_kept(), "a bucket cannot keep this connection");
  need_ = need_ == Need::kUsed ? Need::kUsedAndKept : Need::kSpare;
}

void ContactConnection::bucket_lets_go() {
  KADSIM_ASSERT(is_kept(), "a bucket lets go of what it does not keep");
  need_ = need_ == Need::kUsedAndKept ? Need::kUsed : Need::kIdle;
}

}  // namespace kadsim
