#pragma once

#include "sim/scenario/json_document.hpp"

namespace kadsim {

/// The object `own` with the members of `other` that it does not give itself, which are marked as
/// inherited; objects that both give are put together likewise. Pre: both are objects.
[[nodiscard]] JsonValue varied(const JsonValue& other, JsonValue own);

/// What `own` gives otherwise than `other`: without the members that are the same in both, and of
/// objects that both give only what differs. `varied(other, difference(other, own))` has every
/// member of `own`. Pre: both are objects.
[[nodiscard]] JsonValue difference(const JsonValue& other, JsonValue own);

}  // namespace kadsim
