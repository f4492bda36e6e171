#include "sim/results/connection_log.hpp"

#include "sim/measure/interaction_result.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace kadsim {
namespace {

constexpr std::array<std::string_view, 18> kColumns = {
    "conn_id", "time", "from", "to", "error", "base_delay", "origin_overhead", "remote_overhead",
    "total_overhead", "total_delay",
    // Not in py-dht:
    "operation", "phase", "kind", "attempt", "start_ns", "end_ns", "awaited", "remote_wait"};

// By InteractionResult.
constexpr std::array<std::string_view, 7> kErrors = {
    "None", "fast", "slow", "node_not_found", "timeout", "rejected", "busy"};

// By Interaction::ordinal.
constexpr std::array<std::string_view, 3> kPhases = {"lookup", "store", "repair"};

std::string_view kind_name(InteractionKind kind) {
  switch (kind) {
    case InteractionKind::kDial:
      return "dial";
    case InteractionKind::kGetClosestNodes:
      return "get_closest_nodes_to";
    case InteractionKind::kStoreSegment:
      return "store_segment";
    case InteractionKind::kRetrieveSegment:
      return "retrieve_segment";
    case InteractionKind::kNegotiation:
      return "negotiation";
  }
  return "";
}

std::vector<std::string_view> columns_for(const NodeGroups& groups) {
  std::vector<std::string_view> columns(kColumns.begin(), kColumns.end());
  if (groups.any()) columns.push_back("origin_group");
  return columns;
}

}  // namespace

ConnectionLog::ConnectionLog(FileWriter& file, const Workload& workload,
                             const Population& population)
    : csv_(file, columns_for(population.groups())), workload_(workload), population_(population) {}

void ConnectionLog::write(const InteractionOutcome& record) {
  const Interaction& interaction = record.interaction;
  csv_.integer(next_id_++)
      .ms(record.start.ns())
      .integer(population_.birth(interaction.from))
      .integer(population_.birth(interaction.to))
      .text(kErrors[static_cast<std::size_t>(result_of(record))])
      .ms(record.base_delay.ns())
      .ms(record.origin_overhead.ns())
      .ms(record.remote_overhead.ns())
      .ms((record.origin_overhead + record.remote_overhead).ns())
      .ms((record.end - record.start).ns());
  if (const auto number = workload_.number_of_key(interaction.operation); number.has_value()) {
    csv_.integer(*number);
  } else {
    csv_.empty();
  }
  csv_.text(kPhases[interaction.ordinal])
      .text(kind_name(interaction.kind))
      .integer(interaction.contact_index)
      .integer(record.start.ns())
      .integer(record.end.ns())
      .integer(record.awaited ? 1 : 0)
      .ms(record.remote_wait.ns());
  if (population_.groups().any()) {
    csv_.text(population_.groups().name_of(population_.birth(interaction.from)));
  }
  csv_.end_row();
}

}  // namespace kadsim
