#include "core/base/huge_page_array.hpp"

#include <sys/mman.h>
#include <cstdint>
#include <new>

namespace kadsim {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

// Below that, rounding up to whole huge pages would cost more than they give.
bool wants_huge(std::size_t bytes) { return bytes >= 2 * kHugePage; }

std::size_t whole_pages(std::size_t bytes) {
  return (bytes + kHugePage - 1) / kHugePage * kHugePage;
}

}  // namespace

void* allocate_huge(std::size_t bytes) {
  if (!wants_huge(bytes)) return ::operator new(bytes);
  void* memory = ::operator new (whole_pages(bytes), std::align_val_t{kHugePage});
  advise_huge(memory, whole_pages(bytes));
  return memory;
}

void free_huge(void* memory, std::size_t bytes) noexcept {
  if (!wants_huge(bytes)) return ::operator delete(memory);
  ::operator delete (memory, std::align_val_t{kHugePage});
}

void advise_huge(void* memory, std::size_t bytes) noexcept {
  const auto begin = whole_pages(reinterpret_cast<std::uintptr_t>(memory));
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) / kHugePage * kHugePage;
  // This may fail without harm: without huge pages everything works as well.
  if (begin < end) {
    static_cast<void>(madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
  }
}

}  // namespace kadsim
