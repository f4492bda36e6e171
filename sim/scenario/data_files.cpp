#include "sim/scenario/data_files.hpp"

#include "sim/scenario/describe.hpp"
#include "sim/scenario/shapes.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace kadsim {
namespace {

/// Visits every path of a data file within a value.
class FileVisitor final : public ValueVisitor, private Fields {
 public:
  explicit FileVisitor(std::function<void(std::string&)> visit) : visit_(std::move(visit)) {}

  void boolean(bool& /*value*/) override {}
  void integer(std::uint64_t& /*value*/, const IntegerRange& /*range*/) override {}
  void real(double& /*value*/, const RealRange& /*range*/) override {}
  void duration(Duration& /*value*/, const DurationRange& /*range*/) override {}
  void rate(Probability& /*value*/) override {}
  void choice(std::size_t& /*index*/, std::span<const Named> /*names*/) override {}

  void text(std::string& value, TextKind kind) override {
    if (kind == TextKind::kFile) visit_(value);
  }
  void optional(bool& given, const FieldValue& inner) override {
    if (given) inner(*this);
  }
  void list(const ListAccess& list) override {
    for (std::size_t i = 0; i < list.size; ++i) list.at(i)(*this);
  }
  void object(const std::function<void(Fields&)>& describe) override { describe(*this); }
  void settings(std::vector<Setting>& /*settings*/, SettingKind /*kind*/) override {}
  void word_or_object(const Alternatives& alternatives) override { alternatives.describe(*this); }
  void variation(const Variation& variation) override {
    if (variation.given) variation.own(*this);
  }

 private:
  void add(std::string_view /*key*/, const FieldValue& value, std::string_view /*help*/,
           const Default& /*otherwise*/) override {
    value(*this);
  }
  void tagged(std::string_view /*key*/, const Alternatives& alternatives, std::string_view /*help*/,
              const Default& /*otherwise*/) override {
    alternatives.describe(*this);
  }
  void one_of(const Alternatives& alternatives) override { alternatives.describe(*this); }
  void rule(const std::function<void(Rules&)>& /*rule*/) override {}

  std::function<void(std::string&)> visit_;
};

}  // namespace

Scenario with_found_files(Scenario scenario) {
  const std::filesystem::path folder = std::exchange(scenario.folder, {});
  FileVisitor visitor(
      [&folder](std::string& path) { path = (folder / path).lexically_normal().string(); });
  shape::object(scenario)(visitor);
  return scenario;
}

std::vector<std::string> data_files(const Scenario& scenario) {
  Scenario found = with_found_files(scenario);
  std::vector<std::string> paths;
  FileVisitor visitor([&paths](std::string& path) {
    if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
  });
  shape::object(found)(visitor);
  return paths;
}

}  // namespace kadsim
