#include "sim/firewall/mapper_talk.hpp"

#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

constexpr std::uint8_t privacy = 6;  // auth level: the stub is sealed

bool is_mapper(const rpc::SyntaxId& syntax) {
    return syntax.uuid == rpc::epm_interface.uuid && syntax.major == rpc::epm_interface.major;
}

// The interface that an ept_map request asks for; nil when it cannot be told.
rpc::Uuid asked_for(const rpc::PduFrame& frame, const rpc::Request& request) {
    if (frame.auth && frame.auth->level >= privacy) return {};
    const auto asked = rpc::parse_ept_map_request(request.stub, frame.header.drep.order());
    if (!asked || !asked->tower) return {};
    const auto tower = rpc::parse_tower(*asked->tower);
    return tower ? tower->interface.uuid : rpc::Uuid{};
}

}  // namespace

void MapperTalk::give_up(NotOpened why, News& news) {
    if (!gave_up_) news.silent.push_back({why, {}});
    gave_up_ = true;
    requests_.give_up();
    answers_.give_up();
    calls_.clear();
    bindings_.clear();
}

std::size_t MapperTalk::stubs_held() const {
    std::size_t held = 0;
    for (const Call& call : calls_) held += call.stub.size();
    return held;
}
std::size_t MapperTalk::held() const { return requests_.held() + answers_.held() + stubs_held(); }

MapperTalk::Context* MapperTalk::context(std::uint16_t id) {
    const auto at = std::find_if(contexts_.begin(), contexts_.end(), [id](const Context& c) { return c.id == id; });
    return at == contexts_.end() ? nullptr : &*at;
}

// ---- the client's side ----

void MapperTalk::request(std::uint32_t sequence, base::ByteView payload, News& news) {
    if (gave_up_) return;
    requests_.add(sequence, payload);
    while (const auto pdu = requests_.pdus().next()) read_request(*pdu, news);
    if (requests_.lost()) give_up(requests_.pdus().broken() ? NotOpened::unreadable : NotOpened::out_of_order, news);
}

void MapperTalk::read_request(base::ByteView pdu, News& news) {
    const auto frame = rpc::frame(pdu);
    if (!frame) return;
    switch (frame->header.type) {
        case rpc::PduType::bind:
        case rpc::PduType::alter_context:
            if (const auto whole = rpc::parse(pdu)) {
                if (const auto* bind = std::get_if<rpc::Bind>(&whole->body)) read_bind(*frame, *bind);
                if (const auto* alter = std::get_if<rpc::AlterContext>(&whole->body)) read_bind(*frame, *alter);
            }
            break;
        case rpc::PduType::request:
            if (frame->header.flags.has(rpc::PduFlags::first)) read_call(*frame, news);
            break;
        default: break;
    }
}

void MapperTalk::read_bind(const rpc::PduFrame& frame, const rpc::Bind& bind) {
    Binding binding{.call = frame.header.call_id, .ids = {}};
    for (const rpc::ContextElement& element : bind.contexts) {
        const bool mapper = is_mapper(element.abstract_syntax);
        binds_others_ = binds_others_ || !mapper;
        binding.ids.push_back(element.id);
        Context* known = context(element.id);
        if (known == nullptr && contexts_.size() < contexts_max)
            contexts_.push_back({.id = element.id, .mapper = mapper});
        else if (known != nullptr && !known->accepted)
            known->mapper = mapper;  // a rejected number may be used again
    }
    if (bindings_.size() >= bindings_max) bindings_.erase(bindings_.begin());
    bindings_.push_back(std::move(binding));
}

void MapperTalk::read_call(const rpc::PduFrame& frame, News& news) {
    const auto request = rpc::parse_request(frame);
    if (!request) return;
    const Context* with = context(request->context_id);
    if (with == nullptr || !with->mapper) {
        if (!said_not_mapper_) news.silent.push_back({NotOpened::not_mapper, {}});
        said_not_mapper_ = true;
        return;
    }
    const bool lookup = request->opnum == rpc::epm_opnum::lookup;
    if (!lookup && request->opnum != rpc::epm_opnum::map) return;
    std::erase_if(calls_, [&](const Call& c) { return c.id == frame.header.call_id; });
    if (calls_.size() >= calls_max) calls_.erase(calls_.begin());
    calls_.push_back({.id = frame.header.call_id,
                      .context = request->context_id,
                      .lookup = lookup,
                      .interface = lookup ? rpc::Uuid{} : asked_for(frame, *request)});
}

// ---- the mapper's side ----

