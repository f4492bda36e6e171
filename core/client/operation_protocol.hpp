#pragma once

#include <cstdint>
#include <span>

#include "core/client/operation.hpp"
#include "core/lookup/strategy.hpp"
#include "core/wire/reply.hpp"

namespace kadsim {

class OperationRun;

/// What one kind of operation does between its start and its end: a state machine that says which
/// phase of asking comes next, a lookup or a window of contacts, and with which status it is over.
/// The run that it stands in does the asking, and calls it when something happens.
///
/// One object serves many operations of one run, one after the other, so that a slot that has
/// played an operation of this kind before allocates nothing. It ends each operation exactly once,
/// by `OperationRun::end_with`. Nothing is called after the end, `begin_aftermath` and what follows
/// from it aside.
///
/// A new kind of operation is a file in core/client/operations and a row in
/// core/client/operations/operation_table.cpp.
class OperationProtocol {
 public:
  virtual ~OperationProtocol() = default;

  /// The operation starts; the run holds its request. `seeds`: contacts that the caller names.
  virtual void start(std::span<const PeerRef> seeds) = 0;

  /// A contact has answered the lookup, and the strategy knows. Called for those answers that the
  /// lookup was begun for (LookupFor). True: the lookup is over, with LookupEnd::kFound.
  virtual bool on_lookup_answer(PeerRef /*from*/, const Reply& /*reply*/) { return false; }
  /// The lookup is over; the run holds its contacts and hops.
  virtual void on_lookup_over(LookupEnd /*end*/) {}

  /// Contact `at` of the window has ended, well or badly; the run has counted it.
  virtual void on_window_reply(std::uint32_t /*at*/, PeerRef /*from*/, const Reply& /*reply*/) {}
  /// The window is over: each of its contacts has ended, or is not to be asked any more.
  virtual void on_window_over() {}

  /// Adds to `outcome` what only this kind of operation knows, before the listener is told.
  virtual void complete(OperationOutcome& /*outcome*/) {}
  /// The listener has been told. True: something is still to be done that no caller waits for; the
  /// protocol has begun it, and ends it by `OperationRun::end_aftermath`.
  virtual bool begin_aftermath(OperationStatus /*status*/) { return false; }
};

}  // namespace kadsim
