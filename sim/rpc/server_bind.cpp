// Binding: the first PDU, bind, alter_context, and what becomes of their presentation contexts.
#include "sim/rpc/server_session.hpp"
#include "sim/rpc/status.hpp"

#include <algorithm>
#include <utility>

namespace sim::rpc {

namespace {

// Nothing here is authenticated, so there are no security contexts to multiplex; but an orphaned call does keep its
// connection.
constexpr std::uint8_t features_supported = feature_keep_on_orphan;

constexpr std::size_t smallest_fragment = 2048;

std::size_t agreed_size(const Bind& bind) {
    const std::size_t wanted = std::min(bind.max_xmit_frag, bind.max_recv_frag);
    return std::clamp(wanted, smallest_fragment, max_fragment) / 8 * 8;
}

bool is_features(const ContextElement& element) {
    return !element.transfer_syntaxes.empty() && bind_time_features(element.transfer_syntaxes.front()).has_value();
}

ContextAnswer rejected(ContextReason reason) { return {ContextResult::provider_rejection, reason, {}}; }

constexpr ContextAnswer accepted{ContextResult::acceptance, ContextReason::not_specified, ndr_syntax};

}  // namespace

// Nobody may speak before a bind, and whoever does not speak RPC at all is told so in the 24 octets by which scanners
// know an RPC server.
void ServerSession::first_pdu(base::ByteView octets) {
    const Header h = parse_header(octets);
    const base::Result<PduFrame, PduError> parts = frame(octets);
    if (h.version != 5 || h.minor > 1 || h.type != PduType::bind || !parts)
        return nak(h.call_id, NakReason::protocol_version_not_supported);
    bind(*parts);
}

void ServerSession::bind(const PduFrame& frame) {
    const std::uint32_t call_id = frame.header.call_id;
    if (frame.auth) {
        const bool known_level = frame.auth->level >= 2 && frame.auth->level <= 6;
        return nak(call_id, known_level ? NakReason::authentication_type_not_recognised : NakReason::not_specified);
    }
    const base::Result<Bind, PduError> bind = parse_bind(frame);
    if (!bind)
        return nak(call_id, bind.error().reason == PduReason::body_cut ? NakReason::protocol_version_not_supported
                                                                       : NakReason::not_specified);
    std::optional<Negotiated> agreed = negotiate(bind->contexts, true);
    if (!agreed) return nak(call_id, NakReason::not_specified);
    std::optional<AssociationGroups::Membership> membership =
        bind->group == 0 ? associations_.create() : associations_.join(bind->group);
    if (!membership) return nak(call_id, bind->group == 0 ? NakReason::local_limit_exceeded : NakReason::not_specified);
    association_ = std::move(*membership);
    fragment_size_ = agreed_size(*bind);
    acknowledge(frame.header, std::move(*agreed));
}

void ServerSession::alter(const PduFrame& frame) {
    const std::uint32_t call_id = frame.header.call_id;
    if (frame.auth) return fault_and_close(call_id, 0, {status::access_denied, false});
    const base::Result<Bind, PduError> alter = parse_bind(frame);
    std::optional<Negotiated> agreed;
    if (alter) agreed = negotiate(alter->contexts, false);
    if (!agreed) return fault_and_close(call_id, 0, {status::nca_proto_error, true});
    acknowledge(frame.header, std::move(*agreed));
}

// Nothing when the list breaks the protocol.
std::optional<ServerSession::Negotiated> ServerSession::negotiate(const std::vector<ContextElement>& elements,
                                                                  bool is_bind) const {
    if (elements.empty()) return std::nullopt;
    Negotiated agreed;
    agreed.answers.reserve(elements.size());
    for (const ContextElement& element : elements) {
        if (element.transfer_syntaxes.empty()) return std::nullopt;
        if (is_bind && is_features(element)) {
            if (std::exchange(agreed.features, true)) return std::nullopt;
            const std::uint8_t mask = *bind_time_features(element.transfer_syntaxes.front()) & features_supported;
            agreed.answers.push_back({ContextResult::negotiate_ack, static_cast<ContextReason>(mask), {}});
            continue;
        }
        const Context* known = find_context(element.id);
        if (known == nullptr && agreed.created && agreed.created->id == element.id) known = &*agreed.created;
        if (known != nullptr && interfaces_.find(element.abstract_syntax) != known->server) return std::nullopt;
        agreed.answers.push_back(answer_one(element, known != nullptr, agreed));
    }
    return agreed;
}

ContextAnswer ServerSession::answer_one(const ContextElement& element, bool known, Negotiated& so_far) const {
    InterfaceServer* server = interfaces_.find(element.abstract_syntax);
    if (server == nullptr) return rejected(ContextReason::abstract_syntax_not_supported);
    const std::vector<SyntaxId>& offered = element.transfer_syntaxes;
    if (std::find(offered.begin(), offered.end(), ndr_syntax) == offered.end())
        return rejected(ContextReason::transfer_syntaxes_not_supported);
    if (known) return accepted;
    // One new context by PDU: what Windows and Samba do, and what their clients count on.
    if (so_far.created) return rejected(ContextReason::transfer_syntaxes_not_supported);
    if (contexts_.size() >= limits_.contexts) return rejected(ContextReason::local_limit_exceeded);
    so_far.created = Context{element.id, server};
    return accepted;
}

void ServerSession::acknowledge(const Header& asked, Negotiated agreed) {
    const bool is_bind = asked.type == PduType::bind;
    PduFlags flags{PduFlags::whole};
    if (asked.flags.has(PduFlags::support_header_sign)) flags.bits |= PduFlags::support_header_sign;
    if (asked.flags.has(PduFlags::conc_mpx) && agreed.created) {
        flags.bits |= PduFlags::conc_mpx;
        multiplexed_ = true;
    }
    if (agreed.created) contexts_.push_back(*agreed.created);

    const std::string port = is_bind ? std::to_string(local_.port.value) : std::string();
    BindAck ack;
    ack.max_xmit_frag = ack.max_recv_frag = static_cast<std::uint16_t>(fragment_size_);
    ack.group = association_.group();
    ack.secondary_address = port;
    ack.answers = std::move(agreed.answers);
    out_.reserve(out_.size() + 64 + 24 * ack.answers.size());
    if (is_bind) return put(asked.call_id, flags, std::move(ack));
    AlterContextResponse response;
    static_cast<BindAck&>(response) = std::move(ack);
    put(asked.call_id, flags, std::move(response));
}

void ServerSession::nak(std::uint32_t call_id, NakReason reason) {
    put(call_id, PduFlags{PduFlags::whole}, BindNak{reason});
    closed_ = true;
}

}  // namespace sim::rpc
