// Get as in go-libp2p-kad-dht (SearchValue): a lookup, all of whose answers may bring records; it
// ends early with one record more than the quorum. Afterwards, in the background, those contacts in
// the result that have not given the best record are sent it. docs/values.md says more.

#include "core/client/gathered_records.hpp"
#include "core/client/operation_run.hpp"
#include "core/client/operations/operation_table.hpp"

namespace kadsim {
namespace {

using Holding = GatheredRecords::Holding;

class GoLibp2pGet final : public OperationProtocol {
 public:
  explicit GoLibp2pGet(OperationRun& run) : run_(run) {}

  void start(std::span<const PeerRef> seeds) override {
    records_.start();
    // The own record is one answer among others.
    if (const auto own = run_.own_record(); own.has_value()) {
      records_.heard(run_.request().origin, own, run_.own_details());
    }
    run_.begin_lookup(seeds, LookupFor::kEveryAnswer);
  }
  bool on_lookup_answer(PeerRef from, const Reply& reply) override {
    records_.heard(from, reply);
    // The caller has its answer and leaves; what is still on the wire is not waited for.
    return records_.quorum_met(run_.options().values);
  }
  void on_lookup_over(LookupEnd) override {
    run_.end_with(records_.best().has_value() ? OperationStatus::kFound
                                              : OperationStatus::kNotFound);
  }
  void complete(OperationOutcome& outcome) override {
    records_.tell(outcome, run_.options().values);
  }

  bool begin_aftermath(OperationStatus status) override {
    const ValueOptions& options = run_.options().values;
    // With its quorum it leaves without a look at which contact holds what.
    if (status != OperationStatus::kFound || !options.repair || records_.quorum_met(options)) {
      return false;
    }
    run_.open_window({.asks = WindowAsks::kRepair,
                      .record = *records_.best(),
                      .limit = options.put_timeout,
                      .details = records_.best_details()});
    for (const ResultContact& contact : run_.contacts()) {
      const Holding holding = records_.of(contact.peer);
      if (holding == Holding::kBest) continue;
      run_.add_to_window(
          {.peer = contact.peer, .dialled = contact.answered, .stale = holding == Holding::kStale});
    }
    run_.ask_window();
    return true;
  }
  void on_window_over() override { run_.end_aftermath(); }

 private:
  OperationRun& run_;
  GatheredRecords records_;
};

}  // namespace

std::unique_ptr<OperationProtocol> make_go_libp2p_get(OperationRun& run) {
  return std::make_unique<GoLibp2pGet>(run);
}

}  // namespace kadsim
