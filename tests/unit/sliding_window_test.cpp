// The sliding window, driven by hand.

#include "core/base/assert.hpp"
#include "tests/catch.hpp"
#include "tests/support/lookup_line.hpp"

using namespace kadsim;

namespace {

class Line : public LookupLine {
 public:
  explicit Line(std::size_t peers) : LookupLine("sliding-window", peers) { options.alpha = 2; }
};

using Peers = LookupLine::Peers;

}  // namespace

TEST_CASE("alpha contacts are asked, nearest first", "[sliding_window]") {
  Line line(10);
  line.start({7, 3, 5});
  CHECK(line.asked() == Peers{3, 5});
  CHECK(line.last.kind == LookupStep::Kind::kWait);
}

TEST_CASE("the next contact is asked as soon as one of the window ends", "[sliding_window]") {
  // REFERENCES.md R4: answers take 1, 10, 1, 1, 1; with a window the third attempt starts at 1.
  Line line(10);
  line.start({0, 1, 2, 3, 4});
  CHECK(line.asked() == Peers{0, 1});
  line.answer(0);
  CHECK(line.asked() == Peers{2});
  line.answer(2);
  CHECK(line.asked() == Peers{3});
  line.fail(3);
  CHECK(line.asked() == Peers{4});
}

TEST_CASE("contacts that are named nearer go first, known ones are not asked twice",
          "[sliding_window]") {
  Line line(10);
  line.options.alpha = 1;
  line.start({5, 8});
  CHECK(line.asked() == Peers{5});
  line.answer(5, {8, 2, 5, line.origin().value, 6});
  CHECK(line.asked() == Peers{2});
  line.answer(2, {5});
  CHECK(line.asked() == Peers{6});
  line.answer(6);
  CHECK(line.asked() == Peers{8});
  line.answer(8);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kExhausted));
}

TEST_CASE("it is complete when the beta nearest have answered, failed ones skipped",
          "[sliding_window]") {
  Line line(10);
  line.options.beta = 2;
  line.options.alpha = 3;
  line.start({0, 1, 2, 3});
  CHECK(line.asked() == Peers{0, 1, 2});
  line.answer(1);
  CHECK(line.asked() == Peers{3});
  line.answer(2);
  CHECK(line.asked().empty());
  CHECK(line.last.kind == LookupStep::Kind::kWait);  // 0 is nearer and has not answered
  line.fail(0);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
  const auto result = line.result();
  REQUIRE(result.size() == 3);
  CHECK(result[0] == ResultContact{{1}, 1, true});
  CHECK(result[2] == ResultContact{{3}, 1, false});
}

TEST_CASE("answers in a row that bring nothing nearer end it, if that rule is on",
          "[sliding_window]") {
  Line line(20);
  line.options.alpha = 1;
  line.options.steps_to_stop = 2;
  line.start({5, 6, 7, 8, 9});
  CHECK(line.asked() == Peers{5});
  line.answer(5, {10});
  CHECK(line.asked() == Peers{6});
  line.answer(6, {3});  // nearer than all: the row starts again
  CHECK(line.asked() == Peers{3});
  line.answer(3, {11});
  CHECK(line.asked() == Peers{7});
  line.fail(7);  // no answer
  CHECK(line.asked() == Peers{8});
  line.answer(8, {5});
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
}

TEST_CASE("without contacts it is exhausted at once", "[sliding_window]") {
  Line line(1);
  line.start({});
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kExhausted));
}

TEST_CASE("a contact is one hop further than the contact that named it first", "[sliding_window]") {
  Line line(20);
  line.options.alpha = 1;
  line.start({9});
  line.asked();
  line.answer(9, {6, 7});
  line.asked();
  line.answer(6, {7, 2});
  const auto result = line.result();
  CHECK(result[0] == ResultContact{{2}, 3, false});
  CHECK(result[1] == ResultContact{{6}, 2, true});
  CHECK(result[2] == ResultContact{{7}, 2, false});
  CHECK(result[3] == ResultContact{{9}, 1, true});
}

TEST_CASE("an answer from a contact that was not asked is a fault of the program",
          "[sliding_window]") {
  Line line(5);
  line.start({1});
  CHECK_THROWS_AS(line.answer(1), AssertionError);
  line.asked();
  line.answer(1);
  CHECK_THROWS_AS(line.fail(1), AssertionError);
}
