#include "sim/scenario/limit_file.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace kadsim {
namespace {

using go_libp2p::Kind;
using Json = nlohmann::ordered_json;

// A number beyond 2^53 is not safe in JSON, so bytes are a text.
Json limit(std::int64_t value, Kind kind) {
  if (value == kUnlimited) return "unlimited";
  if (value == go_libp2p::kBlockAll) return "blockAll";
  if (kind == Kind::kMemory) return std::to_string(value);
  return value;
}

Json limits(const go_libp2p::PartialLimits& partial) {
  Json json = Json::object();
  for (const Kind kind : go_libp2p::kKinds) {
    if (partial[kind]) json[std::string(name_of(kind))] = limit(*partial[kind], kind);
  }
  return json;
}

}  // namespace

std::string print_limits(const go_libp2p::PartialLimitConfig& config) {
  Json json = Json::object();
  for (std::size_t i = 0; i < go_libp2p::kSectionCount; ++i) {
    const Json section = limits(config.sections[i]);
    const auto name = name_of(static_cast<go_libp2p::Section>(i));
    if (!section.empty()) json[std::string(name)] = section;
  }
  for (std::size_t i = 0; i < go_libp2p::kNamedSectionCount; ++i) {
    const auto section = name_of(static_cast<go_libp2p::NamedSection>(i));
    for (const auto& [name, partial] : config.named[i]) {
      json[std::string(section)][name] = limits(partial);
    }
  }
  constexpr auto kReplace = Json::error_handler_t::replace;
  return json.dump(2, ' ', false, kReplace) + "\n";
}

}  // namespace kadsim
