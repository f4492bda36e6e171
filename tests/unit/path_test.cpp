// The way of messages: when each arrives, and that no delay is below the minimum of its model.

#include "sim/world/path.hpp"
#include "core/random/random_stream.hpp"
#include "sim/world/delay_source.hpp"
#include "sim/world/population.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
constexpr Duration ns(std::int64_t n) { return Duration::nanoseconds(n); }

// A file that is gone afterwards.
class TextFile {
 public:
  explicit TextFile(std::string_view content) {
    path_ = (std::filesystem::temp_directory_path() / "kadsim_path.XXXXXX").string();
    const int descriptor = ::mkstemp(path_.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TextFile() { std::filesystem::remove(path_); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Least {
  RoundTrip drawn{Duration::max()};
  RoundTrip minimum;
};

// The least of many draws between 50 nodes, the extreme ones included, and what the model says.
Least least_of(const DelayModel& model) {
  const auto source = make_delay_source(model, 7, 0);
  const RandomStream random(7, 0, "test");
  Least least{.minimum = source->minimum()};
  for (std::uint32_t from = 0; from < 50; ++from) {
    for (std::uint32_t to = 0; to < 50; ++to) {
      for (std::uint64_t i = 0; i < 20; ++i) {
        const std::uint64_t ends[] = {0, ~std::uint64_t{0}};
        const std::uint64_t bits = i < 2 ? ends[i] : random.bits({from, to, i});
        const RoundTrip delay = source->delay(from, to, bits);
        if (delay < least.minimum) return {delay, least.minimum};
        least.drawn = std::min(least.drawn, delay);
      }
    }
  }
  return least;
}

// Two nodes and the links between them.
struct Line {
  explicit Line(const LinkOptions& options) : links(options, population, 3, 0), path(links) {}
  Population population{random_hashes(1, 2)};
  LinkModel links;
  Path path;
};

Interaction some_request(bool dialled = false) {
  return {.kind = InteractionKind::kGetClosestNodes,
          .dialled = dialled,
          .from = {0},
          .to = {1},
          .operation = 5,
          .deadline = SimTime::at(ms(500))};
}

}  // namespace

TEST_CASE("the way out is half of a round trip, rounded down, the way back the rest", "[path]") {
  static_assert(RoundTrip(ns(7)).out() == ns(3));
  static_assert(RoundTrip(ns(7)).back() == ns(4));
  static_assert(RoundTrip(ns(2)).out() == ns(1));
  for (std::int64_t whole = 2; whole < 100; ++whole) {
    const RoundTrip trip(ns(whole));
    CHECK(trip.out() + trip.back() == trip.whole());
    CHECK(trip.out() <= trip.back());
    CHECK(trip.back() - trip.out() <= ns(1));
  }
}

TEST_CASE("a request arrives after the way out, its answer a way back after it left", "[path]") {
  LinkOptions options;
  options.delay = delay::Constant{ns(10'001)};
  const Line line(options);
  const LinkFate fate = line.path.fate(some_request());
  CHECK(fate.error == LinkError::kNone);
  for (const std::int64_t sent : {0, 1, 777'777}) {
    for (const std::uint32_t bytes : {0U, 1'000'000U}) {
      const SimTime at = SimTime::at_ns(sent);
      CHECK(line.path.request_arrival({{0}, {1}, bytes, at}, fate) == at + ns(5'000));
      CHECK(line.path.answer_arrival({{1}, {0}, bytes, at}, fate.round_trip) == at + ns(5'001));
    }
  }
  CHECK(line.path.minimum() == ns(5'000));
}

TEST_CASE("a message that meets an error does not arrive", "[path]") {
  LinkOptions options;
  options.delay = delay::Constant{ms(10)};
  options.slow_errors = {Probability(1, 1), delay::Constant{ms(80)}};
  const Message message{.from = {0}, .to = {1}};
  {
    const Line line(options);
    const LinkFate lost = line.path.fate(some_request());
    CHECK(lost.error == LinkError::kSlow);
    CHECK_FALSE(line.path.request_arrival(message, lost).has_value());
    CHECK(line.path.failure_delay(some_request(), lost, ms(500)) == ms(80));
    CHECK(line.path.failure_delay(some_request(), lost, ms(30)) == ms(30));
    // Behind a dial that succeeded nothing is lost.
    const LinkFate safe = line.path.fate(some_request(true));
    CHECK(line.path.request_arrival(message, safe) == SimTime::at(ms(5)));
  }
  options.fast_errors = {Probability(1, 1), delay::Constant{ms(4)}};
  const Line line(options);
  const LinkFate refused = line.path.fate(some_request());
  CHECK(refused.error == LinkError::kFast);
  CHECK_FALSE(line.path.request_arrival(message, refused).has_value());
  CHECK(line.path.failure_delay(some_request(), refused, ms(1)) == ms(4));
}

TEST_CASE("what becomes of an interaction does not depend on when it is decided", "[path]") {
  LinkOptions options;
  options.delay = delay::Uniform{ms(1), ms(900)};
  options.draw = DelayDraw::kInteraction;
  options.slow_errors = {Probability(1, 3), {}};
  const Line line(options);
  for (std::uint64_t operation = 0; operation < 200; ++operation) {
    Interaction early = some_request();
    early.operation = operation;
    Interaction late = early;
    late.deadline = SimTime::at(Duration::hours(9));
    late.contact_index = 4;
    const LinkFate one = line.path.fate(early);
    const LinkFate other = line.path.fate(late);
    CHECK(one.error == other.error);
    CHECK(one.round_trip == other.round_trip);
  }
}

TEST_CASE("no delay is below the minimum of its model, and the least draw is equal to it",
          "[path]") {
  const TextFile quantiles("probability,delay_ms\n0,3\n0.5,40\n1,90\n");
  const TextFile matrix("5 20 30\n20 7 12\n30 12 9\n");
  const std::vector<std::pair<DelayModel, Duration>> models = {
      {delay::Constant{ms(50)}, ms(50)},
      {delay::Constant{ns(0)}, ns(2)},
      {delay::Uniform{ms(10), ms(200)}, ms(10)},
      {delay::Quantiles{quantiles.path()}, ms(3)},
      {delay::Matrix{matrix.path(), ms(1)}, ms(5)},
      {delay::Regions{
           {"a", "b"}, {Probability(1, 2), Probability(1, 2)}, {{ms(8), ms(60)}, {ms(60), ms(6)}}},
       ms(6)}};
  for (const auto& [model, expected] : models) {
    CAPTURE(model.index());
    const Least least = least_of(model);
    CHECK(least.minimum == RoundTrip(expected));
    CHECK(least.drawn == least.minimum);
  }
  for (const DelayModel& model : {DelayModel(delay::Lognormal{}), DelayModel(delay::Weibull{}),
                                  DelayModel(delay::PlanetLab{})}) {
    CAPTURE(model.index());
    const Least least = least_of(model);
    CHECK(least.minimum >= RoundTrip(ns(2)));
    CHECK(least.drawn == least.minimum);
  }
}
