#include "sim/scenario/decode_context.hpp"

#include <fmt/format.h>

#include <iterator>

namespace kadsim {

void DecodeContext::report(Place place, const std::string& path, std::string_view message,
                           std::string advice) {
  unsound_.insert(path);
  if (!variations_.empty() && is_told_already(place, path, message)) return;
  const std::string what = path.empty() ? "the scenario" : printable(path, 100);
  problems_.add(place, fmt::format("{}: {}", what, message), std::move(advice));
}

bool DecodeContext::is_told_already(Place place, const std::string& path,
                                    std::string_view message) {
  const auto told = [&](const std::string& at) {
    return Told(place.source->order(), place.offset, at, message);
  };
  if (const auto around = variation_around(path); around != variations_.end()) {
    const auto& [own, other] = *around;
    if (told_.contains(told(other + path.substr(own.size())))) return true;
  }
  return !told_.insert(told(path)).second;
}

std::string DecodeContext::varied(const std::string& path) const {
  const auto around = variation_around(path);
  return around == variations_.end() ? "" : around->second;
}

// No variation stands in another one, so of the paths that come before this one only the last can
// be the beginning of it.
DecodeContext::Variations::const_iterator DecodeContext::variation_around(
    const std::string& path) const {
  const auto behind = variations_.upper_bound(path);
  if (behind == variations_.begin()) return variations_.end();
  const auto last = std::prev(behind);
  return path == last->first || path.starts_with(last->first + ".") ? last : variations_.end();
}

bool DecodeContext::sound(const std::string& path) const {
  const std::string inside = path + ".";
  const auto next = unsound_.lower_bound(inside);
  if (next != unsound_.end() && next->starts_with(inside)) return false;
  for (std::size_t end = path.size(); end != std::string::npos && end > 0;
       end = path.rfind('.', end - 1)) {
    if (unsound_.contains(std::string_view(path).substr(0, end))) return false;
  }
  return !unsound_.contains("");
}

std::string join_path(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

}  // namespace kadsim
