#include "sim/results/result_reader.hpp"

#include "core/base/input_error.hpp"
#include "sim/input/parse_number.hpp"
#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"
#include "sim/input/text_file.hpp"
#include "sim/results/operations_csv.hpp"
#include "sim/results/result_files.hpp"
#include "sim/results/result_folder.hpp"
#include "sim/results/sha256.hpp"
#include "sim/scenario/json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>

namespace kadsim {
namespace {

namespace fs = std::filesystem;

/// A JSON file that kadsim wrote and that may have been damaged since.
class JsonFile {
 public:
  explicit JsonFile(const fs::path& path)
      : name_(path.string()),
        text_(read_text_file(name_)),
        source_(SourceText::file(name_, text_)),
        document_(parse_json(source_)) {
    if (document_.root) return;
    Problems problems;
    for (const Problem& problem : document_.problems) problems.add(problem);
    throw InputError(problems.report());
  }
  JsonFile(const JsonFile&) = delete;
  JsonFile& operator=(const JsonFile&) = delete;

  [[nodiscard]] const JsonValue& root() const { return *document_.root; }
  [[nodiscard]] const std::string& text() const { return text_; }

  /// The text or number at a path like `scenario.sha256`.
  [[nodiscard]] std::string at(const std::string& path) const { return in(root(), path); }
  [[nodiscard]] std::string in(const JsonValue& value, const std::string& path) const {
    const JsonValue* at = &value;
    for (std::size_t begin = 0; at != nullptr && begin <= path.size();) {
      const std::size_t end = std::min(path.find('.', begin), path.size());
      at = at->find(path.substr(begin, end - begin));
      begin = end + 1;
    }
    if (at == nullptr || (at->kind != JsonKind::kText && at->kind != JsonKind::kNumber)) {
      damaged(fmt::format("it has no {}", path));
    }
    return at->text;
  }

  template <class Number>
  [[nodiscard]] Number number_at(const std::string& path) const {
    const std::string text = at(path);
    const std::optional<Number> number = parse_number<Number>(text);
    if (!number) damaged(fmt::format("{} is not a number: {}", path, printable(text)));
    return *number;
  }

  [[noreturn]] void damaged(const std::string& how) const {
    throw InputError(
        fmt::format("{}: damaged: {} (want a file as kadsim run wrote it)", name_, how));
  }

