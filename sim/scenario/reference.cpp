#include "sim/scenario/reference.hpp"

#include "sim/scenario/describe.hpp"
#include "sim/scenario/print.hpp"
#include "sim/scenario/shapes.hpp"
#include "sim/scenario/type_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace kadsim {
namespace {

std::string otherwise_text(const FieldValue& value, const Default& otherwise) {
  switch (otherwise.kind) {
    case Default::Kind::kRequired:
      return "required";
    case Default::Kind::kSameAs:
      return fmt::format("default: that of {}", otherwise.text);
    case Default::Kind::kRule:
      return fmt::format("default: {}", otherwise.text);
    case Default::Kind::kInitial:
      break;
  }
  return "default " + print_value(value);
}

/// Writes down a key and then, as a visitor of its value, the keys within it.
class ReferenceWriter final : public Fields, private ValueVisitor {
 public:
  std::vector<ReferenceEntry> entries;

  void add(std::string_view key, const FieldValue& value, std::string_view help,
           const Default& otherwise) override {
    const std::string outer = path_;
    path_ += path_.empty() ? "" : ".";
    path_ += key;
    entries.push_back({path_, {}, type_text(value), {}, std::string(help)});
    const std::size_t entry = entries.size() - 1;
    is_object_ = false;
    value(*this);
    if (!is_object_) entries[entry].otherwise = otherwise_text(value, otherwise);
    is_object_ = false;
    path_ = outer;
  }

  void tagged(std::string_view key, const Alternatives& alternatives, std::string_view help,
              const Default& otherwise) override {
    const bool is_new = !explained_.contains(alternatives.names.data());
    std::size_t selected = alternatives.selected;
    add(
        key, [&](ValueVisitor& visitor) { visitor.choice(selected, alternatives.names); }, help,
        otherwise);
    if (!is_new) return;
    std::vector<ReferenceEntry> before = std::move(entries);
    std::vector<SharedEntry> shared;
    for (std::size_t i = 0; i < alternatives.names.size(); ++i) {
      entries.clear();
      alternatives.select(i);
      alternatives.describe(*this);
      for (ReferenceEntry& entry : entries) share(shared, std::move(entry), alternatives.names[i]);
    }
    alternatives.select(alternatives.selected);
    entries = std::move(before);
    for (auto& [entry, owners] : shared) {
      if (owners.size() < alternatives.names.size()) {
        entry.condition = fmt::format("when \"{}\" is {}", key, quoted_names(owners));
      }
      entries.push_back(std::move(entry));
    }
  }

  void one_of(const Alternatives& alternatives) override {
    for (std::size_t i = 0; i < alternatives.names.size(); ++i) {
      alternatives.select(i);
      const std::size_t entry = entries.size();
      alternatives.describe(*this);
      if (i == alternatives.selected) continue;
      entries[entry].otherwise =
          fmt::format("instead of {}", alternatives.names[alternatives.selected].name);
    }
    alternatives.select(alternatives.selected);
  }

  void rule(const std::function<void(Rules&)>& /*rule*/) override {}

 private:
  /// An entry with the alternatives that have it.
  struct SharedEntry {
    ReferenceEntry entry;
    std::vector<Named> owners;
  };

  static void share(std::vector<SharedEntry>& shared, ReferenceEntry entry, const Named& owner) {
    const auto same = std::ranges::find(shared, entry, &SharedEntry::entry);
    if (same == shared.end()) {
      shared.push_back({std::move(entry), {owner}});
    } else {
      same->owners.push_back(owner);
    }
  }

  void boolean(bool& /*value*/) override {}
  void integer(std::uint64_t& /*value*/, const IntegerRange& /*range*/) override {}
  void real(double& /*value*/, const RealRange& /*range*/) override {}
  void text(std::string& /*value*/, TextKind /*kind*/) override {}
  void duration(Duration& /*value*/, const DurationRange& /*range*/) override {}
  void rate(Probability& /*value*/) override {}
  void choice(std::size_t& /*index*/, std::span<const Named> names) override {
    if (!explained_.insert(names.data()).second) return;
    for (const Named& named : names) {
      entries.back().help += fmt::format("\n\"{}\": {}", named.name, named.help);
    }
  }
  void optional(bool& /*given*/, const FieldValue& inner) override {
    inner(*this);
    is_object_ = false;
  }
  void list(const ListAccess& list) override {
    list.resize(1);
    const std::string outer = path_;
    path_ += "[]";
    list.at(0)(*this);
    path_ = outer;
    list.resize(list.size);
    is_object_ = false;
  }
  void object(const std::function<void(Fields&)>& describe) override {
    describe(*this);
    is_object_ = true;
  }
  void settings(std::vector<Setting>& /*settings*/, SettingKind /*kind*/) override {}
  void word_or_object(const Alternatives& alternatives) override {
    if (alternatives.words > 1 && explained_.insert(alternatives.names.data()).second) {
      for (const Named& word : alternatives.names.first(alternatives.words)) {
        entries.back().help += fmt::format("\n\"{}\": {}", word.name, word.help);
      }
    }
    for (std::size_t i = alternatives.words; i < alternatives.names.size(); ++i) {
      alternatives.select(i);
      alternatives.describe(*this);
    }
    alternatives.select(alternatives.selected);
  }

  void variation(const Variation& /*variation*/) override { is_object_ = true; }

  std::string path_;
  bool is_object_ = false;            // the value just visited
  std::set<const Named*> explained_;  // lists of names whose help has been written down
};

}  // namespace

std::vector<ReferenceEntry> scenario_reference() {
  Scenario example;
  ReferenceWriter writer;
  describe(writer, example);
  return std::move(writer.entries);
}

std::string print_scenario_reference() {
  std::string text;
  for (const ReferenceEntry& entry : scenario_reference()) {
    text += entry.path;
    if (!entry.condition.empty()) text += fmt::format(" ({})", entry.condition);
    text += fmt::format("\n    {}", entry.type);
    if (!entry.otherwise.empty()) text += fmt::format("; {}", entry.otherwise);
    text += "\n    ";
    for (const char c : entry.help) text += c == '\n' ? std::string("\n      ") : std::string(1, c);
    text += "\n";
  }
  return text;
}

}  // namespace kadsim
