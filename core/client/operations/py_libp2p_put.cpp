// Put as in py-libp2p (put_value): into the own store, then, without a lookup, at the closest
// contacts of the own table, `alpha` at a time. docs/values.md says more.

#include "core/client/operation_run.hpp"
#include "core/client/operations/operation_table.hpp"

namespace kadsim {
namespace {

class PyLibp2pPut final : public OperationProtocol {
 public:
  explicit PyLibp2pPut(OperationRun& run) : run_(run) {}

  void start(std::span<const PeerRef>) override {
    if (!run_.put_into_own_store()) {
      run_.end_with(OperationStatus::kRefused);
      return;
    }
    run_.take_contacts_of_own_table();
    run_.begin_stores(
        {.width = run_.options().lookup.alpha, .limit = run_.options().values.query_timeout});
  }
  void on_window_reply(std::uint32_t at, PeerRef, const Reply& reply) override {
    run_.contacts()[at].answered = is_answer(reply.status);
  }
  void on_window_over() override { run_.end_with(run_.outcome_of_stores()); }

 private:
  OperationRun& run_;
};

}  // namespace

std::unique_ptr<OperationProtocol> make_py_libp2p_put(OperationRun& run) {
  return std::make_unique<PyLibp2pPut>(run);
}

}  // namespace kadsim
