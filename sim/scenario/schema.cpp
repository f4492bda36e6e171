#include "sim/scenario/schema.hpp"

#include "sim/scenario/describe.hpp"
#include "sim/scenario/duration_text.hpp"
#include "sim/scenario/print.hpp"
#include "sim/scenario/shapes.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace kadsim {
namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const FieldValue& value);

Json names_of(std::span<const Named> names) {
  Json list = Json::array();
  for (const Named& named : names) list.push_back(named.name);
  return list;
}

Json help_of(std::span<const Named> names) {
  Json list = Json::array();
  for (const Named& named : names) list.push_back(named.help);
  return list;
}

// The schema of what varies an object: no key has a default of its own, and the tag that chooses
// between alternatives may stand in the other object.
Json loosened(Json schema) {
  schema.erase("default");
  if (schema.contains("properties")) {
    for (auto& [key, property] : schema["properties"].items()) property = loosened(property);
  }
  for (const char* const choices : {"oneOf", "anyOf"}) {
    if (!schema.contains(choices)) continue;
    for (Json& choice : schema[choices]) choice = loosened(choice);
  }
  if (schema.value("type", "") == "object" && schema.contains("oneOf")) {
    for (Json& choice : schema["oneOf"]) choice.erase("required");
    schema["anyOf"] = schema["oneOf"];
    schema.erase("oneOf");
  }
  return schema;
}

/// Collects the properties of one object. With a tag it is a choice between objects, one for each
/// alternative, each with the common fields as well.
class ObjectSchema final : public Fields {
 public:
  void add(std::string_view key, const FieldValue& value, std::string_view help,
           const Default& otherwise) override {
    Json property = schema_of(value);
    property["description"] = description(help, otherwise);
    if (otherwise.kind == Default::Kind::kInitial && property.value("type", "") != "object") {
      property["default"] = Json::parse(print_value(value));
    }
    // An object that may be left out is read as an empty one: so its required keys require it.
    const bool is_needed =
        otherwise.kind == Default::Kind::kRequired || property.contains("required");
    if (is_needed) required_.push_back(std::string(key));
    properties_[std::string(key)] = std::move(property);
  }

  void tagged(std::string_view key, const Alternatives& alternatives, std::string_view help,
              const Default& otherwise) override {
    tag_ = key;
    for (std::size_t i = 0; i < alternatives.names.size(); ++i) {
      const Named& named = alternatives.names[i];
      Json tag = {{"const", named.name}, {"description", description(help, otherwise)}};
      const bool may_be_absent =
          otherwise.kind != Default::Kind::kRequired && i == alternatives.selected;
      if (may_be_absent) tag["default"] = named.name;
      alternatives.select(i);
      ObjectSchema own;
      if (!may_be_absent) own.required_.push_back(std::string(key));
      own.properties_[std::string(key)] = std::move(tag);
      alternatives.describe(own);
      own.help_ = named.help;
      variants_.push_back(std::move(own));
    }
    alternatives.select(alternatives.selected);
    place_of_tag_ = properties_.size();
  }

  void one_of(const Alternatives& alternatives) override {
    const Json required = required_;  // which of them is given is said below
    for (std::size_t i = 0; i < alternatives.names.size(); ++i) {
      alternatives.select(i);
      alternatives.describe(*this);
      auto& property = properties_[std::string(alternatives.names[i].name)];
      if (i != alternatives.selected) property.erase("default");
    }
    alternatives.select(alternatives.selected);
    required_ = required;
    exclusive_ = names_of(alternatives.names);
  }

  void rule(const std::function<void(Rules&)>& /*rule*/) override {}

  [[nodiscard]] Json schema() const {
    if (variants_.empty()) return finished(properties_, required_);
    Json choices = Json::array();
    for (const ObjectSchema& variant : variants_) {
      Json properties = Json::object();  // common ones, the tag and its own, common ones
      std::size_t count = 0;
      for (const auto& [key, property] : properties_.items()) {
        if (count++ == place_of_tag_) properties.update(variant.properties_);
        properties[key] = property;
      }
      properties.update(variant.properties_);
      Json required = required_;
      for (const Json& key : variant.required_) required.push_back(key);
      Json choice = finished(properties, required);
      choice["description"] = variant.help_;
      choices.push_back(std::move(choice));
    }
    return {{"type", "object"}, {"oneOf", std::move(choices)}};
  }

