// Nodes that only the lower bits of their hashes tell apart. The hot paths compare upper bits and
// ask the full hashes only where those are equal: among ten million nodes some pairs share 40 bits
// and more, and here nearly all do.

#include "core/lookup/candidate_list.hpp"
#include "core/random/random_stream.hpp"
#include "core/table/nearest_contacts.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>

using namespace kadsim;

namespace {

// Hashes that differ in ten bits around `bit` and in some bits at the end, each once, in any order.
PeerBook twins(std::uint64_t seed, unsigned bit) {
  const RandomStream stream(seed, 0, "test");
  RandomSequence random(stream, {bit, 0, 0});
  std::vector<Hash> hashes;
  while (hashes.size() < 300) {
    Hash hash = small_hash(random.below(16), 4, bit);
    if (random.below(2) == 1)
      hash = hash.with_bit_flipped(255 - static_cast<unsigned>(random.below(60)));
    if (std::find(hashes.begin(), hashes.end(), hash) == hashes.end()) hashes.push_back(hash);
  }
  return PeerBook(hashes);
}

std::vector<PeerRef> some_peers(RandomSequence& random, std::size_t count, std::size_t of) {
  std::vector<PeerRef> peers;
  while (peers.size() < count) {
    const PeerRef peer{static_cast<std::uint32_t>(random.below(of))};
    if (std::find(peers.begin(), peers.end(), peer) == peers.end()) peers.push_back(peer);
  }
  return peers;
}

void sort_by_distance(std::vector<PeerRef>& peers, const PeerBook& book, const Hash& target) {
  std::sort(peers.begin(), peers.end(),
            [&](PeerRef a, PeerRef b) { return nearer(target, book.hash(a), book.hash(b)); });
}

std::vector<NearContact> measured(const std::vector<PeerRef>& peers, const PeerBook& book,
                                  const Hash& target) {
  std::vector<NearContact> contacts;
  for (const PeerRef peer : peers) {
    contacts.emplace_back(peer, book.upper_word(peer) ^ target.upper_word());
  }
  return contacts;
}

}  // namespace

TEST_CASE("the nearest contacts of a bucket are found among twins", "[routing_table]") {
  const unsigned bit = GENERATE(0U, 20U, 30U, 62U, 100U, 190U);
  CAPTURE(bit);
  const PeerBook book = twins(1, bit);
  const RandomStream stream(2, 0, "test");
  RandomSequence random(stream, {bit, 0, 0});
  for (int i = 0; i < 400; ++i) {
    std::vector<PeerRef> contacts = some_peers(random, 1 + random.below(70), book.size());
    const Hash target = named_hash("key", 3, 0, static_cast<std::uint64_t>(i));
    const std::size_t count = random.below(80);
    ContactsByDistance nearest;
    append_nearest(std::vector{PeerRef{0}}, book, target, 1, nearest);
    append_nearest(contacts, book, target, count, nearest);
    sort_by_distance(contacts, book, target);
    contacts.resize(std::min(count, contacts.size()));
    contacts.insert(contacts.begin(), PeerRef{0});
    REQUIRE(std::ranges::equal(nearest.contacts(), measured(contacts, book, target)));
  }
}

TEST_CASE("a list of candidates holds each twin once, nearest first", "[candidate_list]") {
  const unsigned bit = GENERATE(0U, 20U, 62U, 100U, 190U);
  const bool sorted = GENERATE(true, false);
  const bool measured_before = GENERATE(true, false);
  CAPTURE(bit, sorted, measured_before);
  const PeerBook book = twins(1, bit);
  const RandomStream stream(4, 0, "test");
  RandomSequence random(stream, {bit, sorted ? 1U : 0U, 0});
  CandidateList list;
  for (int round = 0; round < 20; ++round) {
    const Hash target = named_hash("key", 5, 0, static_cast<std::uint64_t>(round));
    const PeerRef origin{static_cast<std::uint32_t>(random.below(book.size()))};
    list.start(book, target);
    std::vector<PeerRef> known;
    for (unsigned hop = 1; hop < 30; ++hop) {
      std::vector<PeerRef> heard = some_peers(random, random.below(25), book.size());
      if (sorted) {
        sort_by_distance(heard, book, target);
      } else if (!heard.empty()) {
        heard.push_back(heard.front());  // named twice
      }
      const std::vector<PeerRef> before = known;
      std::vector<PeerRef> news;
      for (const PeerRef peer : heard) {
        if (peer == origin || std::find(known.begin(), known.end(), peer) != known.end()) continue;
        known.push_back(peer);
        news.push_back(peer);
      }
      sort_by_distance(known, book, target);
      sort_by_distance(news, book, target);

      const CandidateList::News told = measured_before
                                           ? list.add(measured(heard, book, target), hop, origin)
                                           : list.add(heard, hop, origin);
      REQUIRE(told.added == news.size());
      REQUIRE(told.nearest == (!news.empty() && known.front() == news.front()));
      REQUIRE(told.nearer_than_farthest ==
              (!news.empty() && !before.empty() &&
               nearer(target, book.hash(news.front()), book.hash(before.back()))));
      REQUIRE(list.size() == known.size());
      for (std::size_t i = 0; i < known.size(); ++i) {
        REQUIRE(list[i].peer == known[i]);
        REQUIRE(list.find(known[i]) == i);
        const bool is_new = std::find(news.begin(), news.end(), known[i]) != news.end();
        if (is_new) REQUIRE(list[i].hop == hop);
      }
    }
    REQUIRE(list.find(origin) == list.size());
  }
}
