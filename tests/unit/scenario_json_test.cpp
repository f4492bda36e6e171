#include "sim/scenario/json_document.hpp"
#include "tests/catch.hpp"

#include <initializer_list>
#include <string>

using namespace kadsim;

namespace {

struct SyntaxError {
  std::string heading;
  std::string message;
  std::string advice;
};

// The one problem of a text that is not JSON.
SyntaxError syntax_error(std::string_view text) {
  const SourceText source = SourceText::file("f", text);
  const JsonDocument document = parse_json(source);
  REQUIRE_FALSE(document.root);
  REQUIRE(document.problems.size() == 1);
  const Problem& problem = document.problems[0];
  return {source.heading(problem.place.offset), problem.message, problem.advice};
}

SourceText::Position position(const Place& place) { return place.source->position(place.offset); }

}  // namespace

TEST_CASE("every value and key of a JSON text knows its line and column", "[scenario]") {
  const std::string text =
      "{\n  \"a\": 1.50,\t\"\xC3\xA9\": [true, \"x\\u0041\"],\r\n \"b\" :{ }\n}";
  const SourceText source = SourceText::file("f", text);
  const JsonDocument document = parse_json(source);
  REQUIRE(document.root);
  CHECK(document.problems.empty());
  const JsonValue& root = *document.root;
  REQUIRE(root.children.size() == 3);
  CHECK(position(root.place) == SourceText::Position{1, 1});

  const JsonValue* number = root.find("a");
  REQUIRE(number);
  CHECK(number->text == "1.50");
  CHECK(position(number->key_place) == SourceText::Position{2, 3});
  CHECK(position(number->place) == SourceText::Position{2, 8});

  // A tab is one column, and so is a letter of two bytes.
  const JsonValue* list = root.find("\xC3\xA9");
  REQUIRE(list);
  CHECK(position(list->key_place) == SourceText::Position{2, 14});
  CHECK(position(list->place) == SourceText::Position{2, 19});
  REQUIRE(list->children.size() == 2);
  CHECK(list->children[0].boolean);
  CHECK(list->children[1].text == "xA");
  CHECK(position(list->children[1].place) == SourceText::Position{2, 26});

  const JsonValue* object = root.find("b");
  REQUIRE(object);
  CHECK(object->kind == JsonKind::kObject);
  CHECK(position(object->place) == SourceText::Position{3, 7});
  CHECK(root.find("c") == nullptr);
}

TEST_CASE("a number is kept as it is written, whatever its size", "[scenario]") {
  for (const std::string number :
       {"0", "-0", "3.7", "1e400", "-1E+0009", "18446744073709551616", "0.000000000000000000001",
        "123456789012345678901234567890.5e-12345678901234567890"}) {
    const std::string text = "[" + number + " ]";
    const SourceText source = SourceText::file("f", text);
    const JsonDocument document = parse_json(source);
    REQUIRE(document.root);
    CHECK(document.root->children.at(0).text == number);
  }
  for (const char* number :
       {"01", "-01", "00", "1.", ".5", "+1", "1e", "1e+", "0x10", "1.2.3", "12a"}) {
    const std::string text = "[" + std::string(number) + "]";
    const SourceText source = SourceText::file("f", text);
    INFO(number);
    CHECK_FALSE(parse_json(source).root);
  }
}

TEST_CASE("a key that stands twice is a problem at its second place", "[scenario]") {
  const SourceText source = SourceText::file("f", "{\"a\": 1,\n \"b\": {\"a\": 2},\n \"a\": 3}");
  const JsonDocument document = parse_json(source);
  REQUIRE(document.root);
  REQUIRE(document.problems.size() == 1);
  CHECK(position(document.problems[0].place) == SourceText::Position{3, 2});
  CHECK(position(document.problems[0].earlier) == SourceText::Position{1, 2});
  CHECK(document.problems[0].message == "duplicate key \"a\"");
  CHECK(document.root->find("a")->text == "1");
}

