#include "core/limit/limited_connection.hpp"

namespace kadsim {

LimitedConnection::LimitedConnection(const Parts& parts)
    : connection_(parts.connection), contacts_(parts.contacts), requests_(parts) {
  if (contacts_ != nullptr) {
    dials_.emplace(LimitedDials::Parts{parts.scheduler, parts.connection, *contacts_});
  }
}

void LimitedConnection::dial(const Interaction& interaction, ReplyHandler& handler,
                             std::uint64_t tag) {
  if (dials_.has_value()) {
    dials_->dial(interaction, handler, tag);
  } else {
    connection_.dial(interaction, handler, tag);
  }
}

void LimitedConnection::negotiate(const Interaction& interaction, ReplyHandler& handler,
                                  std::uint64_t tag) {
  connection_.negotiate(interaction, handler, tag);
}

void LimitedConnection::get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                                             ReplyHandler& handler, std::uint64_t tag) {
  requests_.request(interaction, {target, 0}, nullptr, handler, tag);
}

void LimitedConnection::store_segment(const Interaction& interaction, const Segment& segment,
                                      const RecordDetails* details, ReplyHandler& handler,
                                      std::uint64_t tag) {
  requests_.request(interaction, segment, details, handler, tag);
}

void LimitedConnection::retrieve_segment(const Interaction& interaction, const Hash& key,
                                         ReplyHandler& handler, std::uint64_t tag) {
  requests_.request(interaction, {key, 0}, nullptr, handler, tag);
}

void LimitedConnection::operation_over(PeerRef origin, std::uint64_t operation) {
  if (contacts_ != nullptr) contacts_->operation_over(origin, operation);
  connection_.operation_over(origin, operation);
}

}  // namespace kadsim
