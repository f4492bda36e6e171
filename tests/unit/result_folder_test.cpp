#include "sim/results/result_folder.hpp"

#include "core/base/assert.hpp"
#include "core/base/input_error.hpp"
#include "sim/results/sha256.hpp"
#include "tests/catch.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

using namespace kadsim;
namespace fs = std::filesystem;

namespace {

// A folder of its own for each case, gone afterwards.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "kadsim_result_folder.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] fs::path operator/(std::string_view name) const { return path_ / name; }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void put(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }

std::string get(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

ResultFolderOptions options(const fs::path& folder, const std::string& scenario = "mine") {
  return {.directory = folder,
          .scenario_name = scenario,
          .scenario_sha256 = Hash::of_name(scenario),
          .names = {"runs.csv", "operations.csv", "connections.csv", "manifest.json"}};
}

ResultFolderOptions forced(ResultFolderOptions options) {
  options.force = true;
  return options;
}

std::string manifest_of(const std::string& scenario) {
  return fmt::format(R"({{"scenario": {{"name": "{}", "sha256": "{}"}}}})", scenario,
                     Hash::of_name(scenario).hex());
}

// A run's results: each of `names` with `content`, and a manifest.
void write_results(ResultFolderOptions options, const std::vector<std::string>& names,
                   std::string_view content = "1\n") {
  const std::string scenario = options.scenario_name;
  ResultFolder folder(std::move(options));
  for (const std::string& name : names) folder.begin(name).write(content);
  folder.begin(kManifestName).write(manifest_of(scenario));
  folder.commit();
}

// What an OutputError from `action` says; fails if there's none.
template <class Action>
std::string output_error(Action action) {
  try {
    action();
  } catch (const OutputError& error) {
    return error.what();
  }
  FAIL("no OutputError");
  return {};
}

std::string refusal(const ResultFolderOptions& options) {
  return output_error([&options] { ResultFolder folder(options); });
}

void check_says(const std::string& text, std::string_view part) {
  INFO(text << "\n  wants: " << part);
  CHECK(text.find(part) != std::string::npos);
}

// Files of this process may not grow past `bytes` while this lives: a disk that gets full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

// While this lives the program has no rights of its own: root may write anywhere.
class Unprivileged {
 public:
  Unprivileged() : was_root_(::geteuid() == 0) {
    if (was_root_) REQUIRE(::seteuid(65534) == 0);
  }
  ~Unprivileged() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  bool was_root_;
};

}  // namespace

TEST_CASE("a part file replaces an older file once it is whole, and otherwise leaves nothing",
          "[result_folder]") {
  const Scratch scratch;
  const fs::path path = scratch / "figures.csv";
  put(path, "older");
  {
    PartFile file(path);
    file.writer().write("half");
    CHECK(fs::exists(PartFile::part_of(path)));
  }
  CHECK(get(path) == "older");
  CHECK_FALSE(fs::exists(PartFile::part_of(path)));
  {
    PartFile file(path);
    file.writer().write("whole");
    file.rename();
  }
  CHECK(get(path) == "whole");
  CHECK_FALSE(fs::exists(PartFile::part_of(path)));
}

TEST_CASE("files have their names only when all of them are whole", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "results/of/today";
  ResultFolder folder(options(out));
  folder.begin("operations.csv").write("operation\n0\n");
  folder.begin("runs.csv").write("run\n0\n");
  folder.begin("manifest.json").write(manifest_of("mine"));
  CHECK(names_in(out) ==
        std::vector<std::string>{"manifest.json.part", "operations.csv.part", "runs.csv.part"});
  folder.commit();
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "operations.csv", "runs.csv"});
  CHECK(get(out / "operations.csv") == "operation\n0\n");
  CHECK(get(out / "runs.csv") == "run\n0\n");
}

TEST_CASE("what a run has made is told in the order in which it can be removed",
          "[result_folder]") {
  const Scratch scratch;
  fs::create_directory(scratch / "there");
  ResultFolder folder(options(scratch / "there/of/today"));
  folder.begin("operations.csv");
  const std::vector<fs::path> made = folder.made();
  CHECK(made == std::vector<fs::path>{scratch / "there/of/today/operations.csv.part",
                                      scratch / "there/of/today", scratch / "there/of"});
  for (const fs::path& path : made) CHECK(fs::remove(path));
}

