#include "sim/rpc/describe.hpp"

#include "sim/rpc/call_text.hpp"
#include "sim/rpc/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sim::rpc {

namespace {

// What is remembered of a hostile conversation. Real ones have one call outstanding, and stubs of a few hundred octets.
constexpr std::size_t max_asked = 32;
constexpr std::size_t max_bound = 256;
constexpr std::size_t max_stub = 64 * 1024;

void append(base::Bytes& kept, base::ByteView more) {
    const std::size_t room = max_stub - std::min(max_stub, kept.size());
    const base::ByteView piece = more.first(std::min(more.size(), room));
    kept.insert(kept.end(), piece.begin(), piece.end());
}

std::string auth_text(const std::optional<AuthVerifier>& auth) {
    if (!auth) return {};
    switch (auth->type) {
        case 9: return ", with SPNEGO authentication";
        case 10: return ", with NTLM authentication";
        case 16: return ", with Kerberos authentication";
        case 68: return ", with Netlogon authentication";
        default: return fmt::format(", with authentication of type {}", auth->type);
    }
}

// Packet privacy: the stub shows nothing.
bool is_sealed(const Pdu& pdu) { return pdu.auth && pdu.auth->level >= 6; }

}  // namespace

std::vector<std::string> Dissector::feed(Direction direction, base::ByteView octets) {
    Way& way = direction == Direction::to_server ? to_server_ : to_client_;
    std::vector<std::string> lines;
    if (way.not_rpc || octets.empty()) return lines;
    // A PDU begins with its version, so that other protocols show at their first octet.
    bool foreign = way.stream.waiting() == 0 && octets[0] != 5;
    if (!foreign) way.stream.feed(octets);
    while (!foreign) {
        const std::optional<base::ByteView> pdu = way.stream.next();
        if (!pdu) break;
        foreign = pdu->front() != 5;
        if (!foreign) lines.push_back(line(*pdu));
    }
    if (foreign || way.stream.broken()) {
        way.not_rpc = true;
        lines.emplace_back("octets that are no RPC");
    }
    return lines;
}

std::string Dissector::line(base::ByteView octets) {
    const base::Result<Pdu, PduError> pdu = parse(octets);
    if (!pdu) {
        const PduType type = parse_header(octets).type;
        const std::string_view known = name(type);
        return fmt::format("{} that makes no sense: {}", known.empty() ? "a PDU" : known, format(pdu.error().reason));
    }
    switch (type_of(pdu->body)) {
        case PduType::bind: return bind_line(std::get<Bind>(pdu->body), "bind to") + auth_text(pdu->auth);
        case PduType::alter_context:
            return bind_line(std::get<AlterContext>(pdu->body), "bind also to") + auth_text(pdu->auth);
        case PduType::bind_ack: return ack_line(std::get<BindAck>(pdu->body), "bind");
        case PduType::alter_context_response:
            return ack_line(std::get<AlterContextResponse>(pdu->body), "further bind");
        case PduType::bind_nak: return "bind refused: " + format(std::get<BindNak>(pdu->body).reason);
        case PduType::request: return request_line(*pdu, std::get<Request>(pdu->body));
        case PduType::response: return response_line(*pdu, std::get<Response>(pdu->body));
        case PduType::fault: return fault_line(*pdu, std::get<Fault>(pdu->body));
        case PduType::auth3: return "authentication, third leg";
        case PduType::shutdown: return "the server asks to close";
        case PduType::co_cancel: return "the client cancels its call";
        case PduType::orphaned: return "the client gives its call up";
    }
    return "a PDU of an unknown type";
}

std::string Dissector::bind_line(const Bind& bind, std::string_view verb) {
    proposed_.clear();
    std::string text;
    std::vector<Uuid> named;  // NDR, NDR64 and features come as three elements for one interface
    for (const ContextElement& element : bind.contexts) {
        proposed_.push_back({element.id, element.abstract_syntax});
        const Uuid& uuid = element.abstract_syntax.uuid;
        if (std::find(named.begin(), named.end(), uuid) != named.end()) continue;
        named.push_back(uuid);
        text += fmt::format("{}{}", text.empty() ? "" : " and ", interface_text(element.abstract_syntax));
    }
    return fmt::format("{} {}", verb, text.empty() ? "nothing" : text);
}