void MapperTalk::answer(std::uint32_t sequence, base::ByteView payload, bool follows_lookups, News& news) {
    if (gave_up_) return;
    answers_.add(sequence, payload);
    while (const auto pdu = answers_.pdus().next()) read_answer(*pdu, follows_lookups, news);
    if (answers_.lost()) give_up(answers_.pdus().broken() ? NotOpened::unreadable : NotOpened::out_of_order, news);
}

void MapperTalk::read_answer(base::ByteView pdu, bool follows_lookups, News& news) {
    const auto frame = rpc::frame(pdu);
    if (!frame) return;
    switch (frame->header.type) {
        case rpc::PduType::bind_ack:
        case rpc::PduType::alter_context_response:
            if (const auto whole = rpc::parse(pdu)) {
                if (const auto* ack = std::get_if<rpc::BindAck>(&whole->body)) read_bind_answer(*frame, *ack);
                if (const auto* answer = std::get_if<rpc::AlterContextResponse>(&whole->body))
                    read_bind_answer(*frame, *answer);
            }
            break;
        case rpc::PduType::response: read_response(*frame, follows_lookups, news); break;
        case rpc::PduType::fault:
            std::erase_if(calls_, [&](const Call& c) { return c.id == frame->header.call_id; });
            break;
        default: break;
    }
}

void MapperTalk::read_bind_answer(const rpc::PduFrame& frame, const rpc::BindAck& ack) {
    const auto asked = std::find_if(bindings_.begin(), bindings_.end(),
                                    [&](const Binding& b) { return b.call == frame.header.call_id; });
    if (asked == bindings_.end()) return;
    for (std::size_t i = 0; i < asked->ids.size() && i < ack.answers.size(); ++i)
        if (Context* one = context(asked->ids[i]))
            one->accepted = one->accepted || ack.answers[i].result == rpc::ContextResult::acceptance;
    bindings_.erase(asked);
}

void MapperTalk::read_response(const rpc::PduFrame& frame, bool follows_lookups, News& news) {
    const auto call =
        std::find_if(calls_.begin(), calls_.end(), [&](const Call& c) { return c.id == frame.header.call_id; });
    if (call == calls_.end()) return;
    const auto is_over = [&](std::optional<NotOpened> why) {
        if (why) news.silent.push_back({*why, call->interface});
        calls_.erase(call);
    };
    const Context* with = context(call->context);
    if (with == nullptr || !with->accepted) return is_over(NotOpened::not_mapper);
    if (frame.auth) return is_over(frame.auth->level >= privacy ? NotOpened::sealed : NotOpened::is_signed);
    if (call->lookup && !follows_lookups) {
        const bool said = said_lookup_;
        said_lookup_ = true;
        return is_over(said ? std::nullopt : std::optional(NotOpened::lookup));
    }
    const auto response = rpc::parse_response(frame);
    const bool first = frame.header.flags.has(rpc::PduFlags::first);
    if (first) {
        call->stub.clear();
        call->order = frame.header.drep.order();
    }
    if (!response || call->order != frame.header.drep.order()) return is_over(NotOpened::unreadable);
    if (stubs_held() + response->stub.size() > stub_max) return is_over(NotOpened::too_long);
    call->stub.insert(call->stub.end(), response->stub.begin(), response->stub.end());
    if (!frame.header.flags.has(rpc::PduFlags::last)) return;
    const Call whole = std::move(*call);
    calls_.erase(call);
    if (whole.lookup)
        read_lookup_answer(whole, news);
    else
        read_map_answer(whole, news);
}

void MapperTalk::read_map_answer(const Call& call, News& news) {
    const auto answer = rpc::parse_ept_map_response(call.stub, *call.order);
    if (!answer) {
        news.silent.push_back({NotOpened::unreadable, call.interface});
        return;
    }
    bool any = false;
    for (const rpc::Tower& tower : answer->towers) {
        if (answer->status != 0 || !tower.is_ncacn_ip_tcp() || tower.port == wire::Port{0}) continue;
        news.announced.push_back({tower, false});
        any = true;
    }
    if (!any) news.silent.push_back({NotOpened::no_endpoint, call.interface});
}

void MapperTalk::read_lookup_answer(const Call& call, News& news) {
    const auto answer = rpc::parse_ept_lookup_response(call.stub, *call.order);
    if (!answer) {
        news.silent.push_back({NotOpened::unreadable, {}});
        return;
    }
    for (const rpc::EptEntry& entry : answer->entries)
        if (entry.tower && entry.tower->is_ncacn_ip_tcp() && entry.tower->port != wire::Port{0})
            news.announced.push_back({*entry.tower, true});
}

}  // namespace sim::firewall
