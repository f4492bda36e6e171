#include "sim/workload/list_file.hpp"

#include "sim/input/data_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>
#include <string_view>

namespace kadsim {
namespace {

// Calls `take` with each entry; that there is none is a problem. Throws if anything was wrong.
template <class Take>
void for_each_entry(DataText& data, const std::string& advice, const Take& take) {
  bool any = false;
  while (const auto line = data.next_line()) {
    const std::string_view entry = trimmed(*line);
    if (entry.starts_with('#')) continue;
    any = true;
    take(entry);
  }
  if (!any) data.wrong(data.end(), "the list is empty", advice);
  data.throw_if_wrong();
}

std::optional<std::uint32_t> birth_number(std::string_view text) {
  std::uint32_t birth = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, birth);
  if (error != std::errc() || stop != end) return std::nullopt;
  return birth;
}

}  // namespace

std::vector<std::string> read_list_file(const std::string& path) {
  DataText data(path);
  std::vector<std::string> entries;
  for_each_entry(data, "want one entry a line",
                 [&](std::string_view entry) { entries.emplace_back(entry); });
  return entries;
}

std::vector<std::uint32_t> read_origin_births(const std::string& path, std::uint64_t nodes) {
  DataText data(path);
  const std::string advice =
      fmt::format("want the number of a node a line, from 0 to {}", nodes - 1);
  std::vector<std::uint32_t> births;
  for_each_entry(data, advice, [&](std::string_view entry) {
    const auto birth = birth_number(entry);
    if (!birth || *birth >= nodes) {
      return data.wrong(entry, fmt::format("\"{}\" is not a node", printable(entry)), advice);
    }
    births.push_back(*birth);
  });
  return births;
}

std::vector<Hash> read_identities(const std::string& path, std::uint64_t nodes) {
  DataText data(path);
  const std::string advice = fmt::format("want at most {} different hashes, one a line", nodes);
  std::vector<Hash> hashes;
  std::set<Hash> known;
  for_each_entry(data, advice, [&](std::string_view entry) {
    const Hash hash = Hash::from_hex(entry).value_or(Hash::of_name(entry));
    if (!known.insert(hash).second) {
      return data.wrong(entry, fmt::format("\"{}\" stands there twice", printable(entry)), advice);
    }
    if (hashes.size() == nodes) {
      return data.wrong(entry, fmt::format("\"{}\" is one hash too many", printable(entry)),
                        advice);
    }
    hashes.push_back(hash);
  });
  return hashes;
}

}  // namespace kadsim
