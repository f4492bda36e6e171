// The part of LimitedConnection for dials: from the line for a connection to the end of a dial.

#include "core/limit/limited_connection.hpp"

namespace kadsim {

void LimitedConnection::dial(const Interaction& interaction, ReplyHandler& handler,
                             std::uint64_t tag) {
  if (parts_.contacts == nullptr) {
    parts_.connection.dial(interaction, handler, tag);
    return;
  }
  const std::uint32_t index = take({.interaction = interaction, .handler = &handler, .tag = tag});
  switch (parts_.contacts->connect(interaction, *this, gate_tag(index, kConnection))) {
    case DialledConnections::Entry::kConnected:
      requests_[index].use = parts_.contacts->use_of(interaction);
      reply_now(index, ReplyStatus::kOk);
      break;
    case DialledConnections::Entry::kMayDial:
      requests_[index].use = parts_.contacts->use_of(interaction);
      send_dial(index);
      break;
    case DialledConnections::Entry::kWaits:
      requests_[index].phase = Phase::kConnectionSlot;
      break;
    case DialledConnections::Entry::kRefused:
      reply_now(index, ReplyStatus::kNoSlot);
      break;
  }
}

void LimitedConnection::send_dial(std::uint32_t index) {
  Request& request = requests_[index];
  request.phase = Phase::kDialling;
  request.dialled = parts_.scheduler.now();
  request.connection =
      parts_.contacts->connection(request.interaction.from, request.interaction.to);
  parts_.contacts->dialling(request.interaction);
  parts_.connection.dial(Interaction(request.interaction), *this, index);
}

void LimitedConnection::on_connection_gate(std::uint32_t index, GateNews news) {
  Request& request = requests_[index];
  if (news != GateNews::kEntered) {
    request.phase = Phase::kOver;
    tell(index, ReplyStatus::kNoSlot);
    free(index);
    return;
  }
  request.use = parts_.contacts->use_of(request.interaction);
  if (!request.handler->awaits(request.tag)) {
    // Its operation ended, or turned to something else, while it was in line.
    const Request given_up = request;
    free(index);
    parts_.contacts->release(given_up.interaction, given_up.use);
    return;
  }
  if (!parts_.contacts->is_open(request.interaction.from, request.interaction.to)) {
    send_dial(index);
    return;
  }
  // Another operation has connected meanwhile.
  tell(index, ReplyStatus::kOk);
  free(index);
}

void LimitedConnection::on_dial_reply(std::uint32_t index, const Reply& reply) {
  const Request over = requests_[index];
  free(index);
  const bool connected = reply.status == ReplyStatus::kOk;
  const Duration took = parts_.scheduler.now() - over.dialled;
  const bool there = parts_.contacts->dialled(over.interaction, over.connection, connected, took);
  if (connected && !there) {
    over.handler->on_reply(over.tag, over.interaction, {.status = ReplyStatus::kRevoked});
  } else {
    over.handler->on_reply(over.tag, over.interaction, reply);
  }
  // The request that follows uses the connection by now.
  parts_.contacts->release(over.interaction, over.use);
}

}  // namespace kadsim
