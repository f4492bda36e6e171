#include "core/hash/hash.hpp"

#include "core/base/assert.hpp"

#include <openssl/evp.h>

#include <memory>
#include <vector>

namespace kadsim {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetched once: looking the algorithm up costs more than hashing a short name.
const EVP_MD* sha256() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

std::uint64_t big_endian_word(const unsigned char* bytes) {
  std::uint64_t word = 0;
  for (int i = 0; i < 8; ++i) word = (word << 8) | bytes[i];
  return word;
}

void append_little_endian(std::vector<unsigned char>& bytes, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) bytes.push_back(static_cast<unsigned char>(value >> (8 * i)));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Hash Hash::of_bytes(std::span<const unsigned char> bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  std::array<unsigned char, 32> digest{};
  const bool done = EVP_DigestInit_ex(context.get(), sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  KADSIM_ASSERT(done, "SHA-256 is not available from OpenSSL");
  Words words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = big_endian_word(&digest[8 * i]);
  return Hash(words);
}

Hash Hash::of_name(std::string_view name) {
  return of_bytes({reinterpret_cast<const unsigned char*>(name.data()), name.size()});
}

std::optional<Hash> Hash::from_hex(std::string_view hex) {
  if (hex.size() != 64) return std::nullopt;
  Words words{};
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const int digit = hex_digit(hex[i]);
    if (digit < 0) return std::nullopt;
    words[i / 16] = (words[i / 16] << 4) | static_cast<std::uint64_t>(digit);
  }
  return Hash(words);
}

std::string Hash::hex() const {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(64, '0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = kDigits[(words_[i / 16] >> (60 - 4 * (i % 16))) & 15];
  }
  return text;
}

Hash named_hash(std::string_view label, std::uint64_t seed, std::uint32_t replica,
                std::uint64_t index) {
  thread_local std::vector<unsigned char> bytes;
  bytes.assign(label.begin(), label.end());
  append_little_endian(bytes, seed, 8);
  append_little_endian(bytes, replica, 4);
  append_little_endian(bytes, index, 8);
  return Hash::of_bytes(bytes);
}

}  // namespace kadsim
