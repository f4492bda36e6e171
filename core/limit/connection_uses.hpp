#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "core/resource/resource_ids.hpp"

namespace kadsim {

/// Which operations of one node use which connections. A use begins with the first dial or request
/// of an operation to a contact, and is shared by those that follow; it ends with the last of them.
/// An operation has one use a contact. It is of the connection that there was as it began: if that
/// is lost, the next dial begins another use in its place. O(log uses) a call.
class ConnectionUses {
 public:
  /// Numbers are never used again, so a stale one ends nothing. {} is none.
  struct Id {
    std::uint64_t number = 0;
    bool operator==(const Id&) const = default;
  };
  struct Key {
    std::uint64_t operation = 0;
    std::uint32_t contact = 0;
    auto operator<=>(const Key&) const = default;
  };
  /// A use that has ended.
  struct Ended {
    Key key;
    ResourceId connection;
  };

  /// The use that a key has now; {} if it has none.
  [[nodiscard]] Id of(const Key& key) const;
  /// One dial or request more shares the present use of that very connection. False, and nothing
  /// changes, if there is none.
  bool share(const Key& key, ResourceId connection);
  /// Begins a use, for one dial or request. False: in place of one whose connection is lost.
  bool begin(const Key& key, ResourceId connection);
  /// A dial or request that shares the use is over. None if the use goes on, or is another now.
  std::optional<Ended> leave(const Key& key, Id id);
  /// Ends the operation's use of the contact with the lowest number; none if it uses nothing.
  std::optional<Ended> end_first(std::uint64_t operation);

 private:
  struct Use {
    Id id;
    ResourceId connection;
    std::uint32_t shares = 0;
  };
  using Uses = std::map<Key, Use>;
  Ended end(Uses::iterator use);

  Uses uses_;
  std::uint64_t last_ = 0;  // number that was given
};

}  // namespace kadsim
