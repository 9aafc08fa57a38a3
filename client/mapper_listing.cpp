#include "client/mapper_listing.hpp"

#include "sim/rpc/status.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>
#include <variant>

namespace client {

namespace actor = sim::actor;
namespace rpc = sim::rpc;

namespace {
constexpr actor::ConnectionId connection{2};
constexpr actor::TimerId reply_timer{1};
// What impacket asks for, and the most that the range of the argument allows.
constexpr std::uint32_t page_size = rpc::epm_max_entries;
}  // namespace

void MapperListing::handle(const actor::Event& event, sim::base::SimTime, actor::Actions& out) {
    if (state_ != State::working) return;
    if (std::holds_alternative<actor::Started>(event)) {
        out.emplace_back(actor::Connect{.connection = connection, .target = mapper_});
    } else if (const auto* failed = std::get_if<actor::ConnectFailed>(&event)) {
        connect_error_ = failed->error;
        end(State::not_connected, "the connection was not made", out);
    } else if (std::holds_alternative<actor::Connected>(event)) {
        send(session_.bind(), out);
    } else if (const auto* received = std::get_if<actor::Received>(&event)) {
        sim::base::ByteView octets = received->octets;
        while (state_ == State::working) {
            const auto outcome = session_.feed(octets);
            if (!outcome) break;
            octets = {};
            take(*outcome, out);
        }
    } else if (std::holds_alternative<actor::TimerFired>(event)) {
        end(State::failed, "the connection stands, but the answer never came", out);
    } else if (std::holds_alternative<actor::PeerClosed>(event) || std::holds_alternative<actor::Reset>(event)) {
        const auto outcome = session_.closed();
        end(State::failed, outcome ? rpc::describe(*outcome) : "the server closed the connection", out);
    }
}

void MapperListing::take(const rpc::ClientOutcome& outcome, actor::Actions& out) {
    if (std::holds_alternative<rpc::BindAccepted>(outcome))
        ask(out);
    else if (const auto* page = std::get_if<rpc::CallDone>(&outcome))
        take_page(*page, out);
    else
        end(State::failed, rpc::describe(outcome), out);
}

void MapperListing::take_page(const rpc::CallDone& page, actor::Actions& out) {
    auto answer = rpc::parse_ept_lookup_response(page.stub, page.order);
    if (!answer) return end(State::failed, "the list makes no sense: " + rpc::format(answer.error()), out);
    // Samba says "no more" with the last entries, Windows behind them.
    const bool last = answer->status == rpc::status::ept_not_registered;
    if (answer->status != rpc::status::ok && !last)
        return end(State::failed, "the mapper answered " + rpc::format_status(answer->status), out);
    const bool empty = answer->entries.empty();
    std::move(answer->entries.begin(), answer->entries.end(), std::back_inserter(entries_));
    if (last || empty || answer->entry_handle.is_null()) return end(State::complete, {}, out);
    if (entries_.size() >= entries_max)
        return end(State::failed, fmt::format("the list does not end: stopped after {} entries", entries_.size()), out);
    request_.entry_handle = answer->entry_handle;
    ask(out);
}

void MapperListing::ask(actor::Actions& out) {
    request_.max_entries = page_size;
    sim::base::Bytes stub;
    rpc::NdrWriter writer(stub);
    rpc::emit(writer, request_);
    send(session_.request(rpc::epm_opnum::lookup, stub), out);
}

void MapperListing::end(State state, std::string problem, actor::Actions& out) {
    state_ = state;
    problem_ = std::move(problem);
    out.emplace_back(actor::CancelTimer{reply_timer});
    out.emplace_back(actor::Close{connection});
}

// Each answer has the whole time; a server that merely trickles octets does not count as answering.
void MapperListing::send(sim::base::Bytes octets, actor::Actions& out) {
    out.emplace_back(actor::Send{.connection = connection, .octets = std::move(octets)});
    out.emplace_back(actor::SetTimer{.timer = reply_timer, .after = reply_timeout_});
}

}  // namespace client
