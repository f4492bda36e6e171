// Lookup: finds the nodes closest to a target. With `fill_table` it is also how a node joins.

#include "core/client/operation_run.hpp"
#include "core/client/operations/operation_table.hpp"

namespace kadsim {
namespace {

class Lookup final : public OperationProtocol {
 public:
  explicit Lookup(OperationRun& run) : run_(run) {}

  void start(std::span<const PeerRef> seeds) override {
    run_.begin_lookup(seeds, LookupFor::kContacts);
  }
  void on_lookup_over(LookupEnd end) override {
    run_.end_with(end == LookupEnd::kExhausted ? OperationStatus::kExhausted
                                               : OperationStatus::kComplete);
  }

 private:
  OperationRun& run_;
};

}  // namespace

std::unique_ptr<OperationProtocol> make_lookup(OperationRun& run) {
  return std::make_unique<Lookup>(run);
}

}  // namespace kadsim