TEST_CASE("a finished file is listed with its length and SHA-256", "[result_folder]") {
  const Scratch scratch;
  ResultFolder folder(options(scratch / "out"));
  std::string content;
  while (content.size() < 3 * FileWriter::kBufferBytes) content += std::to_string(content.size());
  FileWriter& operations = folder.begin("operations.csv");
  // Pieces of all lengths, one of them longer than the buffer.
  std::size_t at = 0;
  for (std::size_t length = 0; length < 700; at += length++) {
    operations.write(std::string_view(content).substr(at, length));
  }
  operations.write(std::string_view(content).substr(at, FileWriter::kBufferBytes + 1));
  operations.write(std::string_view(content).substr(at + FileWriter::kBufferBytes + 1));
  folder.begin("runs.csv");

  const std::vector<ResultFile> files = folder.finish_files();
  REQUIRE(files.size() == 2);
  CHECK(files[0].name == "runs.csv");
  CHECK(files[0].bytes == 0);
  CHECK(files[0].sha256 == Hash::of_name(""));
  CHECK(files[1].name == "operations.csv");
  CHECK(files[1].bytes == content.size());
  CHECK(files[1].sha256 == Hash::of_name(content));
  folder.begin("manifest.json");
  folder.commit();
  CHECK(get(scratch / "out/operations.csv") == content);
  CHECK(sha256_of_file(scratch / "out/operations.csv") == Hash::of_name(content));
  CHECK_THROWS_AS(sha256_of_file(scratch / "none"), UnreadableError);
  CHECK_THROWS_AS(sha256_of_file(scratch.path()), UnreadableError);
}

TEST_CASE("a run that does not end leaves nothing", "[result_folder]") {
  const Scratch scratch;
  {
    ResultFolder folder(options(scratch / "a/b/c/"));
    folder.begin("runs.csv").write("half a li");
    CHECK(fs::exists(scratch / "a/b/c/runs.csv.part"));
  }
  CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("a run that does not end leaves what was there", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  fs::create_directory(out);
  put(out / "notes.txt", "another's");
  { ResultFolder(options(out)).begin("runs.csv").write("half a li"); }
  CHECK(names_in(out) == std::vector<std::string>{"notes.txt"});

  write_results(options(out), {"runs.csv"}, "old\n");
  {
    ResultFolder folder(options(out));
    folder.begin("runs.csv").write("new\n");
    folder.begin("manifest.json").write("new\n");
    folder.finish_files();
  }
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "notes.txt", "runs.csv"});
  CHECK(get(out / "runs.csv") == "old\n");
  CHECK(get(out / "manifest.json") == manifest_of("mine"));
}

TEST_CASE("the same scenario overwrites its results and removes stale ones", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  write_results(options(out), {"runs.csv", "connections.csv"}, "old\n");
  put(out / "notes.txt", "another's");
  write_results(options(out), {"runs.csv", "operations.csv"}, "new\n");
  CHECK(names_in(out) ==
        std::vector<std::string>{"manifest.json", "notes.txt", "operations.csv", "runs.csv"});
  CHECK(get(out / "runs.csv") == "new\n");
}

TEST_CASE("another scenario's results are overwritten only by force", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  write_results(options(out, "theirs"), {"runs.csv", "connections.csv"}, "theirs\n");

  const std::string message = refusal(options(out));
  check_says(message, out.string());
  check_says(message, "\"theirs\"");
  check_says(message, "--force");
  CHECK(get(out / "runs.csv") == "theirs\n");
  CHECK(get(out / "manifest.json") == manifest_of("theirs"));

  ResultFolderOptions other_settings = options(out, "theirs");
  other_settings.scenario_sha256 = Hash::of_name("theirs, with another seed");
  check_says(refusal(other_settings), "other settings of \"theirs\"");

  write_results(options(scratch / "unnamed", ""), {"runs.csv"});
  for (const std::string mine : {"", "mine"}) {
    ResultFolderOptions unnamed = options(scratch / "unnamed", mine);
    unnamed.scenario_sha256 = Hash::of_name("another");
    check_says(refusal(unnamed), "holds the results of another scenario, which has no name;");
  }

  write_results(forced(options(out)), {"runs.csv"}, "mine\n");
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "runs.csv"});
  CHECK(get(out / "runs.csv") == "mine\n");
}

