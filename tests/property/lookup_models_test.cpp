// Strategies against plain restatements of their rules: maps instead of lists, every question
// answered by looking at every node.

#include "core/random/random_stream.hpp"
#include "tests/support/lookup_line.hpp"
#include "tests/support/played_lookups.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

using namespace kadsim;

namespace {

using Peers = LookupLine::Peers;

// What the models have in common: contacts by their distance, each with a state.
class Model {
 public:
  enum class State { kNew, kWaiting, kUnresponsive, kFailed, kSucceeded };
  struct Node {
    State state = State::kNew;
    std::int64_t deadline_ns = 0;
  };

  Model(const LookupOptions& options, const Peers& seeds) : options_(options) {
    for (const std::uint32_t seed : seeds) nodes_[seed];
  }
  virtual ~Model() = default;
  // The contact to ask next; none if the lookup waits or has finished.
  virtual std::optional<std::uint32_t> next(std::int64_t now_ns) = 0;
  virtual void answer(std::uint32_t from, const Peers& named) = 0;
  virtual void fail(std::uint32_t peer) = 0;

  bool finished = false;

  [[nodiscard]] std::size_t count(State state) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        nodes_, [state](const auto& entry) { return entry.second.state == state; }));
  }
  [[nodiscard]] Peers succeeded() const {
    Peers peers;
    for (const auto& [peer, node] : nodes_) {
      if (node.state == State::kSucceeded && peers.size() < options_.results) peers.push_back(peer);
    }
    return peers;
  }

 protected:
  std::uint32_t ask(std::uint32_t peer, std::int64_t now_ns) {
    nodes_[peer] = {State::kWaiting, now_ns + options_.contact_timeout->ns()};
    return peer;
  }

  const LookupOptions& options_;
  std::map<std::uint32_t, Node> nodes_;
};

class GoKademliaModel final : public Model {
 public:
  using Model::Model;
  std::optional<std::uint32_t> next(std::int64_t now_ns) override {
    if (finished) return std::nullopt;
    std::size_t successes = 0;
    bool progressing = false;
    for (auto& [peer, node] : nodes_) {
      const auto at_capacity = [this] { return count(State::kWaiting) >= options_.alpha; };
      if (node.state == State::kWaiting) {
        if (now_ns > node.deadline_ns) {
          node.state = State::kUnresponsive;
        } else if (at_capacity()) {
          return std::nullopt;
        } else {
          progressing = true;
        }
      } else if (node.state == State::kSucceeded) {
        ++successes;
        if (!progressing && successes >= options_.results) {
          finished = true;
          return std::nullopt;
        }
      } else if (node.state == State::kNew) {
        if (at_capacity()) return std::nullopt;
        return ask(peer, now_ns);
      }
    }
    finished = count(State::kWaiting) == 0;
    return std::nullopt;
  }
  void answer(std::uint32_t from, const Peers& named) override {
    nodes_[from].state = State::kSucceeded;
    for (const std::uint32_t peer : named) nodes_[peer];
  }
  void fail(std::uint32_t peer) override {
    if (nodes_[peer].state == State::kWaiting) nodes_[peer].state = State::kFailed;
  }
};

class RustModel final : public Model {
 public:
  using Model::Model;
  std::optional<std::uint32_t> next(std::int64_t now_ns) override {
    if (finished) return std::nullopt;
    const std::size_t widest = std::max(options_.results, options_.alpha);
    const bool at_capacity = count(State::kWaiting) >= (stalled_ ? widest : options_.alpha);
    std::optional<std::size_t> successes = 0;
    for (auto& [peer, node] : nodes_) {
      if (node.state == State::kWaiting) {
        if (now_ns >= node.deadline_ns) {
          node.state = State::kUnresponsive;
        } else if (at_capacity) {
          return std::nullopt;
        } else {
          successes.reset();
        }
      } else if (node.state == State::kSucceeded && successes.has_value()) {
        if (++*successes >= options_.results) {
          finished = true;
          return std::nullopt;
        }
      } else if (node.state == State::kNew) {
        if (at_capacity) return std::nullopt;
        return ask(peer, now_ns);
      }
    }
    finished = count(State::kWaiting) == 0;
    return std::nullopt;
  }
  void answer(std::uint32_t from, const Peers& named) override {
    nodes_[from].state = State::kSucceeded;
    bool progress = nodes_.size() < options_.results;
    std::uint32_t limit = 0;
    if (!progress) limit = std::next(nodes_.begin(), options_.results - 1)->first;
    for (const std::uint32_t peer : named) {
      if (nodes_.try_emplace(peer).second && peer < limit) progress = true;
    }
    if (progress) {
      no_progress_ = 0;
      stalled_ = false;
    } else if (!stalled_ && ++no_progress_ >= options_.alpha) {
      stalled_ = true;
    }
  }
  void fail(std::uint32_t peer) override { nodes_[peer].state = State::kFailed; }

