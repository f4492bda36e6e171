#pragma once

#include <string>
#include <string_view>

#include "core/resource/go_libp2p/limits.hpp"
#include "sim/input/problems.hpp"
#include "sim/scenario/json_document.hpp"

namespace kadsim {

/// The limits in a text of go-libp2p's format: an object of sections ("System", "PeerDefault"),
/// each an object of limits ("Conns", "FD"), those by name ("Service", "Peer") one level deeper.
///
/// Source: PartialLimitConfig in go-libp2p's limit_defaults.go, as its JSON is read and written. A
/// limit is "default" or absent, "unlimited", "blockAll" or 0, or a whole number up to 2^63 - 1;
/// that of Memory stands in quotes, or without, as older files have it. Case of keys is left aside.
/// Departures: what Go passes over is an error: unknown keys, keys given twice, and negative
/// numbers (there -1 happens to mean unlimited, -2 blockAll). Peers may have any name, as nodes
/// here have no libp2p peer ids.
///
/// `file_name` opens the error messages. Throws InputError with all that is wrong.
[[nodiscard]] go_libp2p::PartialLimitConfig parse_limits(std::string_view text,
                                                         const std::string& file_name);

/// The same from a file. Throws UnreadableError if it can't be read.
[[nodiscard]] go_libp2p::PartialLimitConfig read_limit_file(const std::string& path);

/// The same from an object within another text. What is wrong is added to `problems`, and left at
/// its default; their messages open with keys, as in `Peer.QmA.Conns: -3 is out of range`.
[[nodiscard]] go_libp2p::PartialLimitConfig decode_limits(const JsonValue& json,
                                                          Problems& problems);

/// `config` in that format, indented by two spaces, a line break at the end. Defaults are left out,
/// but no name is. Go-libp2p reads it, and parse_limits gives `config` again.
[[nodiscard]] std::string print_limits(const go_libp2p::PartialLimitConfig& config);

}  // namespace kadsim
