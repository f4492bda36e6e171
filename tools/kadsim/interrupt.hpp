#pragma once

namespace kadsim::tools {

/// From now on SIGINT and SIGTERM ask the run to stop instead of ending the program; a second one
/// ends it. Also has a file size limit arrive as an error of write().
void catch_interrupts();

/// The signal that asked to stop; 0 if none did.
int interrupt_signal();

}  // namespace kadsim::tools
