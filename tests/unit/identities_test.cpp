// Chosen identities beside generated ones.

#include "sim/world/identities.hpp"
#include "core/base/input_error.hpp"
#include "sim/world/population.hpp"
#include "tests/catch.hpp"

using namespace kadsim;

namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::uint32_t kReplica = 2;

Population population(std::uint64_t nodes, const IdentityOptions& identities) {
  return {nodes, kSeed, kReplica, Probability(), nullptr, identities};
}

void require_refused(std::uint64_t nodes, const IdentityOptions& identities,
                     const std::string& message) {
  CHECK_THROWS_MATCHES(Population(nodes, kSeed, kReplica, Probability(), nullptr, identities),
                       InputError, Catch::Matchers::Message(message));
}

}  // namespace

TEST_CASE("chosen identities are born first, and the others keep their names", "[identities]") {
  const Hash key = Hash::of_name("key");
  const Hash other = Hash::of_name("other");
  const std::vector<Hash> hashes{Hash::of_name("b"), Hash::of_name("a")};
  const Population nodes = population(300, {hashes, {{key, 20, 3}, {other, 70, 2}}});
  REQUIRE(nodes.size() == 300);
  CHECK(nodes.hash(nodes.born(0)) == hashes[0]);
  CHECK(nodes.hash(nodes.born(1)) == hashes[1]);
  for (std::uint32_t birth = 2; birth < 5; ++birth) {
    CHECK(nodes.hash(nodes.born(birth)).shared_upper_bits(key) >= 20);
  }
  for (std::uint32_t birth = 5; birth < 7; ++birth) {
    CHECK(nodes.hash(nodes.born(birth)).shared_upper_bits(other) >= 70);
  }
  for (std::uint32_t birth = 7; birth < 300; ++birth) {
    CHECK(nodes.hash(nodes.born(birth)) == named_hash("node", kSeed, kReplica, birth));
  }
}

TEST_CASE("behind a shared prefix the bits of the birth's draw follow", "[identities]") {
  const Hash key = Hash::of_name("key");
  const RandomStream stream(kSeed, kReplica, "network.identities");
  for (unsigned bits = 0; bits <= Hash::kBits; ++bits) {
    const IdentityOptions options{{Hash::of_name("first")}, {{key, bits, 1}}};
    const Hash chosen = chosen_identities(options, 2, kSeed, kReplica).back();
    const Hash drawn(stream.block({1, 0, 0}));
    for (unsigned bit = 0; bit < Hash::kBits; ++bit) {
      REQUIRE(chosen.bit(bit) == (bit < bits ? key : drawn).bit(bit));
    }
  }
}

TEST_CASE("all nodes of a network may be chosen, and not one more", "[identities]") {
  const PrefixIdentities five{Hash::of_name("key"), 8, 5};
  CHECK(population(5, {{}, {five}}).size() == 5);
  const std::string message =
      "identities: more are chosen than the network has nodes (want at most 5)";
  require_refused(5, {{Hash::of_name("a")}, {five}}, message);
  require_refused(5, {{}, {five, {Hash(), 8, ~std::uint64_t{0}}}}, message);
  require_refused(5, {{}, {{Hash(), 257, 1}}},
                  "identities: a prefix of 257 bits (want at most 256)");
}

TEST_CASE("a hash is chosen once, and is no generated one", "[identities]") {
  const Hash a = Hash::of_name("a");
  require_refused(
      9, {{a, Hash::of_name("b"), a}, {}},
      "identities: " + a.hex() + " is chosen twice, for births 0 and 2 (want each once)");
  require_refused(
      9, {{a}, {{a, 256, 1}}},
      "identities: " + a.hex() + " is chosen twice, for births 0 and 1 (want each once)");
  // Of two generated hashes that are chosen, the error names that of the lower birth.
  const Hash seventh = named_hash("node", kSeed, kReplica, 7'000);
  const Hash last = named_hash("node", kSeed, kReplica, 8'999);
  require_refused(9'000, {{last, seventh}, {}},
                  "identities: " + seventh.hex() +
                      " is chosen, and is the generated hash of birth 7000 (want another hash)");
  // The name of a birth that is chosen is free.
  const Hash first = named_hash("node", kSeed, kReplica, 0);
  CHECK(population(9, {{a, first}, {}}).find(first).has_value());
}

TEST_CASE("without chosen identities every node has the name of its birth", "[identities]") {
  CHECK_FALSE(IdentityOptions().any());
  const Population nodes = population(300, {});
  for (std::uint32_t birth = 0; birth < 300; ++birth) {
    const auto node = nodes.find(named_hash("node", kSeed, kReplica, birth));
    REQUIRE(node.has_value());
    CHECK(nodes.birth(*node) == birth);
  }
}
