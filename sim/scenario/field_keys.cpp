#include "sim/scenario/field_keys.hpp"

namespace kadsim {
namespace {

class KeyCollector final : public Fields {
 public:
  KeyCollector(std::vector<OwnedKey>& keys, std::string_view alternative)
      : keys_(keys), alternative_(alternative) {}

  void add(std::string_view key, const FieldValue& /*value*/, std::string_view /*help*/,
           const Default& /*otherwise*/) override {
    keys_.push_back({key, alternative_});
  }
  void tagged(std::string_view key, const Alternatives& alternatives, std::string_view /*help*/,
              const Default& /*otherwise*/) override {
    keys_.push_back({key, alternative_});
    for (const OwnedKey& inner : keys_of(alternatives)) keys_.push_back({inner.key, alternative_});
  }
  void one_of(const Alternatives& alternatives) override {
    for (const Named& field : alternatives.names) keys_.push_back({field.name, alternative_});
  }
  void rule(const std::function<void(Rules&)>& /*rule*/) override {}

 private:
  std::vector<OwnedKey>& keys_;
  std::string_view alternative_;
};

}  // namespace

std::vector<OwnedKey> keys_of(const Alternatives& alternatives) {
  std::vector<OwnedKey> keys;
  for (std::size_t i = 0; i < alternatives.names.size(); ++i) {
    alternatives.select(i);
    KeyCollector collector(keys, alternatives.names[i].name);
    alternatives.describe(collector);
  }
  alternatives.select(alternatives.selected);
  return keys;
}

}  // namespace kadsim
