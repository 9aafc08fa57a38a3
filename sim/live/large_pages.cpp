#include "sim/live/large_pages.hpp"

#include <algorithm>
#include <cstddef>
#include <sys/mman.h>

namespace sim::live {
namespace {

class LargePages final : public std::pmr::memory_resource {
    static constexpr std::size_t page = std::size_t{2} << 20U, least = 2 * page;

    // Whole pages, none shared with anything else.
    static constexpr std::size_t in_pages(std::size_t size) { return (size + page - 1) / page * page; }

    void* do_allocate(std::size_t size, std::size_t alignment) override {
        if (size < least) return ordinary_->allocate(size, alignment);
        void* const block = ordinary_->allocate(in_pages(size), std::max(alignment, page));
#if defined(MADV_HUGEPAGE)
        (void)madvise(block, in_pages(size), MADV_HUGEPAGE);  // refused: it stays ordinary memory
#endif
        return block;
    }
    void do_deallocate(void* block, std::size_t size, std::size_t alignment) override {
        if (size < least) return ordinary_->deallocate(block, size, alignment);
        ordinary_->deallocate(block, in_pages(size), std::max(alignment, page));
    }
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }

    std::pmr::memory_resource* ordinary_ = std::pmr::new_delete_resource();
};

}  // namespace

std::pmr::memory_resource& large_pages() {
    static LargePages it;
    return it;
}

}  // namespace sim::live
