#include "core/random/random_stream.hpp"

#include "core/hash/hash.hpp"

#include <Random123/philox.h>

#include <string>

namespace kadsim {

RandomStream::RandomStream(std::uint64_t seed, std::uint32_t replica, std::string_view name) {
  std::string text = "stream";
  for (int i = 0; i < 8; ++i)
    text += static_cast<char>(static_cast<unsigned char>(seed >> (8 * i)));
  for (int i = 0; i < 4; ++i) {
    text += static_cast<char>(static_cast<unsigned char>(replica >> (8 * i)));
  }
  text += name;
  const Hash digest = Hash::of_name(text);
  key_ = {digest.words()[0], digest.words()[1]};
}

RandomStream::Block RandomStream::block(const DrawKey& key, std::uint64_t index) const {
  const r123::Philox4x64::ctr_type counter = {{key.a, key.b, key.c, index}};
  const r123::Philox4x64::key_type philox_key = {{key_[0], key_[1]}};
  const auto words = r123::Philox4x64()(counter, philox_key);
  return {words[0], words[1], words[2], words[3]};
}

}  // namespace kadsim