 private:
  unsigned no_progress_ = 0;
  bool stalled_ = false;
};

class PaperModel final : public Model {
 public:
  using Model::Model;
  std::optional<std::uint32_t> next(std::int64_t now_ns) override {
    for (auto& [peer, node] : nodes_) {
      if (node.state == State::kWaiting && now_ns >= node.deadline_ns) {
        node.state = State::kUnresponsive;
      }
    }
    Peers unasked;
    std::size_t considered = 0;
    std::size_t answered = 0;
    for (const auto& [peer, node] : nodes_) {
      if (node.state == State::kFailed || node.state == State::kUnresponsive) continue;
      if (++considered > options_.k) break;
      answered += node.state == State::kSucceeded ? 1U : 0U;
      if (node.state == State::kNew) unasked.push_back(peer);
    }
    if (answered == options_.k) finished = true;
    if (finished) return std::nullopt;
    if (count(State::kWaiting) == 0) {
      finished = unasked.empty();
      round_left_ = nearer_ ? options_.alpha : options_.k;
      nearer_ = false;
    }
    if (round_left_ == 0 || unasked.empty()) {
      round_left_ = 0;
      return std::nullopt;
    }
    --round_left_;
    return ask(unasked.front(), now_ns);
  }
  void answer(std::uint32_t from, const Peers& named) override {
    nodes_[from].state = State::kSucceeded;
    const std::uint32_t nearest = nodes_.begin()->first;
    for (const std::uint32_t peer : named) {
      nodes_[peer];
      if (peer < nearest) nearer_ = true;
    }
  }
  void fail(std::uint32_t peer) override { nodes_[peer].state = State::kFailed; }

 private:
  std::size_t round_left_ = 0;
  bool nearer_ = true;
};

// Draws of one test, in order.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : stream_(seed, 0, "test.models") {}
  std::uint32_t below(std::uint64_t n) {
    return static_cast<std::uint32_t>(stream_.bits({count_++, 0, 0}) % n);
  }

 private:
  RandomStream stream_;
  std::uint64_t count_ = 0;
};

// Plays one lookup on both, with answers, failures, and a clock that often stands at a deadline.
template <class SomeModel>
void compare(const std::string& strategy, std::uint64_t seed) {
  constexpr std::uint32_t kPeers = 80;
  Dice dice(seed);
  LookupLine line(strategy, kPeers);
  line.options.alpha = 1 + dice.below(4);
  line.options.results = line.options.k = line.options.beta = 2 + dice.below(6);
  line.options.contact_timeout = Duration::nanoseconds(1 + dice.below(8));
  std::set<std::uint32_t> seeds;
  while (seeds.size() < 6) seeds.insert(20 + dice.below(kPeers - 20));
  const Peers seed_peers(seeds.begin(), seeds.end());
  line.start(seed_peers);
  SomeModel model(line.options, seed_peers);
  Peers open;
  for (int step = 0; step < 400; ++step) {
    // Next is called as often as the driver would, and sometimes once too often.
    for (;;) {
      const auto expected = model.next(line.now.ns());
      line.last = line.lookup->next(line.now);
      REQUIRE((line.last.kind == LookupStep::Kind::kAsk) == expected.has_value());
      if (!expected.has_value()) break;
      REQUIRE(line.last.contact.value == *expected);
      open.push_back(*expected);
    }
    REQUIRE((line.last.kind == LookupStep::Kind::kFinished) == model.finished);
    if (model.finished) break;
    REQUIRE((line.last.until > line.now || strategy == "rust-libp2p"));
    const std::uint32_t what = dice.below(10);
    if (what < 3 || open.empty()) {
      line.now += Duration::nanoseconds(dice.below(4));
      continue;
    }
    const std::uint32_t at = dice.below(open.size());
    const std::uint32_t peer = open[at];
    open.erase(open.begin() + at);
    if (what < 5) {
      model.fail(peer);
      line.fail(peer);
    } else {
      Peers named(dice.below(5));
      for (std::uint32_t& other : named) other = dice.below(kPeers);
      model.answer(peer, named);
      line.answer(peer, named);
    }
  }
  Peers answered;
  for (const ResultContact& contact : line.result()) {
    if (contact.answered) answered.push_back(contact.peer.value);
  }
  if (model.finished) REQUIRE(answered == model.succeeded());
}

}  // namespace

