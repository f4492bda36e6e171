#include "sim/workload/workload.hpp"

#include "core/base/assert.hpp"
#include "core/random/distributions.hpp"
#include "sim/input/setting_error.hpp"
#include "sim/workload/list_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kadsim {
namespace {

std::vector<PeerRef> read_origins(const std::string& path, const Population& population) {
  std::vector<PeerRef> origins;
  for (const std::uint32_t birth : read_origin_births(path, population.initial())) {
    origins.push_back(population.born(birth));
  }
  return origins;
}

// The nodes of a group that are reachable, by birth.
std::vector<PeerRef> members(const std::string& group, const Population& population) {
  const std::size_t wanted = population.groups().index(group);
  std::vector<PeerRef> members;
  for (std::uint32_t birth = 0; birth < population.initial(); ++birth) {
    const PeerRef peer = population.born(birth);
    if (population.groups().of(birth) == wanted && population.reachable(peer)) {
      members.push_back(peer);
    }
  }
  return members;
}

std::vector<Hash> read_targets(const std::string& path) {
  std::vector<Hash> targets;
  for (const std::string& entry : read_list_file(path)) {
    const auto hash = Hash::from_hex(entry);
    targets.push_back(hash.has_value() ? *hash : Hash::of_name(entry));
  }
  return targets;
}

// Name of the entry whose keys this one takes; null if they are its own.
const std::string* source_of_keys(const WorkloadEntry& entry) {
  if (const auto* by = std::get_if<targets::ProvidedBy>(&entry.target)) return &by->entry;
  if (const auto* by = std::get_if<targets::PutBy>(&entry.target)) return &by->entry;
  return nullptr;
}

QuantileTable gap_table(const WorkloadEntry& entry) {
  const auto* open = std::get_if<OpenLoop>(&entry.arrival);
  if (open == nullptr) return constant(Duration().ns());
  return exponential(static_cast<std::int64_t>(1e9 / open->rate_per_s + 0.5));
}

}  // namespace

Workload::Workload(const std::vector<WorkloadEntry>& entries, const Population& population,
                   std::uint64_t seed, std::uint32_t replica)
    : entries_(entries),
      population_(population),
      seed_(seed),
      replica_(replica),
      keys_of_(entries.size()),
      origin_stream_(seed, replica, "workload.origin"),
      arrival_stream_(seed, replica, "workload.arrival") {
  first_number_.push_back(0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const WorkloadEntry& entry = entries_[i];
    first_number_.push_back(first_number_.back() + entry.count);
    const auto hash = static_cast<std::uint32_t>(Hash::of_name(entry.name).upper_word() >> 32);
    const auto same = std::find(name_hashes_.begin(), name_hashes_.end(), hash);
    if (same != name_hashes_.end()) {
      throw SettingError(fmt::format("workload.{}.name", i),
                         fmt::format("it has the same 32-bit hash as the name of workload.{}",
                                     same - name_hashes_.begin()),
                         "want another name");
    }
    name_hashes_.push_back(hash);
    gaps_.push_back(gap_table(entry));
  }
  read_files();
}

void Workload::read_files() {
  listed_origins_.resize(entries_.size());
  group_origins_.resize(entries_.size());
  listed_targets_.resize(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const WorkloadEntry& entry = entries_[i];
    if (const auto* file = std::get_if<origins::File>(&entry.origin)) {
      listed_origins_[i] = read_origins(file->path, population_);
    } else if (population_.reachable_count() == 0) {
      throw SettingError("network.unreachable",
                         fmt::format("no node can be an origin of workload.{}, since none is "
                                     "reachable",
                                     i),
                         "want fewer unreachable nodes, or origins from a file");
    } else if (const auto* group = std::get_if<origins::Group>(&entry.origin)) {
      group_origins_[i] = members(group->name, population_);
      if (group_origins_[i].empty()) {
        throw SettingError(fmt::format("workload.{}.origins.group", i),
                           fmt::format("\"{}\" has no node that is reachable", group->name),
                           "want a group with more nodes, or with fewer unreachable ones");
      }
    }
    if (const auto* file = std::get_if<targets::File>(&entry.target)) {
      listed_targets_[i] = read_targets(file->path);
    }
    if (const std::string* source = source_of_keys(entry); source != nullptr) {
      const auto by = std::ranges::find(entries_, *source, &WorkloadEntry::name);
      KADSIM_ASSERT(by != entries_.end(), "a scenario names only entries that it has");
      keys_of_[i] = static_cast<std::uint32_t>(by - entries_.begin());
    }
  }
}

OperationPlace Workload::place(std::uint64_t number) const {
  const auto behind = std::upper_bound(first_number_.begin(), first_number_.end(), number);
  const auto entry = static_cast<std::size_t>(behind - first_number_.begin()) - 1;
  return {static_cast<std::uint32_t>(entry), number - first_number_[entry]};
}

std::optional<std::uint64_t> Workload::number_of_key(std::uint64_t key) const {
  const auto name =
      std::find(name_hashes_.begin(), name_hashes_.end(), static_cast<std::uint32_t>(key >> 32));
  if (name == name_hashes_.end()) return std::nullopt;
  const auto entry = static_cast<std::uint32_t>(name - name_hashes_.begin());
  return number({entry, key & 0xffffffffU});
}

OperationRequest Workload::request(OperationPlace place) const {
  const WorkloadEntry& entry = entries_[place.entry];
  return {.kind = entry.op,
          .origin = origin(place),
          .target = target(place),
          .record = {entry.segment_bytes, entry.op == OperationKind::kPut ? version(place) : 0},
          .key = key(place)};
}

std::uint64_t Workload::keys(std::size_t entry) const {
  const std::uint64_t count = entries_[entry].count;
  if (const auto& by = keys_of_[entry]; by.has_value()) return std::min(count, keys(*by));
  const std::uint64_t listed = listed_targets_[entry].size();
  return listed > 0 ? std::min(count, listed) : count;
}

std::uint32_t Workload::version(OperationPlace place) const {
  return entries_[place.entry].version +
         static_cast<std::uint32_t>(place.index / keys(place.entry));
}

PeerRef Workload::origin(OperationPlace place) const {
  const std::vector<PeerRef>& listed = listed_origins_[place.entry];
  if (!listed.empty()) return listed[place.index % listed.size()];
  RandomSequence random(origin_stream_, {key(place), 0, 0});
  const std::vector<PeerRef>& group = group_origins_[place.entry];
  if (!group.empty()) return group[random.below(group.size())];
  for (;;) {
    const PeerRef peer =
        population_.born(static_cast<std::uint32_t>(random.below(population_.initial())));
    if (population_.reachable(peer)) return peer;
  }
}

Hash Workload::target(OperationPlace place) const {
  const WorkloadEntry& entry = entries_[place.entry];
  if (const auto& by = keys_of_[place.entry]; by.has_value()) {
    return target({*by, place.index % entries_[*by].count});
  }
  const std::vector<Hash>& listed = listed_targets_[place.entry];
  if (!listed.empty()) return listed[place.index % listed.size()];
  return named_hash(entry.op == OperationKind::kProvide ? "segment" : "key", seed_, replica_,
                    key(place));
}

Duration Workload::gap(OperationPlace place) const {
  return Duration::nanoseconds(gaps_[place.entry].draw(arrival_stream_.bits({key(place), 0, 0})));
}

}  // namespace kadsim
