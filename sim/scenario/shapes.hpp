#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/scenario/fields.hpp"

/// Makers of field values: each binds a piece of a struct to its type. All borrow what they are
/// given; names must live for ever.
namespace kadsim::shape {

inline FieldValue boolean(bool& value) {
  return [&value](ValueVisitor& visitor) { visitor.boolean(value); };
}

template <class Unsigned>
FieldValue integer(Unsigned& value, std::uint64_t min = 0,
                   std::uint64_t max = std::numeric_limits<Unsigned>::max()) {
  return [&value, min, max](ValueVisitor& visitor) {
    std::uint64_t wide = value;
    visitor.integer(wide, {min, max});
    value = static_cast<Unsigned>(wide);
  };
}

/// min <= value <= max.
inline FieldValue real(double& value, double min, double max) {
  return [&value, min, max](ValueVisitor& visitor) { visitor.real(value, {min, max, false}); };
}
/// 0 < value <= max.
inline FieldValue positive_real(double& value, double max) {
  return [&value, max](ValueVisitor& visitor) { visitor.real(value, {0, max, true}); };
}

inline FieldValue text(std::string& value, TextKind kind = TextKind::kFree) {
  return [&value, kind](ValueVisitor& visitor) { visitor.text(value, kind); };
}
inline FieldValue name(std::string& value) { return text(value, TextKind::kName); }
inline FieldValue file(std::string& value) { return text(value, TextKind::kFile); }

inline FieldValue duration(Duration& value, Duration min, Duration max) {
  return [&value, min, max](ValueVisitor& visitor) { visitor.duration(value, {min, max}); };
}

/// Points of virtual time end after a hundred years, so that sums with them stay far from the end
/// of time.
inline constexpr Duration kLongestRun = Duration::hours(876'000);

inline FieldValue time(SimTime& value, Duration min = {}) {
  return [&value, min](ValueVisitor& visitor) {
    Duration since_start = value - SimTime();
    visitor.duration(since_start, {min, kLongestRun});
    value = SimTime::at(since_start);
  };
}

inline FieldValue rate(Probability& value) {
  return [&value](ValueVisitor& visitor) { visitor.rate(value); };
}

/// `names` stand in the order of the enumerators, which count from 0.
template <class Enum>
FieldValue choice(Enum& value, std::span<const Named> names) {
  return [&value, names](ValueVisitor& visitor) {
    auto index = static_cast<std::size_t>(value);
    visitor.choice(index, names);
    value = static_cast<Enum>(index);
  };
}

/// `make` turns a T& into the value that stands where null does not.
template <class T, class Make>
FieldValue optional_of(std::optional<T>& value, Make make) {
  return [&value, make](ValueVisitor& visitor) {
    bool given = value.has_value();
    T inner = value.value_or(T{});
    visitor.optional(given, make(inner));
    value = given ? std::optional<T>(std::move(inner)) : std::nullopt;
  };
}

/// `make` turns a T& into the value of an item.
template <class T, class Make>
FieldValue list_of(std::vector<T>& items, Make make, std::size_t min_size = 0) {
  return [&items, make, min_size](ValueVisitor& visitor) {
    visitor.list({items.size(), min_size, [&items](std::size_t size) { items.resize(size); },
                  [&items, make](std::size_t index) { return make(items[index]); }});
  };
}

/// A struct with a function `describe(Fields&, Struct&)`.
template <class Struct>
FieldValue object(Struct& value) {
  return [&value](ValueVisitor& visitor) {
    visitor.object([&value](Fields& fields) { describe(fields, value); });
  };
}
/// An object whose fields `describe` adds.
inline FieldValue object_with(std::function<void(Fields&)> describe) {
  return [describe = std::move(describe)](ValueVisitor& visitor) { visitor.object(describe); };
}

/// What differs from `other`, which stands in the scenario as the key `of`.
template <class Struct>
FieldValue variation_of(std::optional<Struct>& own, Struct& other, std::string_view of,
                        std::span<const Named> fixed) {
  return [&own, &other, of, fixed](ValueVisitor& visitor) {
    const auto give = [&own](bool given) {
      own.reset();
      if (given) own.emplace();
    };
    const FieldValue own_object = [&own](ValueVisitor& inner) { object (*own)(inner); };
    visitor.variation({of, object(other), own.has_value(), give, own_object, fixed});
  };
}

inline FieldValue settings(std::vector<Setting>& list, SettingKind kind) {
  return [&list, kind](ValueVisitor& visitor) { visitor.settings(list, kind); };
}

/// The alternatives of a variant, in its order; each has a function `describe`.
template <class... Structs>
Alternatives alternatives(std::variant<Structs...>& variant,
                          std::span<const Named, sizeof...(Structs)> names) {
  using Variant = std::variant<Structs...>;
  const auto select = [&variant](std::size_t index) {
    static constexpr std::array<Variant (*)(), sizeof...(Structs)> kMakers = {
        +[]() -> Variant { return Structs{}; }...};
    variant = kMakers[index]();
  };
  const auto describe_selected = [&variant](Fields& fields) {
    std::visit([&fields](auto& selected) { describe(fields, selected); }, variant);
  };
  return {names, variant.index(), select, describe_selected};
}

/// The first `words` alternatives are written as a word, the others as an object with one key.
template <class Variant, std::size_t kCount>
FieldValue word_or_object(Variant& variant, const std::array<Named, kCount>& names,
                          std::size_t words = 1) {
  return [&variant, &names, words](ValueVisitor& visitor) {
    Alternatives all = alternatives(variant, std::span<const Named, kCount>(names));
    all.words = words;
    visitor.word_or_object(all);
  };
}

}  // namespace kadsim::shape
