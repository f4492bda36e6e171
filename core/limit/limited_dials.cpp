#include "core/limit/limited_dials.hpp"

#include "core/base/assert.hpp"

namespace kadsim {
namespace {

constexpr EventKind kRefusal{"refusal for want of a slot"};
constexpr EventKind kConnected{"connected already"};

}  // namespace

void LimitedDials::dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) {
  const std::uint32_t index = dials_.take();
  dials_[index] = {.interaction = interaction, .handler = &handler, .tag = tag};
  switch (parts_.contacts.connect(interaction, *this, index)) {
    case DialledConnections::Entry::kConnected:
      use_connection(dials_[index]);
      answer_soon(index, ReplyStatus::kOk);
      break;
    case DialledConnections::Entry::kMayDial:
      use_connection(dials_[index]);
      send(index);
      break;
    case DialledConnections::Entry::kWaits:
      dials_[index].state = State::kWaiting;
      break;
    case DialledConnections::Entry::kRefused:
      answer_soon(index, ReplyStatus::kNoSlot);
      break;
  }
}

void LimitedDials::send(std::uint32_t index) {
  Dial& dial = dials_[index];
  dial.state = State::kDialling;
  dial.begun = parts_.scheduler.now();
  dial.connection = parts_.contacts.connection(dial.interaction.from, dial.interaction.to);
  parts_.contacts.dialling(dial.interaction);
  parts_.connection.dial(Interaction(dial.interaction), *this, index);
}

void LimitedDials::answer_soon(std::uint32_t index, ReplyStatus status) {
  Dial& dial = dials_[index];
  dial.state = State::kAnswered;
  const bool connected = status == ReplyStatus::kOk;
  parts_.scheduler.of(dial.interaction.from.value)
      .at(parts_.scheduler.now(), connected ? kConnected : kRefusal,
          [this, index, connected, status] { end(index, {.status = status, .sent = connected}); });
}

void LimitedDials::on_gate(std::uint64_t tag, GateNews news) {
  const auto index = static_cast<std::uint32_t>(tag);
  KADSIM_ASSERT(dials_[index].state == State::kWaiting, "news for a dial that does not wait");
  if (news == GateNews::kEntered) {
    turn_comes(index);
  } else {
    end(index, {.status = ReplyStatus::kNoSlot, .sent = false});
  }
}

void LimitedDials::turn_comes(std::uint32_t index) {
  Dial& dial = dials_[index];
  use_connection(dial);
  if (!dial.handler->awaits(dial.tag)) {
    give_up(index);
  } else if (parts_.contacts.is_open(dial.interaction.from, dial.interaction.to)) {
    end(index, {.status = ReplyStatus::kOk});
  } else {
    send(index);
  }
}

bool LimitedDials::awaits(std::uint64_t tag) const {
  const Dial& dial = dials_[static_cast<std::uint32_t>(tag)];
  return dial.state == State::kDialling && dial.handler->awaits(dial.tag);
}

void LimitedDials::on_reply(std::uint64_t tag, const Interaction&, const Reply& reply) {
  const auto index = static_cast<std::uint32_t>(tag);
  const Dial& dial = dials_[index];
  KADSIM_ASSERT(dial.state == State::kDialling, "a reply to a dial that is not under way");
  const bool connected = reply.status == ReplyStatus::kOk;
  const Duration took = parts_.scheduler.now() - dial.begun;
  const bool kept = parts_.contacts.dialled(dial.interaction, dial.connection, connected, took);
  end(index, connected && !kept ? Reply{.status = ReplyStatus::kRevoked} : reply);
}

void LimitedDials::end(std::uint32_t index, const Reply& reply) {
  const Dial over = finish(index);
  over.handler->on_reply(over.tag, over.interaction, reply);
  parts_.contacts.release(over.interaction, over.use);
}

void LimitedDials::give_up(std::uint32_t index) {
  const Dial over = finish(index);
  parts_.contacts.release(over.interaction, over.use);
}

LimitedDials::Dial LimitedDials::finish(std::uint32_t index) {
  const Dial over = dials_[index];
  dials_[index].state = State::kOver;
  dials_.give_back(index);
  return over;
}

}  // namespace kadsim
