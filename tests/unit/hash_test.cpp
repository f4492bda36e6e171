#include "core/hash/hash.hpp"
#include "core/hash/bit_array.hpp"

#include "core/base/assert.hpp"
#include "tests/catch.hpp"

using namespace kadsim;

TEST_CASE("a hash of a name is its SHA-256", "[hash]") {
  CHECK(Hash::of_name("").hex() ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Hash::of_name("abc").hex() ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("hexadecimal digits and hashes convert both ways, and nothing else is accepted",
          "[hash]") {
  const Hash hash = Hash::of_name("kadsim");
  CHECK(Hash::from_hex(hash.hex()) == hash);
  CHECK_FALSE(Hash::from_hex("").has_value());
  CHECK_FALSE(Hash::from_hex(std::string(63, '0')).has_value());
  CHECK_FALSE(Hash::from_hex(std::string(63, '0') + "g").has_value());
  CHECK_FALSE(Hash::from_hex(std::string(65, '0')).has_value());
}

TEST_CASE("shared upper bits are the index of the first bit that differs", "[hash]") {
  const Hash hash = Hash::of_name("a");
  CHECK(hash.shared_upper_bits(hash) == 256);
  for (unsigned i = 0; i < Hash::kBits; ++i) {
    CHECK(hash.shared_upper_bits(hash.with_bit_flipped(i)) == i);
    CHECK(BitArray(hash).upper_sharing_bits(BitArray(hash.with_bit_flipped(i))) == i);
    CHECK(BitView(hash, 0, 256).upper_sharing_bits(BitView(hash, 0, 256)) == 256);
  }
}

TEST_CASE("XOR distance is symmetric, zero only to itself, and keeps the triangle inequality",
          "[hash]") {
  const Hash a = Hash::of_name("a");
  const Hash b = Hash::of_name("b");
  CHECK(a.xor_to(b) == b.xor_to(a));
  CHECK(a.xor_to(a) == Hash());
  for (int i = 0; i < 100; ++i) {
    const Hash c = Hash::of_name(std::to_string(i));
    // d(a, b) xor d(b, c) = d(a, c), and x xor y <= x + y, so no side is longer than the other two
    // together.
    CHECK(a.xor_to(b).xor_to(b.xor_to(c)) == a.xor_to(c));
  }
}

TEST_CASE("a bit array keeps a prefix and its views read the same bits", "[bit_array]") {
  const Hash hash = *Hash::from_hex("a5" + std::string(62, 'f'));
  const BitArray prefix(hash, 12);
  CHECK(prefix.to_string() == "101001011111");
  CHECK(prefix.lowest() == *Hash::from_hex("a5f" + std::string(61, '0')));
  CHECK(prefix.view().suffix_from(4).prefix(4).to_string() == "0101");
  CHECK(BitArray(hash, 0).to_string().empty());
  CHECK(BitArray(hash, 5).upper_sharing_bits(BitArray(hash, 9)) == 5);
  CHECK_THROWS_AS(BitArray(hash, 257), AssertionError);
  CHECK_THROWS_AS(BitView(hash, 200, 57), AssertionError);
}
