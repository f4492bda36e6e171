#include "sim/scenario/limit_file.hpp"
#include "core/base/input_error.hpp"
#include "core/resource/go_libp2p/limit_scaling.hpp"
#include "sim/input/text_file.hpp"
#include "tests/catch.hpp"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

using namespace kadsim;
using namespace kadsim::go_libp2p;

namespace {

const std::string kEverySection = "tests/unit/data/go_libp2p_limits.json";

std::string report(const std::string& text) {
  try {
    static_cast<void>(parse_limits(text, "l.json"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

constexpr const char* kWantLimit =
    "\n  want \"default\", \"unlimited\", \"blockAll\" or a whole number from 0 to "
    "9223372036854775807";

// System's one limit as the text gives it.
std::optional<std::int64_t> conns(const std::string& value) {
  return parse_limits(R"({"System": {"Conns": )" + value + "}}", "l.json")[Section::kSystem].conns;
}
std::optional<std::int64_t> memory(const std::string& value) {
  return parse_limits(R"({"System": {"Memory": )" + value + "}}", "l.json")[Section::kSystem]
      .memory;
}

PartialLimits every_kind(std::int64_t first) {
  PartialLimits limits;
  for (const Kind kind : kKinds) limits[kind] = first++;
  return limits;
}

}  // namespace

TEST_CASE("a limit file with every section of go-libp2p's loads", "[limit_file]") {
  const PartialLimitConfig config = read_limit_file(kEverySection);
  CHECK(config[Section::kSystem] == PartialLimits{.streams = 4096,
                                                  .streams_inbound = 1500,
                                                  .streams_outbound = kUnlimited,
                                                  .conns = 900,
                                                  .conns_inbound = std::nullopt,
                                                  .conns_outbound = 700,
                                                  .fd = 512,
                                                  .memory = 1'610'612'736});
  CHECK(config[Section::kTransient] == PartialLimits{.conns = 48, .conns_inbound = 40});
  CHECK(config[Section::kAllowlistedSystem] == PartialLimits{.conns = 20, .fd = kUnlimited});
  CHECK(config[Section::kAllowlistedTransient] ==
        PartialLimits{.conns_inbound = 10, .memory = 1'048'576});
  CHECK(config[Section::kServiceDefault] ==
        PartialLimits{.streams_inbound = 300, .memory = 50'331'648});
  CHECK(config[Section::kServicePeerDefault] == PartialLimits{.streams = 32});
  CHECK(config[Section::kProtocolDefault] == PartialLimits{.memory = kBlockAll});
  CHECK(config[Section::kProtocolPeerDefault] == PartialLimits{.streams_outbound = kBlockAll});
  CHECK(config[Section::kPeerDefault] == PartialLimits{.conns = 3, .fd = 3, .memory = kBlockAll});
  CHECK(config[Section::kConn] == PartialLimits{.memory = 4'194'304});
  CHECK(config[Section::kStream] == PartialLimits{.memory = 2'097'152});

  using ByName = PartialLimitConfig::ByName;
  CHECK(config[NamedSection::kService] ==
        ByName{{"libp2p.autonat",
                {.streams = 4, .streams_inbound = 4, .streams_outbound = 4, .memory = 4'194'304}},
               {"kadsim.dht", {}}});
  CHECK(config[NamedSection::kServicePeer] ==
        ByName{{"libp2p.autonat", {.streams = 2, .memory = kUnlimited}}});
  CHECK(config[NamedSection::kProtocol] ==
        ByName{{"/ipfs/kad/1.0.0", {.streams_inbound = 2000, .memory = kUnlimited}}});
  CHECK(config[NamedSection::kProtocolPeer] ==
        ByName{{"/ipfs/kad/1.0.0", {.streams_inbound = 6, .streams_outbound = 7}}});
  CHECK(config[NamedSection::kPeer] ==
        ByName{{"12D3KooWQcXzq5WkpGrm9MNvPq4XnGbzN7rH1wcUcBL4Sv6tT3yD",
                {.streams_outbound = kUnlimited, .conns_inbound = kBlockAll}},
               {"QmT5kVzGpWkJ9x7sQfMJv1cYqLwXbZ3eDuRa8hN2oPtBcE", {.memory = 2'147'483'648}}});
}

TEST_CASE("a limit is default, unlimited, blocking or a number", "[limit_file]") {
  CHECK(conns("\"default\"") == std::nullopt);
  CHECK(conns("\"unlimited\"") == kUnlimited);
  CHECK(conns("\"blockAll\"") == 0);
  CHECK(conns("0") == 0);
  CHECK(conns("1") == 1);
  CHECK(conns("9223372036854775807") == kUnlimited);
}

TEST_CASE("memory is a number in quotes, and without them as older files have it", "[limit_file]") {
  CHECK(memory("\"default\"") == std::nullopt);
  CHECK(memory("\"unlimited\"") == kUnlimited);
  CHECK(memory("\"blockAll\"") == 0);
  CHECK(memory("\"0\"") == 0);
  CHECK(memory("0") == 0);
  CHECK(memory("\"65536\"") == 65536);
  CHECK(memory("65536") == 65536);
  CHECK(memory("\"9223372036854775806\"") == kUnlimited - 1);
}

TEST_CASE("what a file leaves out is default", "[limit_file]") {
  CHECK(parse_limits("{}", "l.json") == PartialLimitConfig{});
  CHECK(parse_limits(R"({"System": {}, "Peer": {}})", "l.json") == PartialLimitConfig{});
}

TEST_CASE("the case of keys is ignored, as in Go, but not that of names", "[limit_file]") {
  const auto config =
      parse_limits(R"({"system": {"fd": 3, "CONNS": 4}, "peer": {"a": {}, "A": {}}})", "l.json");
  CHECK(config[Section::kSystem] == PartialLimits{.conns = 4, .fd = 3});
  CHECK(config[NamedSection::kPeer].size() == 2);
}

TEST_CASE("a mark at the start of a file is skipped", "[limit_file]") {
  CHECK(parse_limits("\xEF\xBB\xBF{\"Conn\": {\"FD\": 1}}", "l.json")[Section::kConn].fd == 1);
}

TEST_CASE("a limit that is not valid is reported where it stands", "[limit_file]") {
  const auto check = [](const std::string& value, const std::string& message,
                        const std::string& more_advice = "") {
    INFO(value);
    const std::string text = "{\"System\": {\n  \"Conns\": " + value + "}}";
    CHECK(report(text) == "l.json:2:12: error: System.Conns: " + message + "\n    \"Conns\": " +
                              value + "}}\n             ^" + kWantLimit + more_advice);
  };
  check("-1", "-1 is out of range");
  check("9223372036854775808", "9223372036854775808 is out of range");
  check("1e30", "1e30 is out of range");
  check("1.5", "1.5 is not a whole number");
  check("true", "true is not a limit");
  check("null", "null is not a limit");
  check("[1]", "a list is not a limit");
  check("{}", "an empty object is not a limit");
  check("\"\"", "\"\" is not a limit");
  check("\"-3\"", "\"-3\" is not a limit");
  check("\"Unlimited\"", "\"Unlimited\" is not a limit", "\n  did you mean \"unlimited\"?");
  check("\"blockall\"", "\"blockall\" is not a limit", "\n  did you mean \"blockAll\"?");
}

TEST_CASE("memory that is no number of bytes is reported", "[limit_file]") {
  const std::string opening = "{\"Stream\": {\"Memory\": ";
  const auto first_line = [&](const std::string& value) {
    const std::string text = report(opening + value + "}}");
    return text.substr(0, text.find('\n'));
  };
  const std::string where = "l.json:1:23: error: Stream.Memory: ";
  CHECK(first_line("\"64 MiB\"") == where + "\"64 MiB\" is not a limit");
  CHECK(first_line("\"1e6\"") == where + "\"1e6\" is not a limit");
  CHECK(first_line("\"9223372036854775808\"") == where + "\"9223372036854775808\" is out of range");
  CHECK(first_line("-1") == where + "-1 is out of range");
  CHECK(first_line("0.5") == where + "0.5 is not a whole number");
}

TEST_CASE("a number in quotes is right for memory only", "[limit_file]") {
  CHECK(report(R"({"Conn": {"FD": "12"}})") ==
        "l.json:1:17: error: Conn.FD: \"12\" is not a number\n"
        "  {\"Conn\": {\"FD\": \"12\"}}\n"
        "                  ^\n"
        "  want it without quotes, which only the number of Memory has");
}

TEST_CASE("an unknown key is reported with what it was probably meant to be", "[limit_file]") {
  CHECK(report(R"({"Sytem": {}})") ==
        "l.json:1:2: error: Sytem: unknown key\n"
        "  {\"Sytem\": {}}\n"
        "   ^\n"
        "  want one of System, Transient, AllowlistedSystem, AllowlistedTransient, "
        "ServiceDefault, ServicePeerDefault, ProtocolDefault, ProtocolPeerDefault, PeerDefault, "
        "Conn, Stream, Service, ServicePeer, Protocol, ProtocolPeer, Peer\n"
        "  did you mean \"System\"?");
  CHECK(report(R"({"Peer": {"QmA": {"ConnInbound": 1}}})") ==
        "l.json:1:19: error: Peer.QmA.ConnInbound: unknown key\n"
        "  {\"Peer\": {\"QmA\": {\"ConnInbound\": 1}}}\n"
        "                    ^\n"
        "  want one of Streams, StreamsInbound, StreamsOutbound, Conns, ConnsInbound, "
        "ConnsOutbound, FD, Memory\n"
        "  did you mean \"ConnsInbound\"?");
}

TEST_CASE("a key that is given twice is reported once, with its first place", "[limit_file]") {
  CHECK(report("{\"Conn\": {\"FD\": 1,\n\"FD\": 2}}") ==
        "l.json:2:1: error: duplicate key \"FD\"\n  \"FD\": 2}}\n  ^\n  the first is in line 1");
  CHECK(report("{\"Conn\": {},\n\"conn\": {}}") ==
        "l.json:2:1: error: conn: duplicate key\n  \"conn\": {}}\n  ^\n  the first is in line 1");
  CHECK(report("{\"Peer\": {\"a\": {},\n\"a\": {}}}") ==
        "l.json:2:1: error: duplicate key \"a\"\n  \"a\": {}}}\n  ^\n  the first is in line 1");
}

TEST_CASE("a value that is no object where one is due is reported", "[limit_file]") {
  CHECK(report("[]") ==
        "l.json:1:1: error: an empty list is not an object\n  []\n  ^\n"
        "  want an object");
  CHECK(report(R"({"System": 5})") ==
        "l.json:1:12: error: System: 5 is not an object\n  {\"System\": 5}\n             ^\n"
        "  want an object");
  CHECK(report(R"({"Peer": "QmA"})")
            .starts_with("l.json:1:10: error: Peer: \"QmA\" is not an object\n"));
  CHECK(report(R"({"Peer": {"QmA": null}})")
            .starts_with("l.json:1:18: error: Peer.QmA: null is not an object\n"));
}

TEST_CASE("all errors of a limit file are reported at once, in the order of the text",
          "[limit_file]") {
  const std::string text =
      report("{\"Conn\": {\"FD\": -1},\n\"Conns\": {},\n\"Peer\": {\"a\": {\"Memory\": \"x\"}}}");
  const auto first = text.find("l.json:1:17: error: Conn.FD: -1 is out of range");
  const auto second = text.find("l.json:2:1: error: Conns: unknown key");
  const auto third = text.find("l.json:3:26: error: Peer.a.Memory: \"x\" is not a limit");
  CHECK(first == 0);
  CHECK(second != std::string::npos);
  CHECK(third != std::string::npos);
  CHECK(second < third);
}

TEST_CASE("a text that is not JSON has that error only", "[limit_file]") {
  CHECK(report("{\"System\": }").starts_with("l.json:1:12: error: "));
  CHECK(report("").starts_with("l.json:1:1: error: "));
}

TEST_CASE("a limit file that is not there is unreadable", "[limit_file]") {
  CHECK_THROWS_AS(read_limit_file("tests/unit/data/none.json"), UnreadableError);
}

TEST_CASE("a printed configuration reads as itself, and prints as itself", "[limit_file]") {
  PartialLimitConfig config = read_limit_file(kEverySection);
  for (int i = 0; i < 2; ++i) {
    const std::string text = print_limits(config);
    CHECK(parse_limits(text, "printed.json") == config);
    CHECK(print_limits(parse_limits(text, "printed.json")) == text);
    // Every kind in every place.
    std::int64_t first = -1;
    for (PartialLimits& section : config.sections) section = every_kind(++first);
    for (auto& entries : config.named) entries["a \"name\"\n/\xC3\xA4"] = every_kind(++first);
  }
}

TEST_CASE("go-libp2p's README example prints as go-libp2p writes it", "[limit_file]") {
  PartialLimitConfig config;
  config[Section::kSystem].streams_outbound = kUnlimited;
  config[NamedSection::kPeer]["QmVvtzcZgCkMnSFf2dnrBPXrWuNFWNM9J3MpZQCvWPuVZf"] = {
      .streams_inbound = kBlockAll, .streams_outbound = kUnlimited, .conns_inbound = kBlockAll};
  CHECK(nlohmann::json::parse(print_limits(config)) == nlohmann::json::parse(R"({
    "System": {"StreamsOutbound": "unlimited"},
    "Peer": {"QmVvtzcZgCkMnSFf2dnrBPXrWuNFWNM9J3MpZQCvWPuVZf": {
      "StreamsInbound": "blockAll", "StreamsOutbound": "unlimited", "ConnsInbound": "blockAll"}}
  })"));
  CHECK(print_limits({}) == "{}\n");
}

TEST_CASE("memory is printed in quotes, so that no reader rounds it", "[limit_file]") {
  PartialLimitConfig config;
  config[Section::kStream] = {.fd = 9'007'199'254'740'993, .memory = 9'007'199'254'740'993};
  CHECK(print_limits(config) ==
        "{\n  \"Stream\": {\n    \"FD\": 9007199254740993,\n    \"Memory\": "
        "\"9007199254740993\"\n  }\n}\n");
}

TEST_CASE("go-libp2p's defaults with 8 GiB and 1024 descriptors do not change", "[limit_file]") {
  const ConcreteLimitConfig defaults =
      scale(default_limits(), {.memory = std::int64_t{8} << 30, .file_descriptors = 1024});
  CHECK(print_limits(spelled_out(defaults)) ==
        read_text_file("tests/unit/data/go_libp2p_default_limits.json"));
}