TEST_CASE("go-kademlia's query asks the contacts that a restatement of its rules asks",
          "[lookup][models]") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    compare<GoKademliaModel>("go-kademlia", seed);
  }
}

TEST_CASE("rust-libp2p's lookup asks the contacts that a restatement of its rules asks",
          "[lookup][models]") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    compare<RustModel>("rust-libp2p", seed);
  }
}

TEST_CASE("the paper's lookup asks the contacts that a restatement of its rules asks",
          "[lookup][models]") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    compare<PaperModel>("kademlia-2002", seed);
  }
}

TEST_CASE("py-libp2p's lookups ask the contacts that a restatement of its rounds asks",
          "[lookup][models]") {
  const bool window = GENERATE(false, true);
  NetworkSetup setup = plain_setup(13, 10);
  use_strategy(setup.client, window ? "py-libp2p-window" : "py-libp2p");
  setup.client.lookup.alpha = GENERATE(1U, 3U, 10U);
  setup.client.lookup.max_rounds = GENERATE(2U, 20U);
  setup.network.nodes = 600;
  setup.network.link.delay = delay::Uniform{Duration::milliseconds(10), Duration::milliseconds(90)};
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  const std::size_t list_size = setup.client.lookup.results;
  const Played played = play(*network, scheduler, random_hashes(13, 60));
  std::map<std::uint64_t, std::set<PeerRef>> asked;
  for (const InteractionOutcome& record : played.interactions) {
    asked[record.interaction.operation].insert(record.interaction.to);
  }
  for (const auto& [tag, outcome, contacts] : played.endings) {
    const Hash& target = outcome.request.target;
    const PeerRef origin = outcome.request.origin;
    const auto closest_of = [&](PeerRef owner) {
      std::vector<PeerRef> peers;
      network->table(owner).closest(target, setup.client.answers, peers);
      std::erase(peers, origin);
      return peers;
    };
    const auto cut = [&](std::vector<PeerRef> peers) {
      std::ranges::sort(peers, [&](PeerRef a, PeerRef b) {
        return nearer(target, network->population().hash(a), network->population().hash(b));
      });
      const auto repeated = std::ranges::unique(peers);
      peers.erase(repeated.begin(), repeated.end());
      if (peers.size() > list_size) peers.resize(list_size);
      return peers;
    };
    std::vector<PeerRef> list = cut(closest_of(origin));
    std::set<PeerRef> expected;
    for (unsigned round = 0; round < setup.client.lookup.max_rounds; ++round) {
      std::vector<PeerRef> heard;
      unsigned in_round = 0;
      for (const PeerRef peer : list) {
        if (!window && in_round == setup.client.lookup.alpha) break;
        if (!expected.insert(peer).second) continue;
        ++in_round;
        for (const PeerRef named : closest_of(peer)) heard.push_back(named);
      }
      if (heard.empty()) break;
      heard.insert(heard.end(), list.begin(), list.end());
      if (cut(heard) == list) break;
      list = cut(heard);
    }
    std::vector<PeerRef> result;
    for (const ResultContact& contact : contacts) result.push_back(contact.peer);
    REQUIRE(asked[outcome.request.key] == expected);
    REQUIRE(result == list);
  }
}
