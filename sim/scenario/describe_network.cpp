#include "sim/scenario/describe.hpp"
#include "sim/scenario/shapes.hpp"

#include <fmt/format.h>

#include <vector>

namespace kadsim {
namespace {

using namespace shape;

constexpr std::uint64_t kMaxNodes = 4'000'000'000;
constexpr Duration kMaxGamma = Duration::minutes(1);

constexpr std::array kFills = {
    Named{"closest", "The k nodes of a bucket's subtree that are closest to the owner (py-dht)."},
    Named{"random", "k uniformly random members of the subtree."},
    Named{"balanced", "As even as possible over the halves of the subtree, recursively (RFM19.1)."},
};
constexpr std::array kStorages = {
    Named{"precomputed", "Built ahead by all cores: 4 bytes a contact."},
    Named{"derived", "Each bucket is filled when it is read: no memory, somewhat more time."},
    Named{"auto", "derived if the run would otherwise take more than half of the machine's memory."},
};
constexpr std::array kDraws = {
    Named{"pair", "Once for each pair of nodes, the same both ways for the whole run."},
    Named{"connection", "Once for each contact within an operation (py-dht)."},
    Named{"interaction", "For each dial and each request anew."},
};
constexpr std::array kDials = {
    Named{"first", "Before the first request to a contact within an operation."},
    Named{"every", "Before each request (py-dht)."},
    Named{"never", "Connectionless, as with UDP."},
};
constexpr std::array kGammaModes = {
    Named{"in_flight", "For each RPC now in flight at the node, this one included."},
    Named{"cumulative", "For each use of the node since the start (py-dht)."},
};

// Every chosen identity is one of the nodes.
void check_identities(Rules& rules, const NetworkOptions& network) {
  std::uint64_t left = network.nodes;
  const std::vector<PrefixIdentities>& near = network.identities.prefixes;
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (near[i].count > left) {
      rules.broken({fmt::format("identities.near.{}.count", i), "identities", "nodes"},
                   fmt::format("{} identities are more than the {} nodes that are left",
                               near[i].count, left),
                   fmt::format("want a whole number from 1 to {}, or more nodes", left));
      return;
    }
    left -= near[i].count;
  }
}

FieldValue errors(ErrorOptions& options, std::string_view delay_help) {
  return object_with([&options, delay_help](Fields& fields) {
    fields.add("rate", rate(options.rate),
               "Share of dials (requests, without dials) that fail so.");
    fields.add("delay", optional_of(options.delay, [](DelayModel& model) { return object(model); }),
               delay_help);
  });
}

}  // namespace

std::span<const Named> table_fills() { return kFills; }

// Names of their own, so that the list of keys explains them at both places.
std::span<const Named> dials_of_groups() {
  static constexpr auto kOfGroups = kDials;
  return kOfGroups;
}

void describe_network(Fields& fields, NetworkOptions& network, ClientOptions& client) {
  fields.add("id", integer(network.id), "A label; it changes no draw.");
  fields.add("nodes", integer(network.nodes, 1, kMaxNodes), "Nodes at time 0.", kRequired);
  fields.add("unreachable", rate(network.unreachable),
             "Share of the nodes that stand in tables but never answer.");
  fields.add("identities", object(network.identities),
             "Of these nodes, those whose hashes are chosen.");
  fields.add("groups",
             list_of(network.groups,
                     [&client](GroupOptions& group) {
                       return object_with(
                           [&group, &client](Fields& own) { describe_group(own, group, client); });
                     }),
             "Groups of nodes that differ; nodes that no group takes are in none.");
  fields.add("tables", object_with([&network](Fields& tables) {
               tables.add("fill", choice(network.fill, kFills),
                          "Which nodes of its subtree a bucket holds.");
               tables.add("storage", choice(network.storage, kStorages),
                          "Where they are kept; changes no result.");
             }),
             "Routing tables at time 0.");
  fields.add("link", object_with([&network, &client](Fields& link) {
               describe_link(link, network.link, client.dial);
             }),
             "What lies between two nodes.");
  fields.rule([&network](Rules& rules) {
    if (network.unreachable == Probability(1, 1)) {
      rules.broken({"unreachable"}, "1 leaves no node to ask from", "want a number below 1");
    }
    check_identities(rules, network);
    check_groups(rules, network);
  });
}

void describe_link(Fields& fields, LinkOptions& link, DialPolicy& dial) {
  fields.add("delay", object(link.delay), "Round trip of a dial, or of a request and its answer.");
  fields.add("draw", choice(link.draw, kDraws), "For what a base delay is drawn.");
  fields.add("dial", choice(dial, kDials), "When a client dials before it sends a request.");
  fields.add("fast_errors",
             errors(link.fast_errors, "When it is known; null: after the delay of the link."),
             "Refusals, known at once.");
  fields.add("slow_errors",
             errors(link.slow_errors,
                    "When it is known, at the RPC timeout at the latest; null: at the timeout."),
             "Losses, known late.");
  fields.add("gamma", duration(link.gamma, Duration(), kMaxGamma),
             "Overhead that a node adds, times what gamma_mode counts.");
  fields.add("gamma_mode", choice(link.gamma_mode, kGammaModes), "What gamma is multiplied by.");
}

}  // namespace kadsim