std::string Dissector::ack_line(const BindAck& ack, std::string_view what) {
    const ContextAnswer* refused = nullptr;
    bool accepted = false;
    for (std::size_t i = 0; i < ack.answers.size(); ++i) {
        const ContextAnswer& answer = ack.answers[i];
        if (answer.result != ContextResult::acceptance) {
            if (refused == nullptr) refused = &answer;
            continue;
        }
        accepted = true;
        if (i < proposed_.size() && bound_.size() < max_bound) bound_.push_back(proposed_[i]);
    }
    if (accepted) return fmt::format("{} accepted", what);
    if (refused != nullptr) return fmt::format("{} rejected: {}", what, format(*refused));
    return fmt::format("{} answered without a result", what);
}

std::string Dissector::request_line(const Pdu& pdu, const Request& request) {
    const bool first = pdu.flags.has(PduFlags::first);
    const bool last = pdu.flags.has(PduFlags::last);
    if (first) {
        forget(pdu.call_id);
        if (asked_.size() == max_asked) asked_.erase(asked_.begin());
        asked_.push_back({pdu.call_id, request.context_id, request.opnum, {}});
    }
    Asked* asked = find_asked(pdu.call_id);
    if (asked == nullptr) return "part of a call whose beginning is missing";
    const Uuid interface = interface_of(asked->context_id).uuid;
    const ByteOrder order = pdu.drep.order();
    if (is_sealed(pdu)) return operation_name(interface, asked->opnum) + ", sealed";
    if (first && last) return call_text(interface, asked->opnum, request.stub, order) + auth_text(pdu.auth);
    append(asked->stub, request.stub);
    if (!last) return fmt::format("{}, in part", operation_name(interface, asked->opnum));
    std::string text = call_text(interface, asked->opnum, asked->stub, order);
    asked->stub.clear();
    return text;
}

std::string Dissector::response_line(const Pdu& pdu, const Response& response) {
    const Asked* asked = find_asked(pdu.call_id);
    if (asked == nullptr) return "an answer to a call that was not seen";
    const Uuid interface = interface_of(asked->context_id).uuid;
    const std::uint16_t opnum = asked->opnum;
    if (is_sealed(pdu)) {
        if (pdu.flags.has(PduFlags::last)) forget(pdu.call_id);
        return fmt::format("answer to {}, sealed", operation_name(interface, opnum));
    }
    if (pdu.flags.has(PduFlags::first)) answer_.clear();
    append(answer_, response.stub);
    if (!pdu.flags.has(PduFlags::last)) return fmt::format("answer to {}, in part", operation_name(interface, opnum));
    std::string text = answer_text(interface, opnum, answer_, pdu.drep.order());
    answer_.clear();
    forget(pdu.call_id);
    return text;
}

std::string Dissector::fault_line(const Pdu& pdu, const Fault& fault) {
    forget(pdu.call_id);
    return "fault: " + format_status(fault.status);
}

Dissector::Asked* Dissector::find_asked(std::uint32_t call_id) {
    const auto found =
        std::find_if(asked_.begin(), asked_.end(), [call_id](const Asked& a) { return a.call_id == call_id; });
    return found != asked_.end() ? &*found : nullptr;
}

void Dissector::forget(std::uint32_t call_id) {
    asked_.erase(
        std::remove_if(asked_.begin(), asked_.end(), [call_id](const Asked& a) { return a.call_id == call_id; }),
        asked_.end());
}

// What was bound, else what was proposed (a client may speak before the ack was seen), else what the role suggests.
SyntaxId Dissector::interface_of(std::uint16_t context_id) const {
    for (const std::vector<Bound>* list : {&bound_, &proposed_})
        for (const Bound& bound : *list)
            if (bound.context_id == context_id) return bound.interface;
    switch (role_) {
        case Service::endpoint_mapper: return epm_interface;
        case Service::directory: return nspi_interface;
        case Service::information_store: return emsmdb_interface;
        case Service::mta: return mta_interface;
        case Service::management: return mgmt_interface;
        case Service::system_attendant: return sa_public_interface;
        case Service::unknown: break;
    }
    return {};
}

}  // namespace sim::rpc
