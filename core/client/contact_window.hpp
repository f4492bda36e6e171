#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/assert.hpp"
#include "core/table/peer.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// A fixed list of contacts that are asked once each, in order, at most `width` at a time. It is a
/// true sliding window: a slot is taken before a contact is asked and given back when that contact
/// has ended, so the next one starts when the first of those under way ends, not the last.
///
/// Source: the semaphore of py-libp2p's put_value and get_value. A window as wide as the list asks
/// all contacts at once, as other implementations do. A pure state machine; O(1) a call; allocates
/// only to grow.
class ContactWindow {
 public:
  struct Contact {
    PeerRef peer;
    bool dialled = false;               ///< no dial is needed any more
    bool stale = false;                 ///< known to hold an older record
    SimTime deadline = SimTime::max();  ///< of dial and request together, from when it is asked
  };
  static constexpr std::size_t kAllAtOnce = SIZE_MAX;

  /// Forgets everything. Pre: width >= 1.
  void start(std::size_t width) {
    contacts_.clear();
    width_ = width;
    asked_ = 0;
    open_ = 0;
    stopped_ = false;
  }
  void add(const Contact& contact) { contacts_.push_back(contact); }

  /// Position of the contact to ask now; its slot is taken. None while all slots are taken, and
  /// when no contact is left.
  std::optional<std::uint32_t> next() {
    if (stopped_ || open_ >= width_ || asked_ == contacts_.size()) return std::nullopt;
    ++open_;
    return asked_++;
  }
  /// A contact that was asked has ended: its slot is given back.
  void ended() {
    KADSIM_ASSERT(open_ > 0, "a slot of the window is given back twice");
    --open_;
  }
  /// No further contact is asked; those under way go on.
  void stop() { stopped_ = true; }
  /// No contact is under way, and none will be.
  [[nodiscard]] bool over() const { return open_ == 0 && (stopped_ || asked_ == contacts_.size()); }

  [[nodiscard]] std::size_t size() const { return contacts_.size(); }
  [[nodiscard]] Contact& operator[](std::size_t at) { return contacts_[at]; }
  [[nodiscard]] const Contact& operator[](std::size_t at) const { return contacts_[at]; }

 private:
  std::vector<Contact> contacts_;
  std::size_t width_ = 1;
  std::uint32_t asked_ = 0;
  std::uint32_t open_ = 0;
  bool stopped_ = false;
};

}  // namespace kadsim