TEST_CASE("result files that no manifest names are overwritten only by force", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  fs::create_directory(out);
  put(out / "runs.csv", "whose?\n");
  check_says(refusal(options(out)), "holds runs.csv, but no manifest.json that names");
  for (const std::string_view manifest :
       {"", "{", "[]", "null", R"({"scenario": "mine"})", R"({"scenario": {"name": "mine"}})",
        R"({"scenario": {"name": "mine", "sha256": 7}})", "{\"scenario\": \"\xff\"}"}) {
    put(out / "manifest.json", manifest);
    check_says(refusal(options(out)), "--force");
  }
  put(out / "manifest.json", std::string(100'000, '['));
  check_says(refusal(options(out)), "--force");
  CHECK(get(out / "runs.csv") == "whose?\n");

  write_results(forced(options(out)), {"runs.csv"}, "mine\n");
  CHECK(get(out / "runs.csv") == "mine\n");
}

TEST_CASE("a name from a foreign manifest can't send commands to the terminal", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  fs::create_directory(out);
  put(out / "manifest.json", R"({"scenario": {"name": "\u001b[2J\u009b2J", "sha256": ""}})");
  const std::string message = refusal(options(out));
  CHECK(std::ranges::all_of(message, [](char c) { return c >= ' ' && c <= '~'; }));
}

TEST_CASE("left-overs of a killed run are no results and are removed", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  fs::create_directory(out);
  put(out / "runs.csv.part", "half a li");
  put(out / "connections.csv.part", "half a li");
  write_results(options(out), {"runs.csv"}, "whole\n");
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "runs.csv"});
  CHECK(get(out / "runs.csv") == "whole\n");
}

TEST_CASE("two runs at a time do not share a folder", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  {
    ResultFolder first(options(out));
    first.begin("runs.csv").write("first\n");
    check_says(refusal(options(out)), "another run is writing");
    check_says(refusal(forced(options(out))), "another run is writing");
    CHECK(fs::exists(out / "runs.csv.part"));
  }
  write_results(options(out), {"runs.csv"});
}

TEST_CASE("what can't be a folder for results is refused and stays as it was", "[result_folder]") {
  const Scratch scratch;
  put(scratch / "file", "text");
  check_says(refusal(options(scratch / "file")), "is a file (want a folder)");
  check_says(refusal(options(scratch / "file/below")), "cannot make the folder: Not a directory");
  check_says(refusal(options("")), "is empty");
  fs::create_symlink(scratch / "nowhere", scratch / "link");
  check_says(refusal(options(scratch / "link")), "cannot make the folder");
  fs::create_directories(scratch / "out/runs.csv");
  check_says(refusal(forced(options(scratch / "out"))), "runs.csv: is in the way");
  CHECK(get(scratch / "file") == "text");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"file", "link", "out"});

  // Of a path that can be made in part, nothing is left.
  check_says(refusal(options(scratch / ("a/b/" + std::string(300, 'x')))), "File name too long");
  CHECK_FALSE(fs::exists(scratch / "a"));
}

TEST_CASE("a folder without permission to write is refused before the run", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  fs::create_directory(out);
  fs::permissions(scratch.path(), static_cast<fs::perms>(0755));
  fs::permissions(out, static_cast<fs::perms>(0555));
  std::string in_folder;
  std::string below;
  {
    const Unprivileged unprivileged;
    in_folder = refusal(options(out));
    below = refusal(options(out / "below"));
  }
  check_says(in_folder, "cannot write to the folder: Permission denied");
  check_says(below, "cannot make the folder: Permission denied");
}

