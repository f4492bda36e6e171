#include "core/client/dht_client.hpp"

#include <utility>

namespace kadsim {

std::vector<PeerRef> DhtClient::get_closest_nodes_to(const Hash& target) const {
  std::vector<PeerRef> contacts;
  table().closest(target, host_->options_of(self_).answers, contacts);
  return contacts;
}

std::shared_ptr<const RecordDetails> DhtClient::details(const Segment& segment,
                                                        const RecordOptions& options) const {
  return std::make_shared<const RecordDetails>(options.details_of(segment, host_->now()));
}

void DhtClient::store(OperationKind kind, const Segment& segment,
                      std::shared_ptr<const RecordDetails> details, std::uint64_t key,
                      OperationListener& listener, std::uint64_t tag) {
  start({.kind = kind,
         .target = segment.key,
         .record = {segment.bytes, kind == OperationKind::kPut ? segment.version : 0},
         .key = key,
         .details = std::move(details)},
        listener, tag);
}

void DhtClient::start(OperationRequest request, OperationListener& listener, std::uint64_t tag) {
  request.origin = self_;
  host_->start(request, listener, tag);
}

}  // namespace kadsim
