#include "sim/results/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "core/base/assert.hpp"
#include "core/base/input_error.hpp"

namespace kadsim {
namespace {

void require(int result) { KADSIM_ASSERT(result == 1, "SHA-256 is not available from OpenSSL"); }

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { restart(); }

void Sha256::restart() { require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr)); }

void Sha256::update(std::string_view bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

Hash Sha256::finish() {
  std::array<unsigned char, 32> digest{};
  require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr));
  restart();
  Hash::Words words{};
  for (std::size_t i = 0; i < digest.size(); ++i) words[i / 8] = (words[i / 8] << 8) | digest[i];
  return Hash(words);
}

Hash sha256_of_file(const std::filesystem::path& path) {
  const auto fail = [&path](int error) {
    throw UnreadableError(
        fmt::format("{}: cannot read: {}", path.string(), std::generic_category().message(error)));
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) fail(errno);
  Sha256 sha256;
  std::vector<char> piece(256 * 1024);
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) {
    sha256.update({piece.data(), size});
  }
  if (std::ferror(file.get()) != 0) fail(errno);
  return sha256.finish();
}

}  // namespace kadsim
