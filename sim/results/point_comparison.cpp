#include "sim/results/point_comparison.hpp"

#include "core/base/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace kadsim {
namespace {

using Partners = std::vector<std::pair<const StoredRun*, const StoredRun*>>;

// Runs of the same replica number.
Partners partners_of(const StoredPoint& a, const StoredPoint& b) {
  Partners partners;
  for (const StoredRun& of_a : a.runs) {
    const auto of_b = std::ranges::find(b.runs, of_a.replica, &StoredRun::replica);
    if (of_b != b.runs.end()) partners.emplace_back(&of_a, &*of_b);
  }
  return partners;
}

// The reason why partners cannot be paired; empty if they can.
std::string obstacle(const Partners& partners) {
  if (partners.empty()) return "no replica has the same number on both sides";
  for (const auto& [a, b] : partners) {
    if (a->world != b->world) {
      return fmt::format("the networks of replica {} differ", a->replica);
    }
    if (a->workload != b->workload) {
      return fmt::format("the networks agree, but the operations of replica {} are others",
                         a->replica);
    }
  }
  return {};
}

std::vector<SettingChange> changes_between(const StoredRun& a, const StoredRun& b) {
  std::vector<SettingChange> changes;
  const auto value = [](const StoredRun& run, const std::string& key) {
    const auto at = run.settings.find(key);
    return at == run.settings.end() ? std::string() : at->second;
  };
  std::vector<std::string> keys;
  for (const StoredRun* run : {&a, &b}) {
    for (const auto& [key, text] : run->settings) keys.push_back(key);
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const std::string& key : keys) {
    SettingChange change{key, value(a, key), value(b, key)};
    if (change.a != change.b) changes.push_back(std::move(change));
  }
  return changes;
}

/// Gathers the comparison of each kind while replicas are read one after the other.
class Comparer {
 public:
  Comparer(const StoredPoint& a, const StoredPoint& b) : a_(a), b_(b) {
    partners_ = partners_of(a, b);
    result_.name = a.name;
    result_.why_not = obstacle(partners_);
    result_.paired = result_.why_not.empty();
    result_.changes = changes_between(a.runs.front(), b.runs.front());
    for (std::size_t i = 0; i < kOperationKinds.size(); ++i) {
      kinds_[i].told.kind = kOperationKinds[i];
    }
  }

  PointComparison compare() {
    if (result_.paired) {
      result_.replicas_a = result_.replicas_b = partners_.size();
      result_.without_partner = a_.runs.size() + b_.runs.size() - 2 * partners_.size();
    } else {
      result_.replicas_a = a_.runs.size();
      result_.replicas_b = b_.runs.size();
      pair_by_place();
    }
    enough_ = std::min(result_.replicas_a, result_.replicas_b) >= kReplicasForVerdict;
    for (const auto& [a, b] : partners_) read(a, b);
    for (Kind& kind : kinds_) finish(kind);
    if (result_.kinds.empty()) {
      throw InputError(fmt::format(
          "{} and {}: no kind of operation was measured in both (want runs of the same work)",
          a_.runs.front().folder.string(), b_.runs.front().folder.string()));
    }
    return std::move(result_);
  }

 private:
  struct Kind {
    KindComparison told;
    std::vector<RunFigures> a;
    std::vector<RunFigures> b;
    double correlations = 0;
    std::size_t correlated = 0;
  };

  // Runs that are not paired stand beside each other only to be read in turn.
  void pair_by_place() {
    partners_.clear();
    for (std::size_t i = 0; i < std::max(a_.runs.size(), b_.runs.size()); ++i) {
      partners_.emplace_back(i < a_.runs.size() ? &a_.runs[i] : nullptr,
                             i < b_.runs.size() ? &b_.runs[i] : nullptr);
    }
  }

  void read(const StoredRun* a, const StoredRun* b) {
    std::vector<OperationSample> of_a;
    std::vector<OperationSample> of_b;
    read_side(a, of_a, &Kind::a);
    read_side(b, of_b, &Kind::b);
    if (a == nullptr || b == nullptr) return;
    if (result_.paired && of_a.size() != of_b.size()) {
      throw InputError(fmt::format("{}: damaged: it has {} operations, and its pair has {}",
                                   a->folder.string(), of_a.size(), of_b.size()));
    }
    for (Kind& kind : kinds_) {
      if (enough_) {
        if (result_.paired) add(kind, a, b, match_runs(of_a, of_b, kind.told.kind));
      } else {
        add(kind, a, b, compare_runs(of_a, of_b, kind.told.kind, result_.paired));
      }
    }
  }

  void read_side(const StoredRun* run, std::vector<OperationSample>& operations,
                 std::vector<RunFigures> Kind::*figures) {
    if (run == nullptr) return;
    operations = read_operations(*run);
    for (Kind& kind : kinds_) {
      (kind.*figures).push_back(figures_of_run(operations, kind.told.kind));
    }
  }

  void add(Kind& kind, const StoredRun* a, const StoredRun* b, RunComparison compared) {
    if (compared.empty()) return;
    KindComparison& told = kind.told;
    if (result_.paired) told.pairs += compared.operations_a;
    told.faster += compared.faster;
    told.slower += compared.slower;
    told.equal += compared.equal;
    told.left_out += compared.left_out;
    if (compared.correlation) {
      kind.correlations += *compared.correlation;
      ++kind.correlated;
    }
    if (!enough_) told.networks.push_back({a, b, std::move(compared)});
  }

  void finish(Kind& kind) {
    if (kind.correlated > 0) {
      kind.told.correlation = kind.correlations / static_cast<double>(kind.correlated);
    }
    if (enough_) kind.told.setting = compare_replicas(kind.a, kind.b, result_.paired);
    const bool measured =
        enough_ ? (*kind.told.setting)[0].has_value() : !kind.told.networks.empty();
    if (measured) result_.kinds.push_back(std::move(kind.told));
  }

  const StoredPoint& a_;
  const StoredPoint& b_;
  Partners partners_;
  bool enough_ = false;
  std::array<Kind, kOperationKinds.size()> kinds_;
  PointComparison result_;
};

}  // namespace

PointComparison compare_points(const StoredPoint& a, const StoredPoint& b) {
  return Comparer(a, b).compare();
}

}  // namespace kadsim
