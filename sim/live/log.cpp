#include "sim/live/log.hpp"

#include "sim/base/diagnostic.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>

namespace sim::live {
namespace {

spdlog::level::level_enum of(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
        case LogLevel::off: break;
    }
    return spdlog::level::off;
}

bool plain(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view(".:[]-_/").find(c) != std::string_view::npos;
    });
}

void append(std::string& line, const Log::Field& field) {
    line += ' ';
    line += field.key;
    line += '=';
    if (plain(field.value)) {
        line += field.value;
        return;
    }
    line += '"';
    for (const char c : base::printable(field.value, 500)) {
        if (c == '"' || c == '\\') line += '\\';
        line += c;
    }
    line += '"';
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view word) {
    if (word == "debug") return LogLevel::debug;
    if (word == "info") return LogLevel::info;
    if (word == "warning") return LogLevel::warning;
    if (word == "error") return LogLevel::error;
    if (word == "off") return LogLevel::off;
    return std::nullopt;
}

Log::Log(LogLevel level) : level_(level) {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
    logger_ = std::make_unique<spdlog::logger>("firedrill", std::move(sink));
    logger_->set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
    logger_->set_level(of(level));
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view what, std::initializer_list<Field> fields) {
    if (!wants(level)) return;
    std::string line(what);
    for (const Field& field : fields) append(line, field);
    logger_->log(of(level), line);
}

}  // namespace sim::live