TEST_CASE("a full disk is an error that names the file, and leaves nothing", "[result_folder]") {
  const Scratch scratch;
  const std::string content(1'000'000, 'x');
  const auto run = [&] {
    const FileSizeLimit limit(100'000);
    ResultFolder folder(options(scratch / "out"));
    folder.begin("operations.csv").write(content);
    folder.begin("manifest.json");
    folder.commit();
  };
  check_says(output_error(run), "out/operations.csv: cannot write: File too large");
  CHECK(names_in(scratch.path()).empty());

  // Nor does it help to ask twice.
  const auto buffered = [&] {
    const FileSizeLimit limit(100'000);
    ResultFolder folder(options(scratch / "out"));
    folder.begin("operations.csv").write(content.substr(0, 200'000));
    folder.begin("manifest.json");
    CHECK_THROWS_AS(folder.commit(), OutputError);
    folder.commit();
  };
  check_says(output_error(buffered), "out/operations.csv: cannot write: File too large");
  CHECK(names_in(scratch.path()).empty());

  FileWriter full("/dev/full");
  full.write("x");
  check_says(output_error([&full] { full.close(); }), "/dev/full: cannot write: No space left");
}

TEST_CASE("the rules of a result folder are asserted", "[result_folder]") {
  const Scratch scratch;
  ResultFolder folder(options(scratch / "out"));
  FileWriter& runs = folder.begin("runs.csv");
  CHECK_THROWS_AS(folder.begin("runs.csv"), AssertionError);
  CHECK_THROWS_AS(folder.begin("other.csv"), AssertionError);
  CHECK_THROWS_AS(folder.commit(), AssertionError);  // without a manifest
  CHECK_THROWS_AS(runs.bytes(), AssertionError);
  runs.close();
  runs.close();
  CHECK_THROWS_AS(runs.write("x"), AssertionError);
  ResultFolderOptions no_manifest = options(scratch / "other");
  no_manifest.names.pop_back();
  CHECK_THROWS_AS(ResultFolder(no_manifest), AssertionError);
}

namespace {

ResultFolderOptions many(ResultFolderOptions options) {
  options.many = true;
  return options;
}

// The results of many runs: one file in each of `runs`, and a manifest.
void write_many(ResultFolderOptions options, const std::vector<std::string>& runs) {
  const std::string scenario = options.scenario_name;
  ResultFolder folder(many(std::move(options)));
  const fs::path staged = folder.begin_runs();
  for (const std::string& run : runs) {
    fs::create_directories(staged / run);
    put(staged / run / "runs.csv", run);
  }
  folder.begin(kManifestName).write(manifest_of(scenario));
  folder.commit();
}

}  // namespace

TEST_CASE("the folders of many runs appear together and replace earlier ones", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  write_many(options(out), {"0001-a/replica-0", "0002-b/replica-0"});
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "runs"});
  write_many(options(out), {"0001-c/replica-0"});
  CHECK(names_in(out / "runs") == std::vector<std::string>{"0001-c"});
  CHECK(get(out / "runs/0001-c/replica-0/runs.csv") == "0001-c/replica-0");
}

TEST_CASE("many runs that do not end leave what was there", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  {
    ResultFolder folder(many(options(out)));
    fs::create_directories(folder.begin_runs() / "0001-a/replica-0");
    CHECK(fs::exists(out / "runs.part/0001-a"));
  }
  CHECK_FALSE(fs::exists(out));
  write_many(options(out), {"0001-a"});
  { ResultFolder(many(options(out))).begin_runs(); }
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "runs"});
  CHECK(fs::exists(out / "runs/0001-a/runs.csv"));
}

TEST_CASE("one run takes the place of many, and many that of one", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  write_many(options(out), {"0001-a"});
  check_says(refusal(options(out, "other")), "holds the results of scenario \"mine\"");
  write_results(forced(options(out, "other")), {"runs.csv"});
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "runs.csv"});
  write_many(forced(options(out)), {"0001-a"});
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "runs"});
}

TEST_CASE("a folder runs that holds other files is never touched", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  fs::create_directories(out / "runs/monday");
  put(out / "runs/monday/notes.txt", "mine");
  check_says(refusal(many(forced(options(out)))), "notes.txt: is in the way");
  write_results(options(out), {"runs.csv"});  // of one run: the name is not needed
  write_results(options(out), {"runs.csv"});
  CHECK(get(out / "runs/monday/notes.txt") == "mine");
  put(scratch / "file", "mine");
  fs::create_directory(scratch / "other");
  fs::create_symlink(out / "runs", scratch / "other/runs");
  check_says(refusal(many(forced(options(scratch / "other")))), "runs: is in the way");
}

TEST_CASE("folders that a killed run has left are removed", "[result_folder]") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  fs::create_directories(out / "runs.part/0001-a/replica-0");
  put(out / "runs.part/0001-a/replica-0/operations.csv.part", "half a li");
  write_results(options(out), {"runs.csv"});
  CHECK(names_in(out) == std::vector<std::string>{"manifest.json", "runs.csv"});
}
