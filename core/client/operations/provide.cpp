// Provide: a lookup for the key of a segment, then a store at each of the closest nodes found, all
// at once.

#include "core/client/operation_run.hpp"
#include "core/client/operations/operation_table.hpp"

namespace kadsim {
namespace {

class Provide final : public OperationProtocol {
 public:
  explicit Provide(OperationRun& run) : run_(run) {}

  void start(std::span<const PeerRef> seeds) override {
    run_.begin_lookup(seeds, LookupFor::kContacts);
  }
  void on_lookup_over(LookupEnd) override { run_.begin_stores({}); }
  void on_window_over() override { run_.end_with(run_.outcome_of_stores()); }

 private:
  OperationRun& run_;
};

}  // namespace

std::unique_ptr<OperationProtocol> make_provide(OperationRun& run) {
  return std::make_unique<Provide>(run);
}

}  // namespace kadsim