 private:
  static std::string description(std::string_view help, const Default& otherwise) {
    switch (otherwise.kind) {
      case Default::Kind::kSameAs:
        return fmt::format("{} Default: that of {}.", help, otherwise.text);
      case Default::Kind::kRule:
        return fmt::format("{} Default: {}.", help, otherwise.text);
      case Default::Kind::kInitial:
      case Default::Kind::kRequired:
        break;
    }
    return std::string(help);
  }

  [[nodiscard]] Json finished(const Json& properties, const Json& required) const {
    Json schema = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
    if (!required.empty()) schema["required"] = required;
    if (!exclusive_.empty()) schema["not"] = {{"required", exclusive_}};
    return schema;
  }

  Json properties_ = Json::object();
  Json required_ = Json::array();
  Json exclusive_ = Json::array();
  std::string tag_;
  std::size_t place_of_tag_ = 0;
  std::string help_;
  std::vector<ObjectSchema> variants_;
};

class ValueSchema final : public ValueVisitor {
 public:
  Json schema;

  void boolean(bool& /*value*/) override { schema["type"] = "boolean"; }
  void integer(std::uint64_t& /*value*/, const IntegerRange& range) override {
    schema = {{"type", "integer"}, {"minimum", range.min}, {"maximum", range.max}};
  }
  void real(double& /*value*/, const RealRange& range) override {
    schema["type"] = "number";
    schema[range.min_excluded ? "exclusiveMinimum" : "minimum"] = range.min;
    schema["maximum"] = range.max;
  }
  void text(std::string& /*value*/, TextKind kind) override {
    schema["type"] = "string";
    if (kind == TextKind::kName) schema["pattern"] = "^[A-Za-z0-9._-]{1,64}$";
    if (kind == TextKind::kFile) schema["minLength"] = 1;
  }
  void duration(Duration& /*value*/, const DurationRange& range) override {
    schema = {{"type", "string"}, {"pattern", kDurationPattern}};
    schema["$comment"] =
        fmt::format("from {} to {}", format_duration(range.min), format_duration(range.max));
  }
  void rate(Probability& /*value*/) override {
    schema = {{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
  }
  void choice(std::size_t& /*index*/, std::span<const Named> names) override {
    // Editors know "enumDescriptions", though the standard does not.
    schema = {{"enum", names_of(names)}, {"enumDescriptions", help_of(names)}};
  }
  void optional(bool& /*given*/, const FieldValue& inner) override {
    schema["anyOf"] = {{{"type", "null"}}, schema_of(inner)};
  }
  void list(const ListAccess& list) override {
    schema["type"] = "array";
    if (list.min_size > 0) schema["minItems"] = list.min_size;
    if (list.size == 0) list.resize(1);  // an item to be asked for its type
    schema["items"] = schema_of(list.at(0));
    if (list.size == 0) list.resize(0);
  }
  void object(const std::function<void(Fields&)>& describe) override {
    ObjectSchema fields;
    describe(fields);
    schema = fields.schema();
  }
  void settings(std::vector<Setting>& /*settings*/, SettingKind kind) override {
    schema["type"] = "object";
    if (kind == SettingKind::kValues) {
      schema["additionalProperties"] = {{"type", "array"}, {"minItems", 1}, {"uniqueItems", true}};
    }
  }
  void word_or_object(const Alternatives& alternatives) override {
    Json choices = Json::array();
    for (const Named& word : alternatives.names.first(alternatives.words)) {
      choices.push_back({{"const", word.name}, {"description", word.help}});
    }
    for (std::size_t i = alternatives.words; i < alternatives.names.size(); ++i) {
      alternatives.select(i);
      choices.push_back(schema_of(shape::object_with(alternatives.describe)));
    }
    alternatives.select(alternatives.selected);
    schema["oneOf"] = std::move(choices);
  }
  void variation(const Variation& variation) override {
    variation.give(true);
    schema = loosened(schema_of(variation.own));
    variation.give(false);
    for (const Named& key : variation.fixed) schema["properties"].erase(std::string(key.name));
  }
};

Json schema_of(const FieldValue& value) {
  ValueSchema visitor;
  value(visitor);
  return std::move(visitor.schema);
}

}  // namespace

std::string scenario_schema() {
  Scenario example;
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "kadsim scenario"}};
  schema.update(schema_of(shape::object(example)));
  return schema.dump(2) + "\n";
}

}  // namespace kadsim
