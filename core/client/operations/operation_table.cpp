#include "core/client/operations/operation_table.hpp"

#include "core/base/assert.hpp"

#include <iterator>
#include <optional>

namespace kadsim {
namespace {

struct Row {
  OperationKind kind;
  std::optional<ValueStyle> style;  // none: any
  std::unique_ptr<OperationProtocol> (*make)(OperationRun& run);
};

constexpr Row kRows[] = {
    {OperationKind::kLookup, std::nullopt, make_lookup},
    {OperationKind::kProvide, std::nullopt, make_provide},
    {OperationKind::kRetrieve, std::nullopt, make_retrieve},
    {OperationKind::kPut, ValueStyle::kGoLibp2p, make_go_libp2p_put},
    {OperationKind::kGet, ValueStyle::kGoLibp2p, make_go_libp2p_get},
    {OperationKind::kPut, ValueStyle::kPyLibp2p, make_py_libp2p_put},
    {OperationKind::kGet, ValueStyle::kPyLibp2p, make_py_libp2p_get},
};

}  // namespace

std::size_t operation_rows() { return std::size(kRows); }

std::size_t operation_row(OperationKind kind, ValueStyle style) {
  std::size_t row = 0;
  while (row < std::size(kRows) &&
         (kRows[row].kind != kind || kRows[row].style.value_or(style) != style)) {
    ++row;
  }
  KADSIM_ASSERT(row < std::size(kRows), "no operation of this kind");
  return row;
}

std::unique_ptr<OperationProtocol> make_operation(std::size_t row, OperationRun& run) {
  return kRows[row].make(run);
}

}  // namespace kadsim
