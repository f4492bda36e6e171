// Retrieve: a lookup for a key that ends at the first answer that brings a record of it.

#include "core/client/operation_run.hpp"
#include "core/client/operations/operation_table.hpp"

#include <optional>

namespace kadsim {
namespace {

class Retrieve final : public OperationProtocol {
 public:
  explicit Retrieve(OperationRun& run) : run_(run) {}

  void start(std::span<const PeerRef> seeds) override {
    found_ = false;
    details_.reset();
    // A node that holds a record itself has found it before it asks any other node.
    if (run_.own_record().has_value()) {
      found(run_.own_details());
      run_.end_with(OperationStatus::kFound);
    } else {
      run_.begin_lookup(seeds, LookupFor::kFirstRecord);
    }
  }
  bool on_lookup_answer(PeerRef, const Reply& reply) override {
    if (!found_) found(reply.details);
    return run_.strategy().stop();
  }
  void on_lookup_over(LookupEnd end) override {
    run_.end_with(end == LookupEnd::kFound ? OperationStatus::kFound : OperationStatus::kNotFound);
  }
  void complete(OperationOutcome& outcome) override { outcome.details = or_null(details_); }

 private:
  void found(const RecordDetails* details) {
    found_ = true;
    if (details != nullptr) details_ = *details;
  }

  OperationRun& run_;
  // The first record is taken; what the strategy still waits for may bring others.
  bool found_ = false;
  std::optional<RecordDetails> details_;  // of that record
};

}  // namespace

std::unique_ptr<OperationProtocol> make_retrieve(OperationRun& run) {
  return std::make_unique<Retrieve>(run);
}

}  // namespace kadsim
