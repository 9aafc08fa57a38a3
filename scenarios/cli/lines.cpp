#include "scenarios/cli/lines.hpp"

#include "scenarios/cli/interrupt.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace scenarios::cli {
namespace {

constexpr std::size_t line_max = 4096;  // octets; the rest of a longer line is the next one

}  // namespace

std::optional<std::string> Lines::next() {
    while (true) {
        const std::size_t end = ahead_.find('\n');
        if (end != std::string::npos || ahead_.size() >= line_max || (ended_ && !ahead_.empty())) {
            const std::size_t length = std::min(end, std::min(ahead_.size(), line_max));
            std::string line = ahead_.substr(0, length);
            ahead_.erase(0, length + (length == end ? 1 : 0));
            if (!line.empty() && line.back() == '\r') line.pop_back();
            return line;
        }
        if (ended_ || interrupted()) return std::nullopt;
        // A signal ends poll() with EINTR, whatever read() would do. The time-out is for one that comes just before it.
        pollfd input{STDIN_FILENO, POLLIN, 0};
        const int ready = ::poll(&input, 1, 500);
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        std::array<char, 1024> piece{};
        const ssize_t count = ready < 0 ? -1 : ::read(STDIN_FILENO, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0)
            ended_ = true;
        else
            ahead_.append(piece.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace scenarios::cli
