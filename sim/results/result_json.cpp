#include "sim/results/result_json.hpp"

#include "sim/results/result_files.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace kadsim {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) { return std::round(value * 1e6) / 1e6; }

// Every file begun so far except timing.json, which differs each time.
Json json_of_files(ResultFolder& folder) {
  Json files = Json::object();
  for (const ResultFile& file : folder.finish_files()) {
    if (file.name == kTimingJson) continue;
    files[file.name] = {{"bytes", file.bytes}, {"sha256", file.sha256.hex()}};
  }
  return files;
}

Json json_of_build(const BuildInfo& build) {
  return {{"commit", build.commit}, {"compiler", build.compiler}, {"flags", build.flags}};
}

}  // namespace

void write_timing(FileWriter& file, const RunResult& result, const RunTiming& timing) {
  const double play = timing.play_seconds > 0 ? timing.play_seconds : 1e-9;
  const Json json = {
      {"wall_seconds", rounded(timing.wall_seconds)},
      {"build_seconds", rounded(timing.build_seconds)},
      {"play_seconds", rounded(timing.play_seconds)},
      {"cpu_seconds", rounded(timing.cpu_seconds)},
      {"events", result.events},
      {"events_per_second", std::round(static_cast<double>(result.events) / play)},
      {"peak_memory_bytes", timing.peak_memory_bytes},
      {"table_storage", result.storage == TableStorage::kDerived ? "derived" : "precomputed"},
      {"table_bytes", result.table_bytes},
      {"threads", timing.threads},
      {"host", timing.host},
  };
  file.write(json.dump(2) + "\n");
}

void write_manifest(ResultFolder& folder, const Scenario& scenario, std::string_view scenario_text,
                    const RunResult& result, const BuildInfo& build) {
  const Json json = {
      {"kadsim", build.version},
      {"scenario", {{"name", scenario.name}, {"sha256", Hash::of_name(scenario_text).hex()}}},
      {"seed", scenario.seed},
      {"replica", scenario.replica},
      {"world", result.world.hex()},
      {"workload", result.workload.hex()},
      {"fingerprint", result.fingerprint.total().hex()},
      {"records", result.fingerprint.records()},
      {"files", json_of_files(folder)},
      {"build", json_of_build(build)},
  };
  folder.begin(kManifestName).write(json.dump(2) + "\n");
}

void write_many_timing(FileWriter& file, const ManyCounts& counts, const RunTiming& timing) {
  const double wall = timing.wall_seconds > 0 ? timing.wall_seconds : 1e-9;
  const Json json = {
      {"wall_seconds", rounded(timing.wall_seconds)},
      {"cpu_seconds", rounded(timing.cpu_seconds)},
      {"runs", counts.runs},
      {"side_by_side", counts.side_by_side},
      {"events", counts.events},
      {"events_per_second", std::round(static_cast<double>(counts.events) / wall)},
      {"peak_memory_bytes", timing.peak_memory_bytes},
      {"threads", timing.threads},
      {"host", timing.host},
  };
  file.write(json.dump(2) + "\n");
}

void write_many_manifest(ResultFolder& folder, const ManyManifest& manifest,
                         const BuildInfo& build) {
  Json runs = Json::array();
  for (const ListedRun& run : manifest.runs) {
    runs.push_back({{"folder", run.folder},
                    {"scenario_sha256", run.scenario_sha256.hex()},
                    {"fingerprint", run.fingerprint.hex()}});
  }
  const Json json = {
      {"kadsim", build.version},
      {"scenario", {{"name", manifest.scenario_name}, {"sha256", manifest.scenario_sha256.hex()}}},
      {"points", manifest.points},
      {"replica", manifest.first_replica},
      {"replicas", manifest.replicas},
      {"fingerprint", manifest.fingerprint.hex()},
      {"records", manifest.records},
      {"files", json_of_files(folder)},
      {"runs", std::move(runs)},
      {"build", json_of_build(build)},
  };
  folder.begin(kManifestName).write(json.dump(2) + "\n");
}

}  // namespace kadsim
