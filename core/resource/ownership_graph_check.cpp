#include "core/base/assert.hpp"
#include "core/resource/ownership_graph.hpp"

#include <algorithm>
#include <utility>

// Counts anew everything that OwnershipGraph keeps up to date with each change.

namespace kadsim {
namespace {

using Books = std::map<std::pair<std::uint32_t, std::uint16_t>, Account>;

void check_route(const OwnershipGraph& graph, const LeafNode& leaf) {
  KADSIM_ASSERT(leaf.charged_all == leaf.all, "a leaf is not charged as its owners say");
  if (leaf.all) {
    Route due = graph.all_charged(leaf.owners);
    Route is = leaf.route;
    std::sort(due.begin(), due.end());
    std::sort(is.begin(), is.end());
    KADSIM_ASSERT(due == is, "a leaf is not charged to all above it");
    return;
  }
  const Links* links = &leaf.owners;
  KADSIM_ASSERT(!leaf.route.empty(), "a charged leaf has no path");
  for (const std::uint32_t owner : leaf.route) {
    KADSIM_ASSERT(std::any_of(links->begin(), links->end(),
                              [&](const Link& link) { return link.owner == owner; }),
                  "a leaf is charged along edges that do not exist");
    links = &graph.owners[owner].owners;
  }
  const OwnerNode& last = graph.owners[leaf.route.back()];
  KADSIM_ASSERT(last.owners.empty() || !last.charges_above, "a path ends before the root");
}

}  // namespace

void OwnershipGraph::check() const {
  Books books;
  std::map<std::uint16_t, ClassBooks> by_class;
  std::size_t several = 0;
  std::size_t keys = 0;
  for (std::uint32_t slot = 0; slot < leaves.size(); ++slot) {
    const LeafNode& leaf = leaves[slot];
    if (!leaf.live) continue;
    KADSIM_ASSERT(!leaf.owners.empty(), "a leaf without owners");
    const std::uint16_t c = leaf.resource_class.number;
    for (const Link& link : leaf.owners) {
      KADSIM_ASSERT(owners[link.owner].live, "a leaf has an owner that has ended");
      KADSIM_ASSERT(owners[link.owner].leaves.contains(key(slot, link.priority)),
                    "an owner does not list a leaf of its own");
      ++keys;
    }
    const bool under = under_placeholder(leaf.owners);
    KADSIM_ASSERT(leaf.charged || under, "a leaf outside of the placeholder is not charged");
    KADSIM_ASSERT(!under || leaf.route.empty(), "a leaf under the placeholder is charged");
    KADSIM_ASSERT(!under || !leaf.active, "a leaf under the placeholder is active");
    if (leaf.owners.size() > 1) {
      ++several;
      if (!leaf.all) by_class[c].several.insert(slot);
    } else if (!leaf.all) {
      ++books[{leaf.owners.front().owner, c}].singles;
    }
    if (!leaf.charged || is_rate(leaf.resource_class)) continue;
    check_route(*this, leaf);
    ++by_class[c].sizes[leaf.units];
    ++by_class[c].charged;
    if (leaf.all) ++by_class[c].charged_all;
    for (const std::uint32_t owner : leaf.route) {
      books[{owner, c}].used += leaf.units;
      if (leaf.all) books[{owner, c}].fixed += leaf.units;
    }
  }
  std::size_t listed = 0;
  for (std::uint32_t slot = 0; slot < owners.size(); ++slot) {
    const OwnerNode& owner = owners[slot];
    if (!owner.live) continue;
    listed += owner.leaves.size();
    if (owner.owners.size() > 1) ++several;
    for (const Link& link : owner.owners)
      KADSIM_ASSERT(owners[link.owner].live && owners[link.owner].owned_owners.contains(slot),
                    "an owner is not listed by its owner");
    if (slot != kRoot) {
      KADSIM_ASSERT(!owner.owners.empty(), "an owner without owners");
      KADSIM_ASSERT(owner.priority == priority(owner.owners), "a priority is not the highest");
    }
    for (const Account& account : owner.accounts) {
      const Account due = books[{slot, account.resource_class.number}];
      KADSIM_ASSERT(
          account.used == due.used && account.fixed == due.fixed && account.singles == due.singles,
          "an account does not add up");
      KADSIM_ASSERT(is_rate(account.resource_class) || !account.limited ||
                        account.used <= account.limit.units,
                    "a limit is exceeded");
      books.erase({slot, account.resource_class.number});
    }
  }
  KADSIM_ASSERT(listed == keys, "an owner lists what is not its own");
  KADSIM_ASSERT(several == several_, "vertices with several owners are miscounted");
  KADSIM_ASSERT(std::all_of(books.begin(), books.end(),
                            [](const auto& entry) {
                              return entry.second.used == 0 && entry.second.singles == 0;
                            }),
                "something is charged where there is no account");
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const ClassBooks& due = by_class[static_cast<std::uint16_t>(i)];
    KADSIM_ASSERT(classes[i].sizes == due.sizes && classes[i].charged == due.charged &&
                      classes[i].charged_all == due.charged_all &&
                      classes[i].several == due.several,
                  "the books of a class do not add up");
  }
}

}  // namespace kadsim
