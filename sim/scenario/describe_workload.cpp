#include "sim/scenario/describe.hpp"
#include "sim/scenario/shapes.hpp"

namespace kadsim {
namespace {

using namespace shape;

constexpr std::uint64_t kMaxOperations = 1'000'000'000;
constexpr std::uint64_t kMaxVersion = 1'000'000'000;
constexpr double kMinRate = 1e-6;  // one in 12 days
constexpr double kMaxRate = 1e9;

// In the order of OperationKind.
constexpr std::array kOperations = {
    Named{name_of(OperationKind::kLookup), "Find the closest nodes."},
    Named{name_of(OperationKind::kProvide), "A lookup, then a store at each of the nodes found."},
    Named{name_of(OperationKind::kRetrieve), "A lookup that ends at the first value."},
    Named{name_of(OperationKind::kPut),
          "A record stored here and at the nodes closest to its key."},
    Named{name_of(OperationKind::kGet), "The best record of a key that other nodes hold."},
};
static_assert(kOperations.size() == kOperationKinds.size());
// The others are in the order of the variants of WorkloadEntry.
constexpr std::array kArrivals = {
    Named{"in_flight", "Chains of operations, each of which starts when its predecessor ended."},
    Named{"rate_per_s", "Arrivals with exponential gaps, whatever the network does."},
};
constexpr std::array kOrigins = {
    Named{"uniform", "Uniform over the nodes that are there and answer."},
    Named{"file", "From a file."},
    Named{"group", "Uniform over the nodes of a group that are there and answer."},
};
constexpr std::array kTargets = {
    Named{"uniform", "Uniform over all keys."},
    Named{"file", "From a file."},
    Named{"provided_by", "The keys of a `provide` entry."},
    Named{"put_by", "The keys of a `put` entry."},
};

// Fields that depend on the operation.
Alternatives operations(WorkloadEntry& entry) {
  return {kOperations, static_cast<std::size_t>(entry.op),
          [&entry](std::size_t index) { entry.op = static_cast<OperationKind>(index); },
          [&entry](Fields& fields) {
            // Nothing stands under a key drawn at random: what to retrieve must be said.
            const bool fetches =
                entry.op == OperationKind::kRetrieve || entry.op == OperationKind::kGet;
            const bool put = entry.op == OperationKind::kPut;
            fields.add("targets", word_or_object(entry.target, kTargets),
                       "What is looked for, provided or put.", fetches ? kRequired : Default{});
            if (put || entry.op == OperationKind::kProvide) {
              fields.add("segment_bytes", integer(entry.segment_bytes, 1),
                         "Size of each segment; it is counted and takes no time.");
            }
            if (put) {
              fields.add("version", integer(entry.version, 1, kMaxVersion),
                         "Of the first record of each key; one more each time round the keys.");
            }
          }};
}

}  // namespace

void describe(Fields& fields, WorkloadEntry& entry) {
  fields.add("name", name(entry.name),
             "Unique in the workload; all draws of the entry depend on it.",
             filled_in("the operation, with -2, -3, ... where it is taken"));
  fields.tagged("op", operations(entry), "Kind of the operations.", kRequired);
  fields.add("count", integer(entry.count, 1, kMaxOperations), "How many operations.", kRequired);
  fields.add("start", time(entry.start), "When the first may arrive.");
  fields.one_of(alternatives(entry.arrival, std::span(kArrivals)));
  fields.add("origins", word_or_object(entry.origin, kOrigins), "The nodes that start them.");
}

void describe(Fields& fields, ClosedLoop& arrival) {
  fields.add("in_flight", integer(arrival.in_flight, 1, kMaxOperations),
             "Closed loop: chains of operations, each started when its predecessor ended.");
}

void describe(Fields& fields, OpenLoop& arrival) {
  fields.add(
      "rate_per_s", real(arrival.rate_per_s, kMinRate, kMaxRate),
      "Open loop: mean arrivals a second, with exponential gaps. Unless stop.at is given, start "
      "+ count / rate_per_s is at most 1752000h.",
      kRequired);
}

void describe(Fields& /*fields*/, origins::Uniform& /*origin*/) {}

void describe(Fields& fields, origins::File& origin) {
  fields.add("file", file(origin.path), "One node a line, its birth number; used in turn.",
             kRequired);
}

void describe(Fields& fields, origins::Group& origin) {
  fields.add("group", name(origin.name), "Name of one of network.groups.", kRequired);
}

void describe(Fields& /*fields*/, targets::Uniform& /*target*/) {}

void describe(Fields& fields, targets::File& target) {
  fields.add("file", file(target.path),
             "One target a line, 64 hexadecimal digits or any text to be hashed; used in turn.",
             kRequired);
}

void describe(Fields& fields, targets::ProvidedBy& target) {
  fields.add("provided_by", name(target.entry), "Name of a `provide` entry; its keys in turn.",
             kRequired);
}

void describe(Fields& fields, targets::PutBy& target) {
  fields.add("put_by", name(target.entry), "Name of a `put` entry; its keys in turn.", kRequired);
}

}  // namespace kadsim
