// Connections that k-buckets keep, and how buckets find better entries.

#include "core/limit/node_connections.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {

/// The k-bucket of an open connection keeps it, if the contact stands in it.
void NodeConnections::keep(Connections::iterator at) {
  const auto& [contact, connection] = *at;
  if (connection.is_kept() || !table().contains({contact})) return;
  const unsigned index = table().bucket_index({contact});
  if (kept_[index] >= parts_.k) return;  // until the bucket lets go of those it has lost
  const Changed added =
      manager_.try_add(owners_.bucket(index), connection.resource(), EdgePriority());
  KADSIM_ASSERT(added.refusal == Refusal::kNone, "a bucket could not keep a connection");
  ++kept_[index];
  strike_off(at);
  at->second.bucket_keeps();
  enlist(at);
}

void NodeConnections::let_go(Connections::iterator at) {
  const auto& [contact, connection] = *at;
  const unsigned index = table().bucket_index({contact});
  --kept_[index];
  strike_off(at);
  at->second.bucket_lets_go();
  enlist(at);
  if (connection.need() == ContactConnection::Need::kIdle) own_idle(connection.resource());
  disown(connection.resource(), owners_.bucket(index));
}

/// Buckets let go of connections to contacts that they have lost. Where tables learn, they look for
/// better entries among the contacts that are connected.
void NodeConnections::review() {
  std::vector<Connections::iterator> lost;
  std::map<unsigned, std::vector<std::uint32_t>> outside;  // connected contacts, by bucket
  for (auto at = connections_.begin(); at != connections_.end(); ++at) {
    const PeerRef contact{at->first};
    if (table().contains(contact)) continue;
    if (at->second.is_kept()) lost.push_back(at);
    if (at->second.is_open()) outside[table().bucket_index(contact)].push_back(contact.value);
  }
  for (const auto at : lost) let_go(at);
  if (!parts_.tables_learn) return;
  for (auto& [index, contacts] : outside) review_bucket(index, contacts);
}

/// Contacts from outside the bucket enter it, those first whose dial was the shortest, as long as
/// there is room or an entry that is worse.
void NodeConnections::review_bucket(unsigned index, std::vector<std::uint32_t>& outside) {
  RoutingTable of_node = table();
  std::ranges::sort(outside, {}, [this](std::uint32_t contact) {
    return std::pair(connections_.at(contact).took(), contact);
  });
  for (const std::uint32_t contact : outside) {
    if (of_node.bucket(index).size() >= parts_.k) {
      const PeerRef worst = worst_entry(index);
      if (!is_worse(worst, contact)) return;
      of_node.remove(worst);
      const auto at = connections_.find(worst.value);
      if (at != connections_.end() && at->second.is_kept()) let_go(at);
      ++counts_.replaced;
    }
    of_node.add({contact});
    keep(connections_.find(contact));
  }
}

/// Is the contact that is an entry of a bucket not connected, or did its dial take longer than
/// that of `other`, which is connected?
bool NodeConnections::is_worse(PeerRef entry, std::uint32_t other) const {
  const ContactConnection* const connection = find(entry);
  return connection == nullptr || !connection->is_open() ||
         connection->took() > connections_.at(other).took();
}

/// The first entry of a bucket that is not connected, which was seen least recently; else that
/// whose dial took longest. Pre: the bucket is not empty.
PeerRef NodeConnections::worst_entry(unsigned index) const {
  PeerRef worst = kNoPeer;
  Duration longest;
  for (const PeerRef entry : table().bucket(index)) {
    const ContactConnection* const connection = find(entry);
    if (connection == nullptr || !connection->is_open()) return entry;
    if (worst == kNoPeer || connection->took() > longest) {
      worst = entry;
      longest = connection->took();
    }
  }
  return worst;
}

}  // namespace kadsim
