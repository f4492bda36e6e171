#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/decode_context.hpp"
#include "sim/scenario/field_keys.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/json_document.hpp"

namespace kadsim {

/// Reads one object of the scenario: hands its members to the fields as they are described, and in
/// the end reports the members that no field asked for, but for those that are left behind.
class ObjectDecoder final : public Fields, private Rules {
 public:
  /// `json` is an object. All are borrowed.
  ObjectDecoder(DecodeContext& context, const JsonValue& json, const std::string& path)
      : context_(context), json_(json), path_(path) {}

  void add(std::string_view key, const FieldValue& value, std::string_view help,
           const Default& otherwise) override;
  void tagged(std::string_view key, const Alternatives& alternatives, std::string_view help,
              const Default& otherwise) override;
  void one_of(const Alternatives& alternatives) override;
  void rule(const std::function<void(Rules&)>& rule) override { rule(*this); }

  /// Called once, when all fields have been described.
  void report_unknown_keys();

 private:
  void broken(const std::vector<std::string>& paths, const std::string& message,
              const std::string& advice) override;
  [[nodiscard]] bool given(std::string_view key) const override {
    return json_.find(key) != nullptr;
  }
  [[nodiscard]] bool sound(const std::string& path) const override {
    return context_.sound(join_path(path_, path));
  }
  /// Whether the member belongs to an alternative that was there before a `--set`, or an object
  /// that varies this one, chose another: it is dropped with it. A member given by the same `--set`
  /// or a later one, or by that object, is not.
  [[nodiscard]] bool left_behind(const JsonValue& member) const;
  /// A key that is an alternative's own is heard of twice, and belongs into a message once.
  void know(std::string_view key);
  [[nodiscard]] std::string advice_on(std::string_view unknown_key) const;

  DecodeContext& context_;
  const JsonValue& json_;
  const std::string& path_;
  std::vector<std::string_view> known_;
  std::string_view tag_;             // key whose alternatives have fields of their own
  std::vector<OwnedKey> of_others_;  // keys of all its alternatives
};

}  // namespace kadsim
