// Endpoint mappers end their lists in different ways; the reader takes every entry from each of them, and stops.
#include "client/mapper_listing.hpp"

#include "client/port_check.hpp"
#include "sim/rpc/server_session.hpp"
#include "sim/rpc/status.hpp"

#include <boost/test/unit_test.hpp>

using namespace sim;
using client::MapperListing;

namespace {

// Answers page after page as it is told.
class Pages final : public rpc::InterfaceServer {
public:
    explicit Pages(std::vector<rpc::EptLookupResponse> pages) : pages_(std::move(pages)) {}
    rpc::SyntaxId id() const override { return rpc::epm_interface; }
    rpc::CallAnswer call(const rpc::Call&, rpc::NdrWriter& response) override {
        ++asked;
        // The last page is said again and again, as a server that never ends would.
        emit(response, pages_[std::min(asked - 1, pages_.size() - 1)]);
        return rpc::Done{};
    }
    std::size_t asked = 0;

private:
    std::vector<rpc::EptLookupResponse> pages_;
};

rpc::EptLookupResponse page(std::size_t entries, bool handle, std::uint32_t status) {
    rpc::EptLookupResponse answer;
    base::Random random(1);
    if (handle) answer.entry_handle = {0, rpc::random_uuid(random)};
    for (std::size_t i = 0; i < entries; ++i)
        answer.entries.push_back({{}, rpc::Tower{.interface = rpc::nspi_interface, .port = wire::Port{1236}}, "one"});
    answer.status = status;
    return answer;
}

// Plays both sides until the actor has nothing more to say.
void converse(MapperListing& listing, Pages& pages) {
    rpc::InterfaceSet interfaces{&pages};
    rpc::AssociationGroups groups{base::Random(1)};
    rpc::ServerSession session(interfaces, groups, {}, {});
    actor::Actions actions;
    listing.handle(actor::Started{}, {}, actions);
    actions.clear();
    listing.handle(actor::Connected{.connection = {2}, .local = {}, .peer = {}}, {}, actions);
    while (!actions.empty()) {
        base::Bytes sent;
        for (auto& action : actions)
            if (const auto* send = std::get_if<actor::Send>(&action))
                sent.insert(sent.end(), send->octets.begin(), send->octets.end());
        actions.clear();
        if (sent.empty()) break;
        const auto answer = session.feed(sent);
        listing.handle(actor::Received{.connection = {2}, .octets = answer.octets}, {}, actions);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mapper_listing)

BOOST_AUTO_TEST_CASE(every_way_to_end) {
    constexpr std::uint32_t ok = 0, no_more = rpc::status::ept_not_registered;
    struct Row {
        const char* name;
        std::vector<rpc::EptLookupResponse> pages;
        std::size_t entries;
        std::size_t asked;
        MapperListing::State state;
    };
    using State = MapperListing::State;
    const Row rows[]{
        {"Windows: a NULL handle", {page(3, false, ok)}, 3, 1, State::complete},
        {"Samba: no more, with the last entries", {page(3, false, no_more)}, 3, 1, State::complete},
        {"no more, behind a full page", {page(3, true, ok), page(0, false, no_more)}, 3, 2, State::complete},
        {"several pages", {page(2, true, ok), page(2, true, ok), page(1, false, ok)}, 5, 3, State::complete},
        {"an empty page with a live handle", {page(2, true, ok), page(0, true, ok)}, 2, 2, State::complete},
        {"nothing registered", {page(0, false, no_more)}, 0, 1, State::complete},
        {"another status", {page(2, true, ok), page(0, false, 0x6d8)}, 2, 2, State::failed},
        {"without end", {page(400, true, ok)}, MapperListing::entries_max, 25, State::failed},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
            Pages pages(row.pages);
            MapperListing listing({});
            converse(listing, pages);
            BOOST_TEST((listing.state() == row.state), listing.problem());
            BOOST_TEST(listing.entries().size() == row.entries);
            BOOST_TEST(pages.asked == row.asked);
        }
}

BOOST_AUTO_TEST_CASE(every_way_to_fail) {
    struct Row {
        const char* name;
        std::vector<actor::Event> events;
        MapperListing::State state;
    };
    const base::Bytes nonsense{'S', 'S', 'H', '-', '2'};
    using State = MapperListing::State;
    const Row rows[]{
        {"refused", {actor::ConnectFailed{{2}, actor::ConnectError::refused}}, State::not_connected},
        {"nonsense", {actor::Connected{{2}, {}, {}}, actor::Received{{2}, nonsense}}, State::failed},
        {"closed", {actor::Connected{{2}, {}, {}}, actor::PeerClosed{{2}}}, State::failed},
        {"reset", {actor::Connected{{2}, {}, {}}, actor::Reset{{2}}}, State::failed},
        {"silence", {actor::Connected{{2}, {}, {}}, actor::TimerFired{{1}}}, State::failed},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
            MapperListing listing({});
            actor::Actions actions;
            listing.handle(actor::Started{}, {}, actions);
            for (const auto& event : row.events) listing.handle(event, {}, actions);
            BOOST_TEST((listing.state() == row.state));
            BOOST_TEST(!listing.problem().empty());
        }
}

BOOST_AUTO_TEST_CASE(ports_are_told_apart_and_never_too_many_at_once) {
    std::vector<wire::Port> wanted;
    for (std::uint16_t p = 1; p <= 200; ++p) wanted.emplace_back(p);
    client::PortCheck check({}, wanted);
    actor::Actions actions;
    check.handle(actor::Started{}, {}, actions);
    std::vector<actor::Connect> waiting;
    const auto take = [&] {
        for (const auto& action : actions)
            if (const auto* connect = std::get_if<actor::Connect>(&action)) waiting.push_back(*connect);
        actions.clear();
    };
    take();
    while (!waiting.empty()) {
        BOOST_TEST(waiting.size() <= client::PortCheck::at_once_max);
        const actor::Connect one = waiting.back();
        waiting.pop_back();
        if (one.target.port.value % 3 == 0)
            check.handle(actor::Connected{one.connection, {}, {}}, {}, actions);
        else
            check.handle(actor::ConnectFailed{one.connection,
                                              one.target.port.value % 3 != 1   ? actor::ConnectError::timed_out
                                              : one.target.port.value % 2 == 0 ? actor::ConnectError::refused
                                                                               : actor::ConnectError::unreachable},
                         {}, actions);
        take();
    }
    BOOST_TEST(check.done());
    const client::PortState states[]{client::PortState::listening, client::PortState::not_listening,
                                     client::PortState::filtered};
    for (const auto& checked : check.ports()) BOOST_TEST((checked.state == states[checked.port.value % 3]));
}

BOOST_AUTO_TEST_SUITE_END()
