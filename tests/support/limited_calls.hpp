#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <tuple>
#include <vector>

#include "core/limit/client_gates.hpp"
#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

/// Requests and dials in random order and with random ways to end, of a node whose connection has
/// limits.
namespace kadsim::testing {

inline constexpr PeerRef kAsker{0};
inline constexpr std::uint32_t kNodes = 8;
constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

/// One request or dial, and how the remote will take it.
struct Call {
  InteractionKind kind;
  PeerRef to;
  std::uint64_t operation;
  SimTime begin;
  SimTime deadline;
  SimTime awaited_until;
  Duration negotiation;
  Duration exchange;
  bool agrees;         // the negotiation succeeds
  ReplyStatus status;  // so ends the request or the dial
};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : stream_(seed, 0, "test"), random_(stream_, {0, 0, 0}) {}
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  // To the nanosecond, so that two things hardly ever happen in one instant.
  Duration up_to(Duration most) {
    const auto bound = static_cast<std::uint64_t>(most.ns());
    return Duration::nanoseconds(1 + static_cast<std::int64_t>(below(bound)));
  }
  Call call(bool dials) {
    static constexpr std::array kKinds = {
        InteractionKind::kGetClosestNodes, InteractionKind::kStoreSegment,
        InteractionKind::kRetrieveSegment, InteractionKind::kDial};
    Call call{};
    call.kind = kKinds[below(dials ? 4 : 3)];
    call.to = {1 + static_cast<std::uint32_t>(below(kNodes - 1))};
    call.operation = below(5);
    call.begin = SimTime() + up_to(ms(400));
    call.deadline = call.begin + up_to(ms(100));
    call.awaited_until = below(4) == 0 ? call.begin + up_to(ms(50)) : SimTime::max();
    call.negotiation = up_to(ms(20));
    call.exchange = up_to(ms(40));
    call.agrees = below(6) > 0;
    call.status = below(4) > 0 ? ReplyStatus::kOk : ReplyStatus::kNoAnswer;
    return call;
  }
  std::vector<Call> calls(std::size_t count, bool dials) {
    std::vector<Call> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(call(dials));
    return all;
  }

 private:
  RandomStream stream_;
  RandomSequence random_;
};

struct Told {
  SimTime time;
  std::size_t call;
  ReplyStatus status;
  bool sent;
  auto operator<=>(const Told&) const = default;
};

/// The remotes: each call ends as it says, by its deadline.
class Remotes final : public Connection {
 public:
  Remotes(Scheduler& scheduler, const std::vector<Call>& calls)
      : scheduler_(scheduler), calls_(calls) {}
  void dial(const Interaction& what, ReplyHandler& handler, std::uint64_t tag) override {
    exchange(what, handler, tag);
  }
  void negotiate(const Interaction& what, ReplyHandler& handler, std::uint64_t tag) override {
    const Call& call = calls_[what.contact_index];
    reply(what, call.negotiation, call.agrees ? ReplyStatus::kOk : ReplyStatus::kRefused, handler,
          tag, &negotiating);
  }
  void get_closest_nodes_to(const Interaction& what, const Hash&, ReplyHandler& handler,
                            std::uint64_t tag) override {
    exchange(what, handler, tag);
  }
  void store_segment(const Interaction& what, const Segment&, const RecordDetails*,
                     ReplyHandler& handler, std::uint64_t tag) override {
    exchange(what, handler, tag);
  }
  void retrieve_segment(const Interaction& what, const Hash&, ReplyHandler& handler,
                        std::uint64_t tag) override {
    exchange(what, handler, tag);
  }

  std::map<std::size_t, int> sent;  // how often each call was
  int negotiating = 0;              // under way
  int exchanging = 0;

 private:
  void exchange(const Interaction& what, ReplyHandler& handler, std::uint64_t tag) {
    const Call& call = calls_[what.contact_index];
    REQUIRE(what.kind == call.kind);
    ++sent[what.contact_index];
    reply(what, call.exchange, call.status, handler, tag, &exchanging);
  }
  void reply(const Interaction& what, Duration delay, ReplyStatus status, ReplyHandler& handler,
             std::uint64_t tag, int* under_way) {
    ++*under_way;
    const bool late = scheduler_.now() + delay > what.deadline;
    const SimTime end = late ? what.deadline : scheduler_.now() + delay;
    const ReplyStatus told = late ? ReplyStatus::kNoAnswer : status;
    replies_.push_back({what, &handler, tag, told, under_way});
    scheduler_.schedule_at(end, EventKind{"reply"}, 0, [this, index = replies_.size() - 1] {
      const Answer answer = replies_[index];
      --*answer.under_way;
      answer.handler->on_reply(answer.tag, answer.what, {.status = answer.status});
    });
  }

  struct Answer {
    Interaction what;
    ReplyHandler* handler;
    std::uint64_t tag;
    ReplyStatus status;
    int* under_way;
  };
  std::vector<Answer> replies_;
  Scheduler& scheduler_;
  const std::vector<Call>& calls_;
};

/// Makes calls, and hears how they end.
class Asker final : public ReplyHandler {
 public:
  Asker(Scheduler& scheduler, std::vector<Call>& calls) : scheduler_(scheduler), calls_(calls) {}

  // `contacts`: connections are counted there, unless it is null.
  void begin_all(Connection& limited, const DialledConnections* contacts) {
    limited_ = &limited;
    contacts_ = contacts;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      scheduler_.schedule_at(calls_[i].begin, EventKind{"call"}, 0, [this, i] { begin(i); });
    }
  }
  void begin(std::size_t index) {
    const Call call = calls_[index];
    const Interaction interaction = {.kind = call.kind,
                                     .from = kAsker,
                                     .to = call.to,
                                     .operation = call.operation,
                                     .contact_index = static_cast<std::uint32_t>(index),
                                     .deadline = call.deadline};
    ++calling_;
    if (call.kind == InteractionKind::kDial) limited_->dial(interaction, *this, index);
    if (call.kind == InteractionKind::kGetClosestNodes) {
      limited_->get_closest_nodes_to(interaction, Hash(), *this, index);
    }
    if (call.kind == InteractionKind::kStoreSegment) {
      limited_->store_segment(interaction, {}, nullptr, *this, index);
    }
    if (call.kind == InteractionKind::kRetrieveSegment) {
      limited_->retrieve_segment(interaction, Hash(), *this, index);
    }
    --calling_;
  }
  bool awaits(std::uint64_t tag) const override {
    return scheduler_.now() < calls_[tag].awaited_until;
  }
  void on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) override {
    REQUIRE(calling_ == 0);
    REQUIRE(interaction.contact_index == tag);
    told.push_back({scheduler_.now(), tag, reply.status, reply.sent});
    // As clients do: the request follows its dial in the same call.
    if (reply.status == ReplyStatus::kOk && calls_[tag].kind == InteractionKind::kDial) {
      REQUIRE(contacts_->is_open(kAsker, interaction.to));
      Call request = calls_[tag];
      request.kind = InteractionKind::kRetrieveSegment;
      request.begin = scheduler_.now();
      request.deadline = std::max(request.deadline, scheduler_.now() + ms(20));
      calls_.push_back(request);
      begin(calls_.size() - 1);
    }
  }

  std::vector<Told> told;

 private:
  Scheduler& scheduler_;
  std::vector<Call>& calls_;
  Connection* limited_ = nullptr;
  const DialledConnections* contacts_ = nullptr;
  int calling_ = 0;  // calls that have not returned
};

}  // namespace kadsim::testing
