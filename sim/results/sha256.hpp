#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "core/hash/hash.hpp"

// OpenSSL's context by its own name, so that its headers stay in the .cpp.
struct evp_md_ctx_st;

namespace kadsim {

/// SHA-256 of bytes that come in pieces. `Hash::of_name` and `Hash::of_bytes` give the same for
/// bytes that are all at hand. The first byte of the digest is the upper one of the `Hash`, so
/// `hex()` is what sha256sum prints.
class Sha256 {
 public:
  Sha256();

  void update(std::string_view bytes);
  /// The digest of all bytes so far. Afterwards the object is as new.
  [[nodiscard]] Hash finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  void restart();

  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// The SHA-256 of a file, which is read in pieces. Throws UnreadableError if it cannot be read to
/// its end.
[[nodiscard]] Hash sha256_of_file(const std::filesystem::path& path);

}  // namespace kadsim
