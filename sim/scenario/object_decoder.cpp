#include "sim/scenario/object_decoder.hpp"

#include "sim/scenario/near_name.hpp"
#include "sim/scenario/type_text.hpp"
#include "sim/scenario/value_decoder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace kadsim {

void ObjectDecoder::add(std::string_view key, const FieldValue& value, std::string_view /*help*/,
                        const Default& otherwise) {
  know(key);
  const std::string path = join_path(path_, key);
  if (const JsonValue* member = json_.find(key)) {
    decode_value(context_, *member, path, value);
    return;
  }
  if (otherwise.kind == Default::Kind::kRequired) {
    context_.report(json_.place, path, "this key is missing", "want " + type_text(value));
    return;
  }
  const bool same = otherwise.kind == Default::Kind::kSameAs && sound(std::string(otherwise.text));
  const JsonValue* other = same ? json_.find(otherwise.text) : nullptr;
  if (other != nullptr) {
    decode_value(context_, *other, path, value);
  } else {
    decode_absent(context_, json_.place, path, value);
  }
}

void ObjectDecoder::tagged(std::string_view key, const Alternatives& alternatives,
                           std::string_view help, const Default& otherwise) {
  tag_ = key;
  of_others_ = keys_of(alternatives);
  std::size_t selected = alternatives.selected;
  add(
      key, [&](ValueVisitor& visitor) { visitor.choice(selected, alternatives.names); }, help,
      otherwise);
  if (sound(std::string(key))) {
    alternatives.select(selected);
    alternatives.describe(*this);
  } else {  // which fields should stand here is not known
    for (const OwnedKey& field : of_others_) know(field.key);
  }
}

void ObjectDecoder::one_of(const Alternatives& alternatives) {
  const JsonValue* first = nullptr;
  for (std::size_t i = 0; i < alternatives.names.size(); ++i) {
    const std::string_view key = alternatives.names[i].name;
    know(key);
    const JsonValue* member = json_.find(key);
    if (member == nullptr) continue;
    if (first == nullptr) {
      first = member;
      alternatives.select(i);
    } else {
      context_.report(member->key_place, join_path(path_, key),
                      fmt::format("it stands beside \"{}\"", first->key),
                      "want only one of " + quoted_names(alternatives.names));
    }
  }
  alternatives.describe(*this);
}

void ObjectDecoder::broken(const std::vector<std::string>& paths, const std::string& message,
                           const std::string& advice) {
  if (!std::ranges::all_of(paths, [this](const auto& path) { return sound(path); })) return;
  const JsonValue& at = json_.innermost(paths.front());
  const std::string path = join_path(path_, paths.front());
  const std::string inherited =
      at.inherited ? "\nit is not given there, and so as in " + context_.varied(path) : "";
  context_.report(at.place, path, message, advice + inherited);
}

void ObjectDecoder::know(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.push_back(key);
}

void ObjectDecoder::report_unknown_keys() {
  for (const JsonValue& member : json_.children) {
    if (std::ranges::find(known_, member.key) != known_.end()) continue;
    if (left_behind(member)) {
      context_.leave_behind(join_path(path_, member.key), json_.find(tag_)->place);
      continue;
    }
    context_.report(member.key_place, join_path(path_, member.key), "unknown key",
                    advice_on(member.key));
  }
}

bool ObjectDecoder::left_behind(const JsonValue& member) const {
  const JsonValue* tag = tag_.empty() ? nullptr : json_.find(tag_);
  if (tag == nullptr) return false;
  const bool set_later = tag->place.source->order() > member.place.source->order();
  const bool varied = member.inherited && !tag->inherited;
  return (set_later || varied) &&
         std::ranges::find(of_others_, member.key, &OwnedKey::key) != of_others_.end();
}

std::string ObjectDecoder::advice_on(std::string_view unknown_key) const {
  std::vector<Named> owners;
  for (const OwnedKey& owned : of_others_) {
    if (owned.key == unknown_key) owners.push_back({owned.alternative, {}});
  }
  if (!owners.empty()) return fmt::format("it goes with \"{}\": {}", tag_, quoted_names(owners));
  return fmt::format("want one of {}", fmt::join(known_, ", ")) + did_you_mean(unknown_key, known_);
}

}  // namespace kadsim
