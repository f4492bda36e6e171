#include "sim/scenario/describe.hpp"
#include "sim/scenario/shapes.hpp"

namespace kadsim {
namespace {

using namespace shape;

// A key is printed as its hash; any other text stands for the hash of that text.
FieldValue key_text(Hash& key) {
  return [&key](ValueVisitor& visitor) {
    std::string written = key.hex();
    visitor.text(written, TextKind::kFree);
    const auto hash = Hash::from_hex(written);
    key = hash.has_value() ? *hash : Hash::of_name(written);
  };
}

}  // namespace

void describe(Fields& fields, IdentityOptions& identities) {
  fields.add("file", optional_of(identities.file, [](std::string& path) { return file(path); }),
             "One hash a line, 64 hexadecimal digits or any text to be hashed, each once; these "
             "nodes are born first. null: none.");
  fields.add("near",
             list_of(identities.prefixes, [](PrefixIdentities& near) { return object(near); }),
             "Nodes close to a key, born next.");
}

void describe(Fields& fields, PrefixIdentities& near) {
  fields.add("key", key_text(near.key), "64 hexadecimal digits, or any text to be hashed.",
             kRequired);
  fields.add("bits", integer(near.bits, 0, Hash::kBits),
             "Leading bits that their hashes share with the key; the rest is drawn.", kRequired);
  fields.add("count", integer(near.count, 1), "How many nodes.", kRequired);
}

}  // namespace kadsim
