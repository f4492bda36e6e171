// A window over a fixed list: which contact starts when.

#include "core/client/contact_window.hpp"
#include "tests/catch.hpp"

using namespace kadsim;

namespace {

ContactWindow window_of(std::uint32_t contacts, std::size_t width) {
  ContactWindow window;
  window.start(width);
  for (std::uint32_t peer = 0; peer < contacts; ++peer) window.add({.peer = {peer}});
  return window;
}

unsigned start_all(ContactWindow& window) {
  unsigned started = 0;
  while (window.next().has_value()) ++started;
  return started;
}

}  // namespace

TEST_CASE("a window asks its contacts in order, no more at once than it is wide", "[window]") {
  ContactWindow window = window_of(5, 2);
  CHECK(window.next() == 0U);
  CHECK(window.next() == 1U);
  CHECK_FALSE(window.next().has_value());
  window.ended();
  CHECK(window.next() == 2U);
  CHECK_FALSE(window.next().has_value());
}

TEST_CASE("a window is over when all have ended, not when all have started", "[window]") {
  ContactWindow window = window_of(3, ContactWindow::kAllAtOnce);
  CHECK_FALSE(window.over());
  CHECK(start_all(window) == 3);
  window.ended();
  window.ended();
  CHECK_FALSE(window.over());
  window.ended();
  CHECK(window.over());
}

TEST_CASE("a stopped window starts no contact, and waits for those under way", "[window]") {
  ContactWindow window = window_of(5, 2);
  CHECK(start_all(window) == 2);
  window.stop();
  window.ended();
  CHECK(start_all(window) == 0);
  CHECK_FALSE(window.over());
  window.ended();
  CHECK(window.over());
}

TEST_CASE(
    "a window without contacts is over at once, and one that starts again forgets its contacts",
    "[window]") {
  CHECK(window_of(0, 1).over());
  ContactWindow window = window_of(2, 1);
  window.next();
  window.stop();
  window.start(1);
  CHECK(window.over());
  window.add({.peer = {7}});
  CHECK_FALSE(window.over());
  CHECK(window.next() == 0U);
  CHECK(window[0].peer == PeerRef{7});
}