TEST_CASE("a syntax error says what stands there and what would be right", "[scenario]") {
  struct Example {
    std::string text;
    std::string heading;
    std::string message;
    std::string advice;  // its beginning
  };
  const std::string nul(1, '\0');
  for (const Example& example : std::initializer_list<Example>{
           {"", "f:1:1", "there is nothing here", "want a value"},
           {" \n ", "f:1:1", "there is nothing here", "want a value"},
           {"{\"a\": 1,}", "f:1:9", "'}' can't stand here", "want another key"},
           {"[1, ]", "f:1:5", "']' can't stand here", "want another value"},
           {"[1 2]", "f:1:4", "2 can't stand here", "want ',' or ']'"},
           {"{\"a\" 1}", "f:1:6", "1 can't stand here", "want ':'"},
           {"{\"a\": }", "f:1:7", "'}' can't stand here", "want a value"},
           {"{\"a\": 1 \"b\": 2}", "f:1:9", "a text can't stand here", "want ',' or '}'"},
           {"{a: 1}", "f:1:2", "a can't stand here", "want a key in double quotes"},
           {"{'a': 1}", "f:1:2", "a single quote can't stand here", "want a key in double quotes"},
           {"{ // hello\n}", "f:1:3", "a comment (JSON has none) can't stand here", "want a key"},
           {"{} {}", "f:1:4", "'{' can't stand here", "want nothing"},
           {"{}" + nul + "x", "f:1:3", "a control character (byte 0) can't stand here",
            "want nothing"},
           {"[True]", "f:1:2", "True is not a value", "want a value"},
           {"[NaN]", "f:1:2", "NaN is not a value", "want a value"},
           {"[-Infinity]", "f:1:2", "-Infinity is not a value", "want a value"},
           {"[01]", "f:1:2", "01 is not a number", "want digits"},
           {"[1.2.3]", "f:1:2", "1.2.3 is not a number", "want digits"},
           {"{\"a\":12a}", "f:1:6", "12a is not a number", "want digits"},
           {"[nullx]", "f:1:2", "nullx is not a value", "want a value"},
           {"[12\"a\"]", "f:1:4", "a text can't stand here", "want ',' or ']'"},
           {"[\xFF]", "f:1:2", "byte 0xFF, which is not UTF-8, can't stand here", "want a value"},
           {"[\"a\xC3\"]", "f:1:4", "byte 0xC3 is not UTF-8", "want a file saved as UTF-8"},
           {"[\"a\nb\"]", "f:1:2", "the text that begins here is not closed in its line",
            "want a closing '\"'"},
           {"[\"abc", "f:1:2", "the text that begins here is not closed", "want a closing '\"'"},
           {"[\"a\x01\"]", "f:1:4", "a control character (byte 1) can't stand in a text",
            "want \\u0001"},
           {R"(["\x41"])", "f:1:3", "\\x is no escape", "want one of"},
           {R"(["\u12g4"])", "f:1:3", "\\u12g4 is no escape", "want four hexadecimal digits"},
           {R"(["\ud800"])", "f:1:3", "\\ud800 is a lone surrogate", "want a pair"},
           {R"(["\ud83d\ude00 \udc00"])", "f:1:16", "\\udc00 is a lone surrogate", "want a pair"},
           {R"(["\\ud800\udc00"])", "f:1:10", "\\udc00 is a lone surrogate", "want a pair"},
           {R"(["\ud800x"])", "f:1:3", "\\ud800 is a lone surrogate", "want a pair"},
           {"{\n  \"a\": [1,\n  2\n\n", "f:3:4", "the text ends too early",
            "want ',' or ']'\nthe '[' of line 2 is still open"},
       }) {
    INFO(example.text);
    const SyntaxError error = syntax_error(example.text);
    CHECK(error.heading == example.heading);
    CHECK(error.message == example.message);
    CHECK(error.advice.substr(0, example.advice.size()) == example.advice);
  }
}

TEST_CASE("hostile texts are refused or read, never followed into the deep", "[scenario]") {
  const auto refused = [](const std::string& text) { return syntax_error(text).message; };
  CHECK(refused(std::string(100'000, '[')) == "more than 64 lists and objects within each other");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK(refused(objects) == "more than 64 lists and objects within each other");
  std::string many = "[0";
  for (std::size_t i = 0; i < kJsonMaxValues; ++i) many += ",0";
  CHECK(refused(many + "]") == "more than 1000000 values");
  CHECK(refused("\xEF\xBB\xBF[]").starts_with("'\xEF\xBB\xBF'"));  // decode_scenario takes one away

  const std::string long_text(10'000'000, 'x');
  const std::string quoted = "\"" + long_text + "\"";
  const SourceText source = SourceText::file("f", quoted);
  const JsonDocument document = parse_json(source);
  REQUIRE(document.root);
  CHECK(document.root->text == long_text);
  CHECK(refused("\"" + long_text) == "the text that begins here is not closed");

  const std::string long_number(10'000'000, '7');
  const SourceText digits = SourceText::file("f", long_number);
  CHECK(parse_json(digits).root->text == long_number);

  // 64 levels are fine.
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  const SourceText nested = SourceText::file("f", deep);
  CHECK(parse_json(nested).root);
}

TEST_CASE("an excerpt shows a window of a long line with the caret below the column",
          "[scenario]") {
  const SourceText tabs = SourceText::file("f", "one\n\t\"k\":\t0\r\nthree");
  CHECK(tabs.excerpt(10) == "   \"k\": 0\n        ^\n");
  CHECK(tabs.heading(10) == "f:2:7");

  const std::string long_line = std::string(1000, 'a') + "!" + std::string(1000, 'b');
  const SourceText line = SourceText::file("f", long_line);
  const std::string window = line.excerpt(1000);
  CHECK(window == "  ..." + std::string(48, 'a') + "!" + std::string(35, 'b') + "...\n  " +
                      std::string(51, ' ') + "^\n");

  const SourceText accents = SourceText::file("f", "\xC3\xA9\xC3\xA9!\x01\xFF");
  CHECK(accents.heading(4) == "f:1:3");
  CHECK(accents.excerpt(4) == "  \xC3\xA9\xC3\xA9!\xEF\xBF\xBD\xEF\xBF\xBD\n    ^\n");

  const SourceText operand = SourceText::override_operand("client.k=0", 0);
  CHECK(operand.heading(9) == "--set client.k=0");
  CHECK(operand.excerpt(9) == "  client.k=0\n           ^\n");
}
