#pragma once

#include <concepts>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace kadsim {

/// What names a node: its number, or a type that wraps it (PeerRef).
template <class Key>
concept NodeKey = std::same_as<Key, std::uint32_t> || requires(const Key& key) {
  { key.value } -> std::convertible_to<std::uint32_t>;
};

/// One T for each node that was ever asked for. It is made at the first call of `of`, so that a
/// node which needs none costs nothing, and never unmade.
///
/// It can be looked up, and never iterated: the order of a hash table must not reach a result, so
/// there is no begin(). References stay valid as long as the container. O(1) a call.
template <class T>
class PerNode {
 public:
  /// The object of the node, made of these arguments if there is none yet.
  template <NodeKey Key, class... Arguments>
  T& of(Key node, Arguments&&... arguments) {
    return by_number_.try_emplace(number(node), std::forward<Arguments>(arguments)...)
        .first->second;
  }
  /// The object of the node; null if there is none.
  template <NodeKey Key>
  [[nodiscard]] T* find(Key node) {
    const auto found = by_number_.find(number(node));
    return found == by_number_.end() ? nullptr : &found->second;
  }
  template <NodeKey Key>
  [[nodiscard]] const T* find(Key node) const {
    const auto found = by_number_.find(number(node));
    return found == by_number_.end() ? nullptr : &found->second;
  }

 private:
  static std::uint32_t number(std::uint32_t node) { return node; }
  template <class Key>
  static std::uint32_t number(Key node) {
    return node.value;
  }

  std::unordered_map<std::uint32_t, T> by_number_;
};

}  // namespace kadsim
