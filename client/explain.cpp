#include "client/explain.hpp"

#include "client/message.hpp"
#include "sim/rpc/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace client {

namespace {

bool of_winsock(Stage stage) {
    return stage == Stage::resolve || stage == Stage::lookup_connect || stage == Stage::connect;
}

std::string_view what_happened(const Failure& failure) {
    switch (failure.cause) {
        case Cause::not_resolved: return "the server's name has no address";
        case Cause::timed_out: return "nobody answered the connect attempt";
        case Cause::refused: return "the port refused the connection";
        case Cause::unreachable: return "the network reported the port or its host as unreachable";
        case Cause::no_resources: return "the client had no local port left";
        case Cause::not_registered: return "the endpoint mapper answered that no such endpoint is registered";
        case Cause::bind_nak: return "the port answered, but refused the bind";
        case Cause::interface_rejected: return "the port answered, but does not serve this interface";
        case Cause::fault: return "a call was answered with a fault";
        case Cause::service_error: return "a call was answered with an error of the service";
        case Cause::reset: return "the connection was reset, or its other end stopped answering";
        case Cause::closed_early: return "the server closed the connection while an answer was due";
        case Cause::no_answer: return "the connection stands, but the answer never came";
        case Cause::protocol_error:
            return failure.stage == Stage::lookup_answer ? "the endpoint mapper named no port that can be used"
                                                         : "the answer is not what DCE/RPC says here";
        case Cause::pipes_not_usable:
            return failure.stage == Stage::notice ? "the store is on named pipes, where notices are not rehearsed"
                                                  : "the port answered, but named pipes are of no use there";
        case Cause::no_session: return "nobody is logged on";
        case Cause::no_notice: return "no new-mail notice came by UDP";
    }
    return "";
}

// What `detail` means depends on what failed.
std::string detail_text(const Failure& failure) {
    if (failure.cause == Cause::bind_nak) return fmt::format("bind_nak reason {}", failure.detail);
    if (failure.detail == 0) return {};
    if (of_winsock(failure.stage)) return fmt::format("Winsock {}", failure.detail);
    if (failure.cause == Cause::service_error) return fmt::format("return code {:#x}", failure.detail);
    if (failure.cause == Cause::interface_rejected)
        return fmt::format("result {}, reason {}", failure.detail >> 16U, failure.detail & 0xffffU);
    return fmt::format("status {:#x}", failure.detail);
}

std::string codes(const Failure& failure) {
    const std::string detail = detail_text(failure);
    if (failure.code == 0) return detail.empty() ? "" : fmt::format(" ({})", detail);
    const std::string code = sim::rpc::format_status(failure.code);
    return detail.empty() ? fmt::format(" ({})", code) : fmt::format(" ({}; {})", code, detail);
}

// Without the phase, which the caller has named already.
std::string reason(const Failure& failure) {
    if (failure.stage == Stage::session && failure.cause != Cause::no_session)
        return fmt::format("the open connection was lost: {}{}", what_happened(failure), codes(failure));
    return std::string(what_happened(failure)) + codes(failure);
}

}  // namespace

std::string describe(const Failure& failure) { return fmt::format("{}: {}", id(failure.phase), reason(failure)); }

std::string describe(const PhaseRecord& record) {
    std::string text;
    const auto out = std::back_inserter(text);
    if (record.phase == Phase::name) {
        text = "name";
    } else if (record.target.port.value == 0) {  // it never came to a connection
        fmt::format_to(out, "{} on {}", name_of(record.service), record.target.address.format());
    } else if (record.transport == Transport::ncacn_np) {
        fmt::format_to(out, "named pipes, TCP {}, {}", format(record.target), name_of(record.service));
    } else {
        fmt::format_to(out, "TCP {}, {}", format(record.target), name_of(record.phase));
        if (record.phase == Phase::endpoint_mapper) fmt::format_to(out, " for {}", name_of(record.service));
    }
    const std::string took = sim::base::format_seconds(record.ended - record.began);
    if (record.failure)
        fmt::format_to(out, ": {}, after {}", reason(*record.failure), took);
    else
        fmt::format_to(out, ": {} after {}", record.phase == Phase::endpoint_mapper ? "answered" : "reached", took);
    return text;
}

std::string summary(const ActionOutcome& outcome) {
    const std::string waited = sim::base::format_human(outcome.waited());
    if (!outcome.works && outcome.failure) {
        return fmt::format("{} fails at {} after {}: {}{}", id(outcome.action), id(outcome.failure->phase), waited,
                           outcome.in_logon ? "the logon before it failed: " : "", reason(*outcome.failure));
    }
    std::string text = fmt::format("{} works", id(outcome.action));
    if (outcome.degraded)
        text += fmt::format(", degraded: named pipes, {} lost", sim::base::format_human(outcome.lost));
    if (outcome.notice_at)
        text += fmt::format(", notice after {}",
                            sim::base::format_human(std::max(*outcome.notice_at, outcome.began) - outcome.began));
    if (outcome.notices_refused) text += ", but the server takes no registration for new-mail notices";
    return text;
}

std::string story(const ActionOutcome& outcome) {
    std::string text = summary(outcome) + '\n';
    const auto out = std::back_inserter(text);
    for (const PhaseRecord& record : outcome.phases)
        fmt::format_to(out, "  {}  {}\n", sim::base::format_seconds(record.began), describe(record));
    for (const LearnedPort& learned : outcome.ports)
        fmt::format_to(out, "  {} of {} is on port {}\n", name_of(learned.service), learned.host.format(),
                       learned.port.value);
    if (const auto message = message_for(outcome)) {
        fmt::format_to(out, "  the user {}sees: {}{}{} ({})\n", message->likely ? "likely " : "", message->words,
                       message->also.empty() ? "" : "; ", message->also, message->articles);
        if (outcome.failure && outcome.shown_code != outcome.failure->code && outcome.shown_code != 0)
            fmt::format_to(out, "  likely with the last protocol's code: {}\n",
                           sim::rpc::format_status(outcome.shown_code));
    } else if (outcome.failure && outcome.failure->stage == Stage::notice) {
        fmt::format_to(out, "  new items show only when the view is refreshed, e.g. by changing folder (Q270065)\n");
    }
    return text;
}

}  // namespace client
