#include "scenarios/cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace scenarios::cli {
namespace {

std::string reason() { return std::strerror(errno); }

// Writes everything to an open descriptor; false with errno set when it cannot.
bool write_all(int descriptor, std::string_view rest) {
    while (!rest.empty()) {
        const ssize_t written = ::write(descriptor, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

std::optional<std::string> write_whole(const std::string& path, std::string_view contents) {
    const std::filesystem::path target(path);
    std::error_code error;
    if (std::filesystem::is_directory(target, error)) return "cannot write " + path + ": it is a folder";
    if (target.has_parent_path()) std::filesystem::create_directories(target.parent_path(), error);
    // What is no regular file (/dev/stdout, a pipe) cannot be replaced, only written to.
    if (std::filesystem::exists(target, error) && !std::filesystem::is_regular_file(target, error)) {
        const int special = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (special < 0) return "cannot write " + path + ": " + reason();
        const bool done = write_all(special, contents);
        const std::string why = reason();
        ::close(special);
        if (!done) return "cannot write " + path + ": " + why;
        return std::nullopt;
    }
    std::string temporary = path + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) return "cannot write " + path + ": " + reason();
    const mode_t mask = ::umask(0);
    ::umask(mask);
    const bool done =
        write_all(descriptor, contents) && ::fchmod(descriptor, 0666 & ~mask) == 0 && ::fsync(descriptor) == 0;
    const std::string why = done ? "" : reason();
    ::close(descriptor);
    if (done && ::rename(temporary.c_str(), path.c_str()) == 0) return std::nullopt;
    const std::string problem = done ? reason() : why;
    ::unlink(temporary.c_str());
    return "cannot write " + path + ": " + problem;
}

bool print(std::string_view text) {
    std::fflush(stdout);
    if (write_all(STDOUT_FILENO, text)) return true;
    // A reader that has gone wants no word about it; a full disk does.
    if (errno != EPIPE) std::fprintf(stderr, "firedrill: error: cannot write the output: %s\n", reason().c_str());
    return false;
}

bool use_color(ColorChoice choice, int descriptor) {
    if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    if (no_color != nullptr && *no_color != '\0') return false;
    if (term == nullptr || std::string_view(term) == "dumb") return false;
    return is_terminal(descriptor);
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

}  // namespace scenarios::cli
