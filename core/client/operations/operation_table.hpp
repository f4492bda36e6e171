#pragma once

#include <cstddef>
#include <memory>

#include "core/client/client_options.hpp"
#include "core/client/operation_kind.hpp"
#include "core/client/operation_protocol.hpp"

namespace kadsim {

/// The kinds of operations that a client can play, one row each (operation_table.cpp). A row holds
/// for one style of values, or for all of them.

/// How many rows there are.
[[nodiscard]] std::size_t operation_rows();
/// The row for operations of this kind at a client of this style. There is one for each.
[[nodiscard]] std::size_t operation_row(OperationKind kind, ValueStyle style);
/// A protocol for one run, which outlives it. Pre: row < operation_rows().
[[nodiscard]] std::unique_ptr<OperationProtocol> make_operation(std::size_t row, OperationRun& run);

// One function a file: each operation stands in the file of its name.
std::unique_ptr<OperationProtocol> make_lookup(OperationRun& run);
std::unique_ptr<OperationProtocol> make_provide(OperationRun& run);
std::unique_ptr<OperationProtocol> make_retrieve(OperationRun& run);
std::unique_ptr<OperationProtocol> make_go_libp2p_put(OperationRun& run);
std::unique_ptr<OperationProtocol> make_go_libp2p_get(OperationRun& run);
std::unique_ptr<OperationProtocol> make_py_libp2p_put(OperationRun& run);
std::unique_ptr<OperationProtocol> make_py_libp2p_get(OperationRun& run);

}  // namespace kadsim
