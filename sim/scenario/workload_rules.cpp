#include "sim/scenario/describe.hpp"
#include "sim/scenario/near_name.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kadsim {
namespace {

std::string path(std::size_t entry, std::string_view key) {
  return fmt::format("workload.{}.{}", entry, key);
}

// "lookup", "lookup-2", ..., whichever is not taken yet.
void name_entries(std::vector<WorkloadEntry>& workload) {
  std::set<std::string, std::less<>> taken;
  for (const WorkloadEntry& entry : workload) taken.insert(entry.name);
  std::map<OperationKind, std::size_t> last;
  for (WorkloadEntry& entry : workload) {
    if (!entry.name.empty()) continue;
    do {
      const std::size_t number = ++last[entry.op];
      entry.name = name_of(entry.op);
      if (number > 1) entry.name += fmt::format("-{}", number);
    } while (!taken.insert(entry.name).second);
  }
}

// What a name refers to can't be told while an operation or a name is wrong somewhere.
bool names_are_sound(const Rules& rules, std::size_t entries) {
  for (std::size_t i = 0; i < entries; ++i) {
    if (!rules.sound(path(i, "op")) || !rules.sound(path(i, "name"))) return false;
  }
  return true;
}

// What an entry of that name may take its keys from. Not its own name, which may be that of a
// provide as well where names are not unique.
std::vector<std::string_view> providers_for(const std::vector<WorkloadEntry>& workload,
                                            std::string_view name) {
  std::vector<std::string_view> providers;
  for (const WorkloadEntry& entry : workload) {
    if (entry.op == OperationKind::kProvide && entry.name != name) providers.push_back(entry.name);
  }
  return providers;
}

}  // namespace

void check_workload(Rules& rules, std::vector<WorkloadEntry>& workload) {
  name_entries(workload);
  if (!names_are_sound(rules, workload.size())) return;

  std::map<std::string_view, std::size_t> named;
  for (std::size_t i = 0; i < workload.size(); ++i) {
    const auto [first, is_new] = named.try_emplace(workload[i].name, i);
    if (!is_new) {
      rules.broken(
          {path(i, "name")},
          fmt::format("\"{}\" is the name of workload.{} as well", workload[i].name, first->second),
          "want another name");
    }
  }

  for (std::size_t i = 0; i < workload.size(); ++i) {
    const auto* target = std::get_if<targets::ProvidedBy>(&workload[i].target);
    if (target == nullptr || target->entry.empty()) continue;
    // So no entry's keys hang on its own, however long the way.
    if (workload[i].op == OperationKind::kProvide) {
      rules.broken({path(i, "targets.provided_by")},
                   "a provide can't take its keys from another entry",
                   "want \"uniform\" or a file");
      continue;
    }
    const auto provider = named.find(target->entry);
    const bool found = provider != named.end() && provider->second != i &&
                       workload[provider->second].op == OperationKind::kProvide;
    if (found) continue;
    rules.broken({path(i, "targets.provided_by")},
                 fmt::format("\"{}\" is no other entry whose op is \"provide\"", target->entry),
                 "want the name of such an entry" +
                     did_you_mean(target->entry, providers_for(workload, workload[i].name)));
  }
}

}  // namespace kadsim
