#include "sim/scenario/describe.hpp"
#include "sim/scenario/shapes.hpp"

namespace kadsim {
namespace {

using namespace shape;

constexpr std::uint64_t kMaxStreams = 1'000'000;
constexpr Duration kTick = Duration::nanoseconds(1);
constexpr Duration kLongestWait = Duration::hours(24);

constexpr std::array kOnLimit = {
    Named{"fail", "Refused at once."},
    Named{"wait", "In line, as long as the request may take."},
    Named{"wait_for", "In line, so long at most."},
};
constexpr std::size_t kWords = 2;

FieldValue limit(std::uint32_t& value) { return integer(value, 1, kMaxStreams); }

}  // namespace

void describe(Fields& fields, ClientResources& resources) {
  fields.add("streams", object(resources.streams),
             "Requests under way at a time, those answered and those sent counted apart.");
  fields.add(
      "negotiations", optional_of(resources.negotiations, limit),
      "Streams agreeing on their protocol at a time, in and out counted apart (py-libp2p: 5); a "
      "round trip before each request; null: no limit, and no such round trip.");
  fields.add("on_limit", word_or_object(resources.on_limit, kOnLimit, kWords),
             "What becomes of a stream that finds no slot.");
  fields.add("service_time", duration(resources.service_time, Duration(), kLongestWait),
             "How long a node works on a request.");
}

void describe(Fields& fields, StreamLimits& streams) {
  fields.add("outbound", optional_of(streams.outbound, limit),
             "Requests that a node has under way; null: no limit.");
  fields.add("inbound", optional_of(streams.inbound, limit),
             "Requests that a node works on; null: no limit.");
}

void describe(Fields& /*fields*/, on_limit::Fail& /*rule*/) {}

void describe(Fields& /*fields*/, on_limit::Wait& /*rule*/) {}

void describe(Fields& fields, on_limit::WaitFor& rule) {
  fields.add("wait_for", duration(rule.wait_for, kTick, kLongestWait), "The longest wait.",
             kRequired);
}

}  // namespace kadsim
