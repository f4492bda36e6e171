// A lookup strategy in a program of one's own: registered, named in a scenario, played.

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/strategies.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/decode.hpp"

#include <iostream>
#include <memory>

namespace {

// Asks one contact after the other, the nearest first, until the nearest known has answered.
class OneByOne final : public kadsim::LookupStrategy {
 public:
  void start(const kadsim::LookupTask& task, std::span<const kadsim::PeerRef> seeds) override {
    task_ = task;
    known_.start(*task.book, task.target);
    known_.add(seeds, 1);
    waiting_ = false;
  }
  kadsim::LookupStep next(kadsim::SimTime) override {
    if (waiting_) return kadsim::LookupStep::wait();
    for (std::size_t i = 0; i < known_.size(); ++i) {
      if (known_[i].state == kadsim::CandidateState::kAnswered) {
        return kadsim::LookupStep::finished(kadsim::LookupEnd::kComplete);
      }
      if (known_[i].state != kadsim::CandidateState::kHeard) continue;
      known_.set_state(i, kadsim::CandidateState::kAsked);
      waiting_ = true;
      return kadsim::LookupStep::ask(known_[i].peer);
    }
    return kadsim::LookupStep::finished(kadsim::LookupEnd::kExhausted);
  }
  void on_answer(kadsim::PeerRef from, const kadsim::LookupAnswer& answer,
                 kadsim::SimTime) override {
    const std::size_t at = known_.find_asked(from);
    known_.set_state(at, kadsim::CandidateState::kAnswered);
    known_.add(answer.contacts, known_[at].hop + 1U, task_.origin);
    waiting_ = false;
  }
  void on_failure(kadsim::PeerRef from, kadsim::SimTime) override {
    known_.set_state(known_.find_asked(from), kadsim::CandidateState::kFailed);
    waiting_ = false;
  }
  void collect(std::vector<kadsim::ResultContact>& out) const override {
    known_.collect_nearest(task_.options->results, true, out);
  }

 private:
  kadsim::LookupTask task_;
  kadsim::CandidateList known_;
  bool waiting_ = false;
};

constexpr const char* kScenario = R"({
  "version": 1,
  "seed": 42,
  "network": { "nodes": 1000, "link": { "delay": { "model": "planetlab" } } },
  "client": { "lookup": { "strategy": "one-by-one" } },
  "workload": [ { "op": "lookup", "count": 100 } ]
})";

}  // namespace

int main() {
  kadsim::register_lookup_strategy(
      {"one-by-one", "One contact after the other.",
       []() -> std::unique_ptr<kadsim::LookupStrategy> { return std::make_unique<OneByOne>(); }});
  const kadsim::RunResult result =
      kadsim::run_simulation(kadsim::decode_scenario(kScenario, "scenario"));
  std::uint64_t attempts = 0;
  for (const kadsim::OperationRow& row : result.rows) attempts += row.attempts;
  std::cout << result.rows.size() << " lookups, " << attempts << " attempts\n";
}
