#include "sim/live/readiness.hpp"

#include <array>
#include <sys/epoll.h>

namespace sim::live {

namespace asio = boost::asio;

namespace {

// So many batches in a row before timers, listeners and signals get their turn.
constexpr int batches_max = 8;

epoll_event event_for(const Watched& who, Watch watch) {
    epoll_event event{};
    // With nothing to watch the kernel still tells of an error.
    if (watch == Watch::readable) event.events = EPOLLIN;
    if (watch == Watch::writable) event.events = EPOLLOUT;
    event.data.u64 = std::uint64_t{who.owner} << 32U | who.connection;
    return event;
}

}  // namespace

struct Readiness::Inside : std::enable_shared_from_this<Inside> {
    Inside(asio::io_context& io, Target& whom) : target(whom), set(io, ::epoll_create1(EPOLL_CLOEXEC)) {}

    void await() {
        set.async_wait(asio::posix::descriptor_base::wait_read,
                       [self = shared_from_this()](const boost::system::error_code& error) {
                           if (error || self->ended) return;
                           self->deliver();
                           if (!self->ended) self->await();
                       });
    }

    void deliver() {
        std::array<epoll_event, 256> events;
        for (int batch = 0; batch < batches_max && !ended; ++batch) {
            const int count = ::epoll_wait(set.native_handle(), events.data(), static_cast<int>(events.size()), 0);
            if (count <= 0) return;
            for (int i = 0; i < count && !ended; ++i) {
                const std::uint64_t name = events[static_cast<std::size_t>(i)].data.u64;
                target.ready({static_cast<std::uint32_t>(name >> 32U), static_cast<std::uint32_t>(name)});
            }
        }
    }

    Target& target;
    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> set;
    bool ended = false;
};

Readiness::Readiness(asio::io_context& io, Target& target) : inside_(std::make_shared<Inside>(io, target)) {
    inside_->await();
}

Readiness::~Readiness() { inside_->ended = true; }

bool Readiness::add(const Descriptor& descriptor, const Watched& who, Watch watch) {
    epoll_event event = event_for(who, watch);
    return ::epoll_ctl(inside_->set.native_handle(), EPOLL_CTL_ADD, descriptor.number(), &event) == 0;
}

void Readiness::change(const Descriptor& descriptor, const Watched& who, Watch watch) {
    epoll_event event = event_for(who, watch);
    ::epoll_ctl(inside_->set.native_handle(), EPOLL_CTL_MOD, descriptor.number(), &event);
}

}  // namespace sim::live
