#include "sim/run/check_data.hpp"

#include "sim/scenario/data_files.hpp"
#include "sim/scenario/limit_file.hpp"
#include "sim/workload/list_file.hpp"
#include "sim/workload/workload.hpp"
#include "sim/world/delay_source.hpp"
#include "sim/world/node_groups.hpp"

namespace kadsim {

void check_data(const Scenario& given) {
  const Scenario scenario = with_found_files(given);
  const LinkOptions& link = scenario.network.link;
  make_delay_source(link.delay, scenario.seed, scenario.replica);
  for (const ErrorOptions* errors : {&link.fast_errors, &link.slow_errors}) {
    if (errors->delay.has_value())
      make_delay_source(*errors->delay, scenario.seed, scenario.replica);
  }
  for (const ClientOptions& client : clients_by_group(scenario.network.groups, scenario.client)) {
    const auto& scopes = client.resources.go_libp2p;
    if (scopes && scopes->limit_file) static_cast<void>(read_limit_file(*scopes->limit_file));
  }
  if (const auto& file = scenario.network.identities.file) {
    IdentityOptions identities = scenario.network.identities;
    identities.hashes = read_identities(*file, scenario.network.nodes);
    require_room(scenario.network.groups, scenario.network.nodes, identities);
  }
  for (const WorkloadEntry& entry : scenario.workload) {
    if (const auto* file = std::get_if<origins::File>(&entry.origin)) {
      read_origin_births(file->path, scenario.network.nodes);
    }
    if (const auto* file = std::get_if<targets::File>(&entry.target)) read_list_file(file->path);
  }
}

}  // namespace kadsim
