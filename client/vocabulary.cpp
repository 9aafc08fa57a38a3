#include "client/vocabulary.hpp"

#include <cassert>
#include <cstddef>

namespace client {

namespace {

// The tables are in the order of the enums, which the all_* lists repeat.
constexpr std::array<std::string_view, all_do.size()> do_ids{"logon", "check-name",     "new-mail",
                                                             "admin", "public-folders", "use"};
constexpr std::array<std::string_view, all_phases.size()> phase_ids{"name", "endpoint-mapper", "directory",
                                                                    "information-store", "attendant"};
constexpr std::array<std::string_view, all_stages.size()> stage_ids{
    "resolve", "lookup-connect", "lookup-bind", "lookup-call", "lookup-answer",
    "connect", "bind",           "call",        "session",     "notice"};
constexpr std::array<std::string_view, all_causes.size()> cause_ids{"not-resolved",
                                                                    "timed-out",
                                                                    "refused",
                                                                    "unreachable",
                                                                    "no-resources",
                                                                    "not-registered",
                                                                    "bind-nak",
                                                                    "interface-rejected",
                                                                    "fault",
                                                                    "service-error",
                                                                    "reset",
                                                                    "closed-early",
                                                                    "no-answer",
                                                                    "protocol-error",
                                                                    "pipes-not-usable",
                                                                    "no-session",
                                                                    "no-notice"};
constexpr std::array<std::string_view, all_transports.size()> transport_ids{"ncacn_ip_tcp", "ncacn_np"};

template <class Enum, std::size_t n>
constexpr std::string_view pick(const std::array<std::string_view, n>& ids, Enum value) {
    const auto index = static_cast<std::size_t>(value);
    assert(index < n);
    return ids[index];
}

template <class Enum, std::size_t n>
constexpr std::optional<Enum> look_up(const std::array<std::string_view, n>& ids, std::string_view id) {
    for (std::size_t i = 0; i < n; ++i)
        if (ids[i] == id) return static_cast<Enum>(i);
    return std::nullopt;
}

}  // namespace

std::string_view id(Do what) { return pick(do_ids, what); }
std::string_view id(Phase phase) { return pick(phase_ids, phase); }
std::string_view id(Stage stage) { return pick(stage_ids, stage); }
std::string_view id(Cause cause) { return pick(cause_ids, cause); }
std::string_view id(Transport transport) { return pick(transport_ids, transport); }

std::optional<Do> parse_do(std::string_view id) { return look_up<Do>(do_ids, id); }
std::optional<Phase> parse_phase(std::string_view id) { return look_up<Phase>(phase_ids, id); }
std::optional<Stage> parse_stage(std::string_view id) { return look_up<Stage>(stage_ids, id); }
std::optional<Cause> parse_cause(std::string_view id) { return look_up<Cause>(cause_ids, id); }
std::optional<Transport> parse_transport(std::string_view id) { return look_up<Transport>(transport_ids, id); }

std::string_view name_of(Do what) {
    static constexpr std::array<std::string_view, all_do.size()> names{
        "logon", "Check Name", "new-mail notice", "Administrator program", "public folders", "kept session"};
    return pick(names, what);
}

std::string_view name_of(Phase phase) {
    static constexpr std::array<std::string_view, all_phases.size()> names{
        "the server's name", "the endpoint mapper", "the Directory", "the Information Store", "the System Attendant"};
    return pick(names, phase);
}

}  // namespace client