 private:
  std::string name_;
  std::string text_;
  SourceText source_;
  JsonDocument document_;
};

// Keys that do not change what is played, or that differ in any case.
bool is_label(const std::string& key) {
  static const std::vector<std::string> kLabels = {"version", "name",  "description", "replica",
                                                   "points",  "sweep", "replicas",    "output"};
  return std::ranges::count(kLabels, key) > 0;
}

void flatten(const JsonValue& value, const std::string& path,
             std::map<std::string, std::string>& settings) {
  if (value.children.empty()) {
    settings[path] = format_json(value);
    return;
  }
  for (std::size_t i = 0; i < value.children.size(); ++i) {
    const JsonValue& child = value.children[i];
    const std::string key = value.kind == JsonKind::kObject ? child.key : std::to_string(i);
    if (path.empty() && is_label(key)) continue;
    flatten(child, path.empty() ? key : path + "." + key, settings);
  }
}

void require_version(const JsonFile& manifest, const fs::path& folder, std::string_view ours) {
  const std::string theirs = manifest.at("kadsim");
  if (theirs == ours) return;
  throw InputError(fmt::format(
      "{}: written by kadsim {}, and this is {} (want results of this version; run the scenario "
      "again)",
      folder.string(), printable(theirs), ours));
}

StoredRun read_run(const fs::path& folder, std::string_view version) {
  const JsonFile manifest(folder / kManifestName);
  require_version(manifest, folder, version);
  const JsonFile scenario(folder / kScenarioJson);
  if (Hash::of_name(scenario.text()).hex() != manifest.at("scenario.sha256")) {
    scenario.damaged("its SHA-256 is not the one in the manifest");
  }
  StoredRun run;
  run.folder = folder;
  run.replica = manifest.number_at<std::uint32_t>("replica");
  run.seed = manifest.number_at<std::uint64_t>("seed");
  run.world = manifest.at("world");
  run.workload = manifest.at("workload");
  run.fingerprint = manifest.at("fingerprint");
  const JsonValue* files = manifest.root().find("files");
  const JsonValue* operations = files == nullptr ? nullptr : files->find(kOperationsCsv);
  if (operations != nullptr) run.operations_sha256 = manifest.in(*operations, "sha256");
  flatten(scenario.root(), "", run.settings);
  return run;
}

// "runs/0003-0.1-wide/replica-0" -> "0.1-wide"
std::string point_of(const fs::path& run) {
  const std::string folder = run.parent_path().filename().string();
  const auto dash = folder.find('-');
  const bool numbered =
      dash != std::string::npos && dash > 0 &&
      std::all_of(folder.begin(), folder.begin() + static_cast<std::ptrdiff_t>(dash),
                  [](char c) { return c >= '0' && c <= '9'; });
  return numbered ? folder.substr(dash + 1) : "";
}

std::vector<StoredPoint> read_many(const fs::path& folder, const JsonFile& manifest,
                                   std::string_view version) {
  require_version(manifest, folder, version);
  const JsonValue& runs = *manifest.root().find("runs");
  if (runs.children.empty()) manifest.damaged("it has no runs");
  std::vector<StoredPoint> points;
  for (const JsonValue& listed : runs.children) {
    const fs::path path = folder / manifest.in(listed, "folder");
    StoredRun run = read_run(path, version);
    if (run.fingerprint != manifest.in(listed, "fingerprint")) {
      manifest.damaged(fmt::format("its fingerprint of {} is not that run's", path.string()));
    }
    const std::string name = point_of(path);
    if (points.empty() || points.back().name != name) points.push_back({name, {}});
    points.back().runs.push_back(std::move(run));
  }
  return points;
}

// The replicas in the folder of a point of many runs; nothing if it is no such folder.
std::vector<StoredPoint> read_point(const fs::path& folder, std::string_view version) {
  StoredPoint point{point_of(folder / "replica"), {}};
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    const bool replica = at->path().filename().string().starts_with("replica-");
    if (replica && fs::is_directory(at->path()))
      point.runs.push_back(read_run(at->path(), version));
  }
  if (point.runs.empty()) return {};
  std::ranges::sort(point.runs, {}, &StoredRun::replica);
  return {std::move(point)};
}

}  // namespace

std::vector<StoredPoint> read_results(const fs::path& folder, std::string_view version) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found || status.type() == fs::file_type::none) {
    throw UnreadableError(fmt::format("{}: {}", folder.string(), error.message()));
  }
  if (status.type() != fs::file_type::directory) {
    throw UnreadableError(
        fmt::format("{}: is not a folder (want the results of kadsim run)", folder.string()));
  }
  const fs::path manifest_path = folder / kManifestName;
  if (!fs::exists(manifest_path, error)) {
    std::vector<StoredPoint> point = read_point(folder, version);
    if (!point.empty()) return point;
    throw UnreadableError(fmt::format("{}: holds no {} (want the results of kadsim run)",
                                      folder.string(), kManifestName));
  }
  const JsonFile manifest(manifest_path);
  if (manifest.root().find("runs") != nullptr) return read_many(folder, manifest, version);
  return {{"", {read_run(folder, version)}}};
}

std::vector<OperationSample> read_operations(const StoredRun& run) {
  const fs::path path = run.folder / kOperationsCsv;
  if (run.operations_sha256.empty()) {
    throw InputError(fmt::format(
        "{}: holds no operations.csv (want a run with \"output\": {{\"operations\": true}})",
        run.folder.string()));
  }
  if (sha256_of_file(path).hex() != run.operations_sha256) {
    throw InputError(
        fmt::format("{}: damaged: its SHA-256 is not the one in the manifest (want a file as "
                    "kadsim run wrote it)",
                    path.string()));
  }
  return read_operation_samples(path);
}

}  // namespace kadsim
