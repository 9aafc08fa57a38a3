// Structured log lines on stderr: time, level, what happened, and fields as key=value.
//
//   2026-03-01T09:00:00.123Z info  listening service="DSAMAIN.EXE" address=127.0.0.1:1236
//
// What comes from outside is made printable and quoted where it is no plain word. Not for results: those go to stdout.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace sim::live {

enum class LogLevel : std::uint8_t { debug, info, warning, error, off };

// "debug", "info", "warning", "error", "off"
std::optional<LogLevel> parse_log_level(std::string_view word);

class Log {
public:
    struct Field {
        std::string_view key;
        std::string value;
    };

    explicit Log(LogLevel level);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    // Ask first where making the fields costs something.
    bool wants(LogLevel level) const { return level >= level_ && level_ != LogLevel::off; }
    void write(LogLevel level, std::string_view what, std::initializer_list<Field> fields = {});

private:
    LogLevel level_;
    std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace sim::live
