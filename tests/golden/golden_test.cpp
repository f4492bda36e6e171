// Every golden scenario has a stored fingerprint: it is the same on any number of threads, with any
// compiler, in any build type, under any locale. When behaviour moves on purpose: tools/approve,
// and the commit says why.

#include "tests/golden/golden.hpp"
#include "tests/catch.hpp"

#include "sim/scenario/print.hpp"

#include <locale>

using namespace kadsim;

namespace {

std::string fingerprint_of(const std::string& name, int threads) {
  RunHooks hooks;
  hooks.threads = threads;
  return run_simulation(golden_scenario(name), hooks).fingerprint.total().hex();
}

// Points for commas, commas for points: what a program that prints or reads through locales would
// stumble over.
struct OddPunctuation final : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\2"; }
};

class OddLocale {
 public:
  OddLocale() : before_(std::locale::global(std::locale(std::locale(), new OddPunctuation))) {}
  ~OddLocale() { std::locale::global(before_); }

 private:
  std::locale before_;
};

}  // namespace

TEST_CASE("golden scenarios give their stored fingerprints", "[golden]") {
  std::map<std::string, std::string> actual;
  for (const std::string& name : golden_names()) actual[name] = fingerprint_of(name, 0);
  const auto stored = stored_fingerprints();
  if (actual != stored) write_actual(actual);
  for (const auto& [name, fingerprint] : actual) {
    CAPTURE(name);
    const auto known = stored.find(name);
    CHECK((known == stored.end() ? "nothing stored" : known->second) == fingerprint);
  }
  CHECK(actual.size() == stored.size());
}

TEST_CASE("the number of threads changes nothing", "[golden]") {
  const auto stored = stored_fingerprints();
  for (const std::string& name : golden_names()) {
    for (const int threads : {1, 2, 8}) {
      CAPTURE(name, threads);
      CHECK(fingerprint_of(name, threads) == stored.at(name));
    }
  }
}

TEST_CASE("where routing tables are kept changes nothing", "[golden]") {
  const auto stored = stored_fingerprints();
  for (const std::string& name : golden_names()) {
    Scenario scenario = golden_scenario(name);
    scenario.network.storage = TableStorage::kDerived;
    CAPTURE(name);
    const RunResult result = run_simulation(scenario);
    CHECK(result.fingerprint.total().hex() == stored.at(name));
    CHECK(result.table_bytes == 0);
  }
}

TEST_CASE("the locale changes neither fingerprints nor the printed scenario", "[golden]") {
  const auto stored = stored_fingerprints();
  for (const std::string& name : golden_names()) {
    const std::string printed = print_scenario(golden_scenario(name));
    const OddLocale odd;
    CAPTURE(name);
    CHECK(fingerprint_of(name, 0) == stored.at(name));
    CHECK(print_scenario(golden_scenario(name)) == printed);
  }
}
