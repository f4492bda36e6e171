// Put as in go-libp2p-kad-dht (PutValue): into the own store, then, found by a lookup, at the
// closest nodes, all at once. docs/values.md says more.

#include "core/client/operation_run.hpp"
#include "core/client/operations/operation_table.hpp"

namespace kadsim {
namespace {

class GoLibp2pPut final : public OperationProtocol {
 public:
  explicit GoLibp2pPut(OperationRun& run) : run_(run) {}

  void start(std::span<const PeerRef> seeds) override {
    if (run_.put_into_own_store()) {
      run_.begin_lookup(seeds, LookupFor::kContacts);
    } else {
      run_.end_with(OperationStatus::kRefused);
    }
  }
  void on_lookup_over(LookupEnd) override {
    run_.begin_stores({.limit = run_.options().values.put_timeout});
  }
  void on_window_over() override { run_.end_with(run_.outcome_of_stores()); }

 private:
  OperationRun& run_;
};

}  // namespace

std::unique_ptr<OperationProtocol> make_go_libp2p_put(OperationRun& run) {
  return std::make_unique<GoLibp2pPut>(run);
}

}  // namespace kadsim
