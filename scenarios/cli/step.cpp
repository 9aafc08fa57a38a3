#include "scenarios/cli/step.hpp"

#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/report/stepper.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace scenarios::cli {
namespace {

// Keys come one by one and unseen, on a page of their own (xterm's alternate screen), for as long as this lives.
class Page {
public:
    Page() {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios keys = before_;
        keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C stays a signal
        keys.c_cc[VMIN] = 0;
        keys.c_cc[VTIME] = 0;
        ::tcsetattr(STDIN_FILENO, TCSANOW, &keys);
        print("\x1b[?1049h\x1b[?25l");
    }
    ~Page() {
        print("\x1b[?25h\x1b[?1049l");
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

private:
    termios before_{};
};

struct Size {
    std::size_t width = 80;
    std::size_t height = 24;
    bool operator==(const Size&) const = default;
};
Size size_of_terminal() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
    return {std::clamp<std::size_t>(size.ws_col, 60, 200), std::max<std::size_t>(size.ws_row, 12)};
}

bool draw(const report::Stepper& stepper, const std::string& title, Size size, report::Style style) {
    std::string page = "\x1b[H";
    for (const std::string& line : stepper.screen(title, size.width, size.height, style)) page += line + "\x1b[K\r\n";
    page.resize(page.size() - 2);  // no scrolling at the last line
    return print(page + "\x1b[J");
}

// Feeds what the terminal sent; what is left is the beginning of a key.
void feed(report::Stepper& stepper, std::string& octets, bool complete) {
    while (!octets.empty()) {
        if (stepper.typing()) {
            stepper.type(octets.front());
            octets.erase(0, 1);
            continue;
        }
        const auto [key, length] = report::step_key(octets);
        if (length == 0 && !complete) return;
        stepper.press(key);
        octets.erase(0, std::max<std::size_t>(length, 1));
    }
}

}  // namespace

bool can_step() {
    const char* const terminal = std::getenv("TERM");
    return is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO) &&
           !(terminal != nullptr && std::strcmp(terminal, "dumb") == 0);
}

void step_through(const report::Events& events, const std::string& title, report::Style style) {
    report::Stepper stepper(events);
    const Page page;
    std::string octets;
    for (Size size = size_of_terminal(); !stepper.done() && !interrupted();) {
        if (!draw(stepper, title, size, style)) return;
        // A window that changes its size interrupts the waiting or is seen within the second.
        for (bool news = false; !news && !interrupted();) {
            pollfd input{STDIN_FILENO, POLLIN, 0};
            const int ready = ::poll(&input, 1, octets.empty() ? 500 : 50);
            const Size now = size_of_terminal();
            news = !(now == size);
            size = now;
            if (ready > 0) {
                char buffer[256];
                const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
                if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) return;  // the terminal is gone
                if (count > 0) octets.append(buffer, static_cast<std::size_t>(count));
                feed(stepper, octets, false);
                news = true;
            } else if (!octets.empty()) {  // a lone Escape, or half a key: nothing follows
                feed(stepper, octets, true);
                news = true;
            }
        }
    }
}

}  // namespace scenarios::cli
