#include "sim/firewall/inspector.hpp"

#include "sim/rpc/epm.hpp"
#include "sim/rpc/pdu.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

constexpr wire::Port mapper_port{135};
constexpr std::size_t calls_max = 16;
constexpr std::size_t stub_max = 65536;
constexpr std::uint8_t privacy = 6;  // auth level: the stub is sealed

}  // namespace

// ---- one direction ----

void StreamFollower::add(const wire::TcpHeader& tcp, base::ByteView payload) {
    const bool syn = tcp.flags.has(wire::TcpFlags::syn);
    if (syn) next_ = tcp.sequence + 1;
    if (payload.empty() || syn) return;
    if (!next_) next_ = tcp.sequence;  // picked up in the middle: hope that a PDU begins here
    if (!take(tcp.sequence, payload)) {
        if (early_.size() < early_max) early_.push_back({tcp.sequence, base::Bytes(payload.begin(), payload.end())});
        return;
    }
    for (std::size_t i = 0; i < early_.size();) {
        if (!take(early_[i].sequence, early_[i].octets)) {
            ++i;
            continue;
        }
        pdus_.keep();
        early_.erase(early_.begin() + static_cast<std::ptrdiff_t>(i));
        i = 0;
    }
}

// False when the octets lie beyond a gap.
bool StreamFollower::take(std::uint32_t sequence, base::ByteView octets) {
    const auto behind = static_cast<std::int32_t>(*next_ - sequence);
    if (behind < 0) return false;
    const auto known = static_cast<std::size_t>(behind);
    if (known >= octets.size()) return true;  // nothing new
    pdus_.keep();                             // the caller's octets die before the PDUs are read
    pdus_.feed(octets.subspan(known));
    pdus_.keep();
    *next_ += static_cast<std::uint32_t>(octets.size() - known);
    return true;
}

// ---- the inspector ----

void RpcInspector::observe(const wire::PacketView& packet, base::SimTime now, base::SimDuration timeout) {
    const wire::TcpHeader* tcp = packet.tcp();
    if (tcp == nullptr || (tcp->source != mapper_port && tcp->target != mapper_port)) return;
    const bool from_client = tcp->target == mapper_port;
    const wire::FlowKey flow = wire::flow_of(packet);
    const bool begins = from_client && tcp->flags.has(wire::TcpFlags::syn);
    Talk& talk = talk_of(from_client ? flow : wire::reversed(flow), begins);
    if (from_client) {
        talk.requests.add(*tcp, packet.payload);
        read_requests(talk);
    } else {
        talk.answers.add(*tcp, packet.payload);
        read_answers(talk, now, timeout);
    }
}

RpcInspector::Talk& RpcInspector::talk_of(const wire::FlowKey& flow, bool begins) {
    const auto known = std::find_if(talks_.begin(), talks_.end(), [&](const Talk& t) { return t.flow == flow; });
    if (known != talks_.end() && !begins) return *known;
    if (known != talks_.end()) talks_.erase(known);  // the same ports once more
    if (talks_.size() >= talks_max) talks_.erase(talks_.begin());
    talks_.emplace_back();
    talks_.back().flow = flow;
    return talks_.back();
}

void RpcInspector::read_requests(Talk& talk) {
    while (const auto pdu = talk.requests.pdus().next()) {
        const auto frame = rpc::frame(*pdu);
        if (!frame || frame->header.type != rpc::PduType::request || !frame->header.flags.has(rpc::PduFlags::first))
            continue;
        const auto request = rpc::parse_request(*frame);
        if (!request || request->opnum != rpc::epm_opnum::map) continue;
        if (talk.map_calls.size() >= calls_max) talk.map_calls.erase(talk.map_calls.begin());
        talk.map_calls.push_back(frame->header.call_id);
    }
}

void RpcInspector::read_answers(Talk& talk, base::SimTime now, base::SimDuration timeout) {
    while (const auto pdu = talk.answers.pdus().next()) read_answer(talk, *pdu, now, timeout);
}

void RpcInspector::read_answer(Talk& talk, base::ByteView pdu, base::SimTime now, base::SimDuration timeout) {
    const auto frame = rpc::frame(pdu);
    if (!frame || frame->header.type != rpc::PduType::response) return;
    if (frame->auth && frame->auth->level >= privacy) return;
    const auto call = std::find(talk.map_calls.begin(), talk.map_calls.end(), frame->header.call_id);
    const auto response = rpc::parse_response(*frame);
    if (call == talk.map_calls.end() || !response) return;
    if (frame->header.flags.has(rpc::PduFlags::first)) talk.stub.clear();
    if (talk.stub.size() + response->stub.size() > stub_max) return;
    talk.stub.insert(talk.stub.end(), response->stub.begin(), response->stub.end());
    if (!frame->header.flags.has(rpc::PduFlags::last)) return;
    talk.map_calls.erase(call);

    const auto answer = rpc::parse_ept_map_response(talk.stub, frame->header.drep.order());
    talk.stub.clear();
    if (!answer || answer->status != 0) return;
    for (const rpc::Tower& tower : answer->towers) {
        if (!tower.is_ncacn_ip_tcp() || tower.port == wire::Port{0}) continue;
        const bool names_host = tower.host != wire::IpAddress{};
        const wire::IpAddress host = names_host ? tower.host : talk.flow.target.address;
        open({talk.flow.source.address, {host, tower.port}, now + timeout}, now);
    }
}

void RpcInspector::open(const Pinhole& hole, base::SimTime now) {
    pinholes_.erase(std::remove_if(pinholes_.begin(), pinholes_.end(),
                                   [&](const Pinhole& p) {
                                       return p.expires <= now || (p.client == hole.client && p.server == hole.server);
                                   }),
                    pinholes_.end());
    if (pinholes_.size() >= pinholes_max) pinholes_.erase(pinholes_.begin());
    pinholes_.push_back(hole);
}

bool RpcInspector::opens(const wire::PacketView& packet, base::SimTime now) const {
    if (packet.tcp() == nullptr) return false;
    for (const Pinhole& hole : pinholes_) {
        if (hole.expires <= now) continue;
        if (packet.ip.source == hole.client && packet.target() == hole.server) return true;
        if (packet.ip.target == hole.client && packet.source() == hole.server) return true;
    }
    return false;
}

std::vector<Pinhole> RpcInspector::pinholes(base::SimTime now) const {
    std::vector<Pinhole> open;
    for (const Pinhole& hole : pinholes_)
        if (hole.expires > now) open.push_back(hole);
    return open;
}

void RpcInspector::forget() {
    talks_.clear();
    pinholes_.clear();
}

}  // namespace sim::firewall
