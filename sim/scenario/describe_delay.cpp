#include "sim/scenario/describe.hpp"
#include "sim/scenario/region_rules.hpp"
#include "sim/scenario/shapes.hpp"

#include <fmt/format.h>

#include "sim/scenario/duration_text.hpp"

namespace kadsim {
namespace {

using namespace shape;

constexpr Duration kLongestDelay = Duration::hours(1);
constexpr Duration kTick = Duration::nanoseconds(1);
// sigma 2 stretches a median a millionfold and more in the tail, and shape 0.3 a scale.
constexpr Duration kLongestTypicalDelay = Duration::minutes(1);

// In the order of DelayModel.
constexpr std::array kModels = {
    Named{"constant", "The same for all."},
    Named{"uniform", "Uniform between `min` and `max`."},
    Named{"lognormal", "Log-normal with `median` and `sigma`."},
    Named{"weibull", "Weibull with `shape` and `scale`."},
    Named{"planetlab", "The measured round trips between 490 PlanetLab nodes."},
    Named{"quantiles", "A distribution given by quantiles in a CSV file."},
    Named{"matrix", "A matrix of measured round trips; nodes sit on rows by a seeded draw."},
    Named{"regions", "Round trips between named regions with shares of the nodes."},
};

FieldValue delay_time(Duration& value) { return duration(value, Duration(), kLongestDelay); }

}  // namespace

std::span<const Named> delay_models() { return kModels; }

void describe(Fields& fields, DelayModel& model) {
  fields.tagged("model", alternatives(model, std::span(kModels)),
                "Distribution or source of the delays.");
}

void describe(Fields& fields, delay::Constant& model) {
  fields.add("value", delay_time(model.value), "The delay.");
}

void describe(Fields& fields, delay::Uniform& model) {
  fields.add("min", delay_time(model.min), "Smallest delay.");
  fields.add("max", delay_time(model.max), "Greatest delay.");
  fields.rule([&model](Rules& rules) {
    if (model.min <= model.max) return;
    rules.broken({"max", "min"},
                 fmt::format("{} is smaller than min ({})", format_duration(model.max),
                             format_duration(model.min)),
                 "want min <= max");
  });
}

void describe(Fields& fields, delay::Lognormal& model) {
  fields.add("median", duration(model.median, kTick, kLongestTypicalDelay), "Median delay.");
  fields.add("sigma", positive_real(model.sigma, 2), "Standard deviation of the logarithm.");
}

void describe(Fields& fields, delay::Weibull& model) {
  fields.add("shape", real(model.shape, 0.3, 20), "Shape parameter.");
  fields.add("scale", duration(model.scale, kTick, kLongestTypicalDelay),
             "Scale parameter: 63.2 % of the delays are smaller.");
}

void describe(Fields& /*fields*/, delay::PlanetLab& /*model*/) {}

void describe(Fields& fields, delay::Quantiles& model) {
  fields.add("file", file(model.file), "CSV file with the columns `probability,delay_ms`.",
             kRequired);
}

void describe(Fields& fields, delay::Matrix& model) {
  fields.add("file", file(model.file), "Square matrix of round trips, a row a line.", kRequired);
  fields.add("unit", duration(model.unit, kTick, Duration::hours(1)), "What 1 in the file means.");
}

void describe(Fields& fields, delay::Regions& model) {
  constexpr Default kBuiltIn =
      filled_in("those of SimBlock, if names, shares and delays are absent");
  fields.add("names", list_of(model.names, name), "Names of the regions.", kBuiltIn);
  fields.add("shares", list_of(model.shares, rate),
             "Share of the nodes in each region; they sum to 1.", kBuiltIn);
  fields.add(
      "delays",
      list_of(model.delays, [](std::vector<Duration>& row) { return list_of(row, delay_time); }),
      "Round trips, a list a region, symmetric.", kBuiltIn);
  fields.rule([&model](Rules& rules) { complete_and_check_regions(rules, model); });
}

}  // namespace kadsim
