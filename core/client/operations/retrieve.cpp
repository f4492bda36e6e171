// Retrieve: a lookup for the key of a segment that ends at the first answer that brings it.

#include "core/client/operation_run.hpp"
#include "core/client/operations/operation_table.hpp"

namespace kadsim {
namespace {

class Retrieve final : public OperationProtocol {
 public:
  explicit Retrieve(OperationRun& run) : run_(run) {}

  void start(std::span<const PeerRef> seeds) override {
    // A node that holds the segment itself has found it before it asks any other node.
    if (run_.own_record().has_value()) {
      run_.end_with(OperationStatus::kFound);
    } else {
      run_.begin_lookup(seeds, LookupFor::kFirstValue);
    }
  }
  bool on_lookup_answer(PeerRef, const Reply&) override { return run_.strategy().stop(); }
  void on_lookup_over(LookupEnd end) override {
    run_.end_with(end == LookupEnd::kFound ? OperationStatus::kFound : OperationStatus::kNotFound);
  }

 private:
  OperationRun& run_;
};

}  // namespace

std::unique_ptr<OperationProtocol> make_retrieve(OperationRun& run) {
  return std::make_unique<Retrieve>(run);
}

}  // namespace kadsim
