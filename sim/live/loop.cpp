#include "sim/live/loop.hpp"

#include "sim/live/loop_state.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace sim::live {
namespace {

// Descriptors that are no accepted connections: listeners, log, epoll, files read on the way.
constexpr std::size_t other_descriptors = 64;

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) (void)::getrlimit(RLIMIT_NOFILE, &limit);
    }
    return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, 1U << 20U));
}

// Waits for one signal after the other, for ever.
void wait_for(asio::signal_set& set, std::shared_ptr<std::function<void(int)>> handler) {
    set.async_wait([&set, handler](const ErrorCode& error, int number) {
        if (error) return;
        (*handler)(number);
        wait_for(set, handler);
    });
}

}  // namespace

void ReserveDescriptor::take() {
    if (descriptor_ < 0) descriptor_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void ReserveDescriptor::give_up() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

Loop::Loop(Limits limits, Log& log) : state_(std::make_unique<State>(limits, log)) {
    const std::size_t descriptors = raise_descriptor_limit();
    const std::size_t room = descriptors > 2 * other_descriptors ? descriptors - other_descriptors : descriptors / 2;
    if (room >= state_->limits.connections) return;
    state_->limits.connections = room;
    log.write(LogLevel::info, "connection limit lowered to what the limit of open files carries",
              {{"connections", std::to_string(room)}, {"open_files", std::to_string(descriptors)}});
}

Loop::~Loop() = default;

void Loop::run() {
    state_->io.restart();
    // Work that never ends by itself: the program ends by stop(), not by running out of sockets.
    const auto work = asio::make_work_guard(state_->io);
    state_->io.run();
}

bool Loop::run_until(const std::function<bool()>& done, base::SimDuration at_most) {
    state_->io.restart();
    const auto work = asio::make_work_guard(state_->io);
    const base::SimTime late = now() + at_most;
    while (!done()) {
        if (now() > late || state_->io.stopped()) return false;
        state_->io.run_one_for(std::chrono::milliseconds(5));
    }
    return true;
}

void Loop::stop() { state_->io.stop(); }

void Loop::post(std::function<void()> work) { asio::post(state_->io, std::move(work)); }

void Loop::on_signal(std::initializer_list<int> signals, std::function<void(int)> handler) {
    auto& set = *state_->signals.emplace_back(std::make_unique<asio::signal_set>(state_->io));
    for (const int number : signals) set.add(number);
    wait_for(set, std::make_shared<std::function<void(int)>>(std::move(handler)));
}

void Loop::after(base::SimDuration duration, std::function<void()> work) {
    auto timer = std::make_shared<Timer>(state_->io);
    timer->expires_after(duration);
    timer->async_wait([timer, work = std::move(work)](const ErrorCode& error) {
        if (!error) work();
    });
}

base::SimTime Loop::now() const { return state_->now(); }
const Limits& Loop::limits() const { return state_->limits; }
std::uint64_t Loop::held_octets() const { return state_->held_octets; }
std::size_t Loop::connections() const { return state_->connections; }
Log& Loop::log() const { return state_->log; }

}  // namespace sim::live
