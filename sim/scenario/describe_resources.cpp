#include "sim/scenario/describe.hpp"
#include "sim/scenario/shapes.hpp"

#include <cmath>

namespace kadsim {
namespace {

using namespace shape;

constexpr std::uint64_t kMaxStreams = 1'000'000;
constexpr Duration kTick = Duration::nanoseconds(1);
constexpr Duration kLongestWait = Duration::hours(24);

constexpr std::array kOnLimit = {
    Named{"fail", "Refused at once."},
    Named{"wait", "In line, as long as the request may take."},
    Named{"revoke",
          "It takes the place of streams that rank lower, or is refused; needs `manager`."},
    Named{"wait_for", "In line, so long at most."},
};
constexpr std::size_t kWords = 3;

FieldValue limit(std::uint32_t& value) { return integer(value, 1, kMaxStreams); }

FieldValue amount(std::int64_t& value) {
  return [&value](ValueVisitor& visitor) {
    auto wide = static_cast<std::uint64_t>(value);
    visitor.integer(wide, {0, std::uint64_t{1} << 62});
    value = static_cast<std::int64_t>(wide);
  };
}

FieldValue priority(EdgePriority& value) {
  return [&value](ValueVisitor& visitor) {
    double share = static_cast<double>(value.numerator()) / EdgePriority::kOne;
    visitor.real(share, {0, 1, false});
    value = EdgePriority::of(static_cast<std::uint32_t>(std::lround(share * EdgePriority::kOne)));
  };
}

bool limits(const OwnerLimits& owner) { return owner.streams || owner.connections; }

bool limits(const ManagerOptions& manager) {
  return limits(manager.limits) || limits(manager.operation) || manager.incoming || manager.service;
}

bool limits(const ClientResources& resources) {
  return resources.streams.outbound || resources.streams.inbound || resources.negotiations ||
         (resources.manager && limits(*resources.manager)) || resources.go_libp2p;
}

// What stands there already, and limits nothing, is asked for a limit first.
const char* want_limit(const ClientResources& resources, const Rules& rules) {
  if (resources.manager) {
    return "want a limit in `manager`, such as `manager.limits.streams`, or \"fail\"";
  }
  if (rules.given("streams")) return "want `streams.inbound` or `streams.outbound`, or \"fail\"";
  return "want one of `streams`, `negotiations` and `manager` as well, or \"fail\"";
}

}  // namespace

void describe(Fields& fields, ClientResources& resources) {
  fields.add("streams", object(resources.streams),
             "Requests under way at a time, those answered and those sent counted apart.");
  fields.add(
      "negotiations", optional_of(resources.negotiations, limit),
      "Streams agreeing on their protocol at a time, in and out counted apart (py-libp2p: 5); a "
      "round trip before each request; null: no limit, and no such round trip.");
  fields.add("manager", optional_of(resources.manager, [](ManagerOptions& m) { return object(m); }),
             "A graph of owners, limits and priorities for each node, instead of `streams`.");
  fields.add("go_libp2p",
             optional_of(resources.go_libp2p, [](GoLibp2pOptions& g) { return object(g); }),
             "A resource manager as go-libp2p has it for each node, instead of both.");
  fields.add("on_limit", word_or_object(resources.on_limit, kOnLimit, kWords),
             "What becomes of a stream that finds no slot.");
  fields.add("service_time", duration(resources.service_time, Duration(), kLongestWait),
             "How long a node works on a request.");
  fields.rule([&resources](Rules& rules) {
    const StreamLimits& streams = resources.streams;
    const char* const kOnlyOne =
        "streams are limited by `streams`, `manager` or `go_libp2p`, not by two of them";
    const bool plain = streams.outbound || streams.inbound;
    if (resources.manager && plain) {
      rules.broken({"manager"}, kOnlyOne, "want one of the two to be left out");
    }
    if (resources.go_libp2p && (plain || resources.manager)) {
      rules.broken({"go_libp2p"}, kOnlyOne, "want one of the two to be left out");
    }
    if (resources.go_libp2p && !std::holds_alternative<on_limit::Fail>(resources.on_limit)) {
      rules.broken({"on_limit"}, "go-libp2p's resource manager refuses at once", "want \"fail\"");
    }
    if (std::holds_alternative<on_limit::Revoke>(resources.on_limit) && !resources.manager) {
      rules.broken({"on_limit"}, "only a manager knows which streams rank lower",
                   "want `manager`, or another rule");
      return;
    }
    // The default asks for nothing.
    if (!limits(resources) && !std::holds_alternative<on_limit::Fail>(resources.on_limit)) {
      rules.broken({"on_limit", "streams", "negotiations", "manager", "go_libp2p"},
                   "there is no limit that it could be about", want_limit(resources, rules));
    }
  });
}

void describe(Fields& fields, ManagerOptions& manager) {
  fields.add("limits", object(manager.limits), "Of the whole node.");
  fields.add("operation", object(manager.operation), "Of each operation.");
  fields.add(
      "incoming", optional_of(manager.incoming, limit),
      "Streams that came in and are not served yet, further ones are refused; null: no limit.");
  fields.add("service", optional_of(manager.service, limit),
             "Streams that are served; null: no limit.");
  fields.add("operation_priority", priority(manager.operation_priority),
             "Of all that operations own, to the nearest multiple of 1/65536.");
  fields.add("service_priority", priority(manager.service_priority),
             "Of all that is served, or came in for it.");
  fields.add("bucket_priority", priority(manager.bucket_priority),
             "Of the connections that k-buckets keep.");
  fields.add("collect_after", duration(manager.collect_after, Duration(), kLongestWait),
             "How long a connection without an owner stays open.");
  fields.add("review_every", duration(manager.review_every, kTick, kLongestWait),
             "How often k-buckets look for better entries.");
}

void describe(Fields& fields, GoLibp2pOptions& options) {
  fields.add("limit_file",
             optional_of(options.limit_file, [](std::string& path) { return file(path); }),
             "Limits in go-libp2p's own format; null: its defaults.");
  fields.add("memory", amount(options.memory), "Bytes of the machine, with which defaults grow.");
  fields.add("file_descriptors", amount(options.file_descriptors), "Of the machine, likewise.");
  fields.add("stream_memory", amount(options.stream_memory), "Bytes that a stream reserves.");
  fields.add("protocol", text(options.protocol), "Name of the protocol of the DHT's streams.");
  fields.add("service", optional_of(options.service, [](std::string& name) { return text(name); }),
             "Name of the service of the DHT's streams; null: none, as in go-libp2p.");
}

void describe(Fields& fields, OwnerLimits& limits) {
  fields.add("streams", optional_of(limits.streams, limit), "Streams; null: no limit.");
  fields.add("connections", optional_of(limits.connections, limit),
             "Connections that the node dialled; null: no limit.");
}

void describe(Fields& fields, StreamLimits& streams) {
  fields.add("outbound", optional_of(streams.outbound, limit),
             "Requests that a node has under way; null: no limit.");
  fields.add("inbound", optional_of(streams.inbound, limit),
             "Requests that a node works on; null: no limit.");
}

void describe(Fields& /*fields*/, on_limit::Fail& /*rule*/) {}

void describe(Fields& /*fields*/, on_limit::Wait& /*rule*/) {}

void describe(Fields& /*fields*/, on_limit::Revoke& /*rule*/) {}

void describe(Fields& fields, on_limit::WaitFor& rule) {
  fields.add("wait_for", duration(rule.wait_for, kTick, kLongestWait), "The longest wait.",
             kRequired);
}

}  // namespace kadsim
