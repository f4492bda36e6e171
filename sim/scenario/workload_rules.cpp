#include "sim/scenario/describe.hpp"
#include "sim/scenario/near_name.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
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

// An entry whose keys another takes.
struct KeySource {
  std::string_view key;  ///< of the scenario, that names it
  OperationKind op;      ///< that it must have
  const std::string* name = nullptr;
};

std::optional<KeySource> key_source(const WorkloadEntry& entry) {
  if (const auto* by = std::get_if<targets::ProvidedBy>(&entry.target)) {
    return KeySource{"targets.provided_by", OperationKind::kProvide, &by->entry};
  }
  if (const auto* by = std::get_if<targets::PutBy>(&entry.target)) {
    return KeySource{"targets.put_by", OperationKind::kPut, &by->entry};
  }
  return std::nullopt;
}

// What an entry of that name may take its keys from. Not its own name, which may be that of such an
// entry as well where names are not unique.
std::vector<std::string_view> sources_for(const std::vector<WorkloadEntry>& workload,
                                          OperationKind op, std::string_view name) {
  std::vector<std::string_view> sources;
  for (const WorkloadEntry& entry : workload) {
    if (entry.op == op && entry.name != name) sources.push_back(entry.name);
  }
  return sources;
}

using EntryNames = std::map<std::string_view, std::size_t>;

// No entry's keys depend on its own keys, directly or through others: a provide takes none from
// another entry, and a put takes only those of a put with keys of its own.
void check_key_source(Rules& rules, const std::vector<WorkloadEntry>& workload,
                      const EntryNames& named, std::size_t at) {
  const WorkloadEntry& entry = workload[at];
  const auto source = key_source(entry);
  if (!source.has_value() || source->name->empty()) return;
  const std::string where = path(at, source->key);
  if (entry.op == OperationKind::kProvide) {
    rules.broken({where}, "a provide can't take its keys from another entry",
                 "want \"uniform\" or a file");
    return;
  }
  if (entry.op == OperationKind::kPut && source->op == OperationKind::kProvide) {
    rules.broken({where}, "a put can't take its keys from a provide",
                 "want \"uniform\", a file, or \"put_by\"");
    return;
  }
  const auto found = named.find(*source->name);
  if (found == named.end() || found->second == at || workload[found->second].op != source->op) {
    rules.broken({where},
                 fmt::format("\"{}\" is no other entry whose op is \"{}\"", *source->name,
                             name_of(source->op)),
                 "want the name of such an entry" +
                     did_you_mean(*source->name, sources_for(workload, source->op, entry.name)));
    return;
  }
  if (entry.op != OperationKind::kPut) return;
  if (const auto further = key_source(workload[found->second]); further.has_value()) {
    rules.broken({where, path(found->second, "targets")},
                 fmt::format("\"{}\" takes its own keys from another entry", *source->name),
                 "want the name of an entry with keys of its own");
  }
}

}  // namespace

void check_workload(Rules& rules, std::vector<WorkloadEntry>& workload) {
  name_entries(workload);
  if (!names_are_sound(rules, workload.size())) return;

  EntryNames named;
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
    check_key_source(rules, workload, named, i);
  }
}

}  // namespace kadsim
