#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random/probability.hpp"
#include "core/time/time.hpp"

namespace kadsim {

class Fields;
class ValueVisitor;

/// A name a scenario may use, with one sentence on what it stands for.
struct Named {
  std::string_view name;
  std::string_view help;
};

/// A piece of a scenario together with its type: called with a visitor, it hands itself to the one
/// of the visitor's functions that stands for its type. `shape::integer(client.k, 1, 1000)` makes
/// one; it borrows `client.k`.
using FieldValue = std::function<void(ValueVisitor&)>;

struct IntegerRange {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};
struct RealRange {
  double min = 0;
  double max = 0;
  bool min_excluded = false;
};
struct DurationRange {
  Duration min;
  Duration max;
};
enum class TextKind : std::uint8_t {
  kFree,  ///< anything
  kName,  ///< 1 to 64 letters, digits, '-', '_' or '.'
  kFile,  ///< path of a data file, relative to the folder of the scenario
};

/// A key of the scenario, as a path like `client.k`, with values for it, each as JSON.
struct Setting {
  std::string key;
  std::vector<std::string> values;  ///< exactly one where only one is asked for
};
enum class SettingKind : std::uint8_t {
  kValue,   ///< one value a key
  kValues,  ///< a list of one value or more, no value twice
};

/// A list of values of one type.
struct ListAccess {
  std::size_t size = 0;
  std::size_t min_size = 0;
  std::function<void(std::size_t)> resize;  ///< new items have their defaults
  std::function<FieldValue(std::size_t index)> at;
};

/// A choice between structs, each with fields of its own (a std::variant, say). One is selected.
struct Alternatives {
  std::span<const Named> names;
  std::size_t selected = 0;
  std::function<void(std::size_t)> select;  ///< the selected one has its defaults after that
  std::function<void(Fields&)> describe;    ///< the fields of the selected one
  std::size_t words = 1;  ///< of `word_or_object`: so many of the first are words without fields
};

/// An object that is described as another one is, and gives only what differs: a key that it does
/// not give is as it is given there.
struct Variation {
  std::string_view of;             ///< key of the other object in the scenario
  FieldValue other;                ///< that object
  bool given = false;              ///< does anything differ?
  std::function<void(bool)> give;  ///< makes anything differ, with defaults at first, or nothing
  FieldValue own;                  ///< the object, complete; only if anything differs
  std::span<const Named> fixed;    ///< keys that cannot differ, each with the reason
};

/// Does something with a value: decode it, print it, tell its type. Arguments taken by reference
/// are the value itself; a visitor that reads a scenario assigns to them, the others only look.
class ValueVisitor {
 public:
  virtual ~ValueVisitor() = default;
  virtual void boolean(bool& value) = 0;
  virtual void integer(std::uint64_t& value, const IntegerRange& range) = 0;
  virtual void real(double& value, const RealRange& range) = 0;
  virtual void text(std::string& value, TextKind kind) = 0;
  virtual void duration(Duration& value, const DurationRange& range) = 0;
  virtual void rate(Probability& value) = 0;
  virtual void choice(std::size_t& index, std::span<const Named> names) = 0;
  /// null, or `inner`; `given` tells which.
  virtual void optional(bool& given, const FieldValue& inner) = 0;
  virtual void list(const ListAccess& list) = 0;
  virtual void object(const std::function<void(Fields&)>& describe) = 0;
  /// An object whose keys are paths of other keys of the scenario. What the values mean is not
  /// known here: they are checked when they are applied.
  virtual void settings(std::vector<Setting>& settings, SettingKind kind) = 0;
  /// The first alternative has no fields and is written as its name; each other has one field, of
  /// its own name, and is written as an object.
  virtual void word_or_object(const Alternatives& alternatives) = 0;
  virtual void variation(const Variation& variation) = 0;
};

/// What holds when a key is not given.
struct Default {
  enum class Kind : std::uint8_t {
    kInitial,   ///< the value that the struct is made with
    kRequired,  ///< an error
    kSameAs,    ///< what is given for the key named by `text`, in the same object
    kRule,      ///< what a rule fills in, told by `text`
  };
  Kind kind = Kind::kInitial;
  std::string_view text;
};
inline constexpr Default kRequired{Default::Kind::kRequired, {}};
constexpr Default same_as(std::string_view key) { return {Default::Kind::kSameAs, key}; }
constexpr Default filled_in(std::string_view how) { return {Default::Kind::kRule, how}; }

/// Where a rule says that it is broken.
class Rules {
 public:
  virtual ~Rules() = default;
  // Paths are keys and indices joined by '.', from the object that the rule belongs to.

  /// Reports an error at the first of `paths`. They are what the rule looked at: if one of them has
  /// an error of its own, this one may only follow from that and is not reported.
  virtual void broken(const std::vector<std::string>& paths, const std::string& message,
                      const std::string& advice) = 0;
  /// Whether the object has that key, whatever is wrong with its value.
  [[nodiscard]] virtual bool given(std::string_view key) const = 0;
  /// Whether nothing at that path has been reported so far.
  [[nodiscard]] virtual bool sound(const std::string& path) const = 0;
};

/// Hears of the fields of one object, in the order in which they are printed.
///
/// Every struct of a scenario describes itself once, in a function `describe(Fields&, Struct&)`:
/// key, type with unit and range, default, one sentence of help. Decoding, error messages, the
/// printed scenario, the JSON Schema and the reference are classes derived from this one.
class Fields {
 public:
  virtual ~Fields() = default;
  virtual void add(std::string_view key, const FieldValue& value, std::string_view help,
                   const Default& otherwise = {}) = 0;
  /// The value of `key` is the name of an alternative, whose fields stand beside it.
  virtual void tagged(std::string_view key, const Alternatives& alternatives, std::string_view help,
                      const Default& otherwise = {}) = 0;
  /// Each alternative has one field, of its own name; at most one of them is given.
  virtual void one_of(const Alternatives& alternatives) = 0;
  /// What must hold between fields added so far, and defaults that follow from them: `rule` may
  /// assign to fields. Only reading a scenario calls it.
  virtual void rule(const std::function<void(Rules&)>& rule) = 0;
};

}  // namespace kadsim
