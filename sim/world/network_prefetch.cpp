#include "sim/world/network_prefetch.hpp"

#include "core/base/prefetch.hpp"

namespace kadsim {

void NetworkPrefetch::add(const ReplyHandler& handler, const Prefetching& prefetching) {
  for (Known& known : known_) {
    if (known.handler != nullptr) continue;
    known = {&handler, &prefetching};
    return;
  }
}

const Prefetching* NetworkPrefetch::of(const ReplyHandler* handler) const {
  for (const Known& known : known_) {
    if (known.handler == handler) return known.prefetching;
  }
  return nullptr;
}

// Stage 0: the exchange, and what the receiver's number leads to.
// Stage 1: room for the answer, and where in the receiver's table the answer is.
// Stage 2: the contacts there.
// Stage 3: their upper words, unless those of all nodes are in a cache anyway.
void NetworkPrefetch::arrival(const Exchange& exchange, PeerRef to, unsigned stage) const {
  if (stage == 0) {
    prefetch(&exchange, sizeof(Exchange));
    parts_.scheduler.prefetch(to.value);
  } else if (stage == 1) {
    exchange.answer.contacts.prefetch();
  }
  serving(to, exchange.request.segment.key, stage);
}

void NetworkPrefetch::serving(PeerRef at, const Hash& target, unsigned stage) const {
  const PeerBook& book = parts_.population.book();
  if (stage == 0) {
    book.prefetch_upper_word(at);
    parts_.tables.prefetch(at, 0, 0);
    return;
  }
  if (stage == 3 && !book.is_large()) return;
  const unsigned index = book.shared_upper_bits(at, target);
  for (const PeerRef contact : parts_.tables.prefetch(at, index, stage)) {
    book.prefetch_upper_word(contact);
  }
}

// Stage 0: the exchange, and the first step of the handler (its state of the operation).
// Stage 1: the ends of the link, the contacts of the answer, the handler's second step.
// Stage 2: the handler's third step.
// Stage 3: its fourth, and the node that will probably be asked next, unless all nodes are in a
// cache anyway.
void NetworkPrefetch::end(const Exchange& exchange, const ReplyHandler* handler, std::uint64_t tag,
                          unsigned stage) const {
  if (stage == 0) {
    prefetch(&exchange, sizeof(Exchange));
  } else if (stage == 1) {
    const Interaction& interaction = exchange.request.interaction;
    parts_.scheduler.prefetch(interaction.from.value);
    parts_.population.prefetch_birth(interaction.from);
    parts_.population.prefetch_birth(interaction.to);
    if (exchange.answer.names_contacts) exchange.answer.contacts.prefetch();
  }
  const Prefetching* const prefetching = of(handler);
  if (prefetching == nullptr) return;
  if (stage == 3 && parts_.population.book().is_large()) next_of(*prefetching, tag);
  prefetching->prefetch(tag, stage);
}

// Apart from `end`, whose other stages so keep to a few registers.
[[gnu::noinline]] void NetworkPrefetch::next_of(const Prefetching& prefetching,
                                                std::uint64_t tag) const {
  if (const auto next = prefetching.likely_next(tag); next.has_value()) {
    parts_.population.prefetch_birth({*next});
  }
}

}  // namespace kadsim
