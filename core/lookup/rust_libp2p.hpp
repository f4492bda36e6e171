#pragma once

#include "core/lookup/rust_path.hpp"

namespace kadsim {

/// rust-libp2p's lookup: a window of alpha (default 3) that widens to max(`results`, alpha) when it
/// stalls, with a time limit for each contact (`contact_timeout`, default 10 s). All of it is
/// RustPath. The result are the `results` nearest that answered.
class RustLibp2pLookup final : public LookupStrategy {
 public:
  void start(const LookupTask& task, std::span<const PeerRef> seeds) override {
    results_ = task.options->results;
    path_.start(task, seeds);
  }
  LookupStep next(SimTime now) override { return path_.next(now); }
  void on_answer(PeerRef from, const LookupAnswer& answer, SimTime /*now*/) override {
    path_.on_answer(from, answer);
  }
  void on_failure(PeerRef from, SimTime /*now*/) override { path_.on_failure(from); }
  void collect(std::vector<ResultContact>& out) const override {
    path_.known().collect_answered(results_, out);
  }

 private:
  RustPath path_;
  std::size_t results_ = 0;
};

}  // namespace kadsim
