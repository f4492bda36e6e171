// Get as in py-libp2p (get_value): the own record at once; else the closest contacts of the own
// table are asked, `alpha` at a time, until a quorum of records is known. Then the contacts with an
// older record are sent the best one, then those without one, and the get waits for both.
// docs/values.md says more.

#include "core/client/gathered_records.hpp"
#include "core/client/operation_run.hpp"
#include "core/client/operations/operation_table.hpp"

namespace kadsim {
namespace {

using Holding = GatheredRecords::Holding;

// Did the contact itself say so, also if it said no? If not, it was not asked, or was not heard.
bool is_from_remote(ReplyStatus status) {
  return status != ReplyStatus::kNoAnswer && status != ReplyStatus::kNoSlot &&
         status != ReplyStatus::kRevoked;
}

class PyLibp2pGet final : public OperationProtocol {
 public:
  explicit PyLibp2pGet(OperationRun& run) : run_(run) {}

  void start(std::span<const PeerRef>) override {
    records_.start();
    if (const auto own = run_.own_record(); own.has_value()) {
      records_.heard(run_.request().origin, own, run_.own_details());
      run_.end_with(OperationStatus::kFound);
      return;
    }
    step_ = Step::kQuery;
    repairs_of_stale_ = 0;
    run_.take_contacts_of_own_table();
    run_.open_window({.asks = WindowAsks::kQuery,
                      .width = run_.options().lookup.alpha,
                      .limit = run_.options().values.query_timeout});
    for (const ResultContact& contact : run_.contacts()) run_.add_to_window({.peer = contact.peer});
    run_.ask_window();
  }

  void on_window_reply(std::uint32_t at, PeerRef from, const Reply& reply) override {
    if (step_ != Step::kQuery) return;
    run_.contacts()[at].answered = is_answer(reply.status);
    // A contact that refuses counts as one that answered without a record. One that timed out does
    // not, nor does one that was not asked or not heard because the asker had no slot for it.
    if (!is_from_remote(reply.status)) return;
    records_.heard(from, reply);
    if (records_.quorum_met(run_.options().values)) run_.stop_window();
  }

  void on_window_over() override {
    switch (step_) {
      case Step::kQuery:
        if (records_.best().has_value()) {
          repair(Step::kRepairStale, Holding::kStale, 0);
        } else {
          run_.end_with(OperationStatus::kNotFound);
        }
        break;
      case Step::kRepairStale:
        repair(Step::kRepairMissing, Holding::kNothing, repairs_of_stale_);
        break;
      case Step::kRepairMissing:
        run_.store_at_home(*records_.best(), records_.best_details());
        run_.end_with(OperationStatus::kFound);
        break;
    }
  }

  void complete(OperationOutcome& outcome) override {
    records_.tell(outcome, run_.options().values);
  }

 private:
  enum class Step : std::uint8_t { kQuery, kRepairStale, kRepairMissing };

  // Sends the best record to all contacts of that holding at once. `first_index`: how many contacts
  // have been repaired before.
  void repair(Step step, Holding holding, std::uint32_t first_index) {
    step_ = step;
    const ValueOptions& options = run_.options().values;
    run_.open_window({.asks = WindowAsks::kRepair,
                      .record = *records_.best(),
                      .first_index = first_index,
                      .limit = options.query_timeout,
                      .details = records_.best_details()});
    for (const ResultContact& contact : run_.contacts()) {
      if (!options.repair || records_.of(contact.peer) != holding) continue;
      run_.add_to_window(
          {.peer = contact.peer, .dialled = contact.answered, .stale = holding == Holding::kStale});
      if (step == Step::kRepairStale) ++repairs_of_stale_;
    }
    run_.ask_window();
  }

  OperationRun& run_;
  GatheredRecords records_;
  Step step_ = Step::kQuery;
  std::uint32_t repairs_of_stale_ = 0;
};

}  // namespace

std::unique_ptr<OperationProtocol> make_py_libp2p_get(OperationRun& run) {
  return std::make_unique<PyLibp2pGet>(run);
}

}  // namespace kadsim
