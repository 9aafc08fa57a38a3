// One connection to an endpoint mapper, read from the middle: what its answers announce, and why others announce
// nothing (dcerpc-epm, sections 2-8).
//
// Read are binds and alter_contexts with their answers, calls of ept_map and ept_lookup on contexts that were accepted
// for the mapper's interface, and their responses: several PDUs in a segment, one PDU in many, fragments, both byte
// orders, several towers. What is sealed or signed is not read. Once something cannot be followed, the rest of the
// connection is not looked at.
#pragma once

#include "sim/firewall/inspection.hpp"
#include "sim/firewall/stream_follower.hpp"
#include "sim/rpc/pdu.hpp"
#include "sim/rpc/tower.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sim::firewall {

class MapperTalk {
public:
    // The sequence numbers of the first octets of either side.
    MapperTalk(std::uint32_t client_next, std::uint32_t server_next) : requests_(client_next), answers_(server_next) {}

    struct News {
        struct Announced {
            rpc::Tower tower;
            bool lookup = false;  // by ept_lookup
        };
        struct Silent {  // an answer that announces nothing to follow
            NotOpened why{};
            rpc::Uuid interface {};  // nil when not known
        };
        std::vector<Announced> announced;
        std::vector<Silent> silent;
    };
    void request(std::uint32_t sequence, base::ByteView payload, News& news);
    // `follows_lookups`: else their answers are not even read.
    void answer(std::uint32_t sequence, base::ByteView payload, bool follows_lookups, News& news);

    // Whether somebody bound another interface than the mapper's.
    bool binds_others() const { return binds_others_; }
    // Whether a SYN-ACK with this number is the one that began it.
    bool began_with(std::uint32_t server_next) const { return answers_.first() == server_next; }
    std::size_t held() const;
    // Nothing more is read of it; said once.
    void give_up(NotOpened why, News& news);

private:
    struct Context {
        std::uint16_t id = 0;
        bool mapper = false;
        bool accepted = false;
    };
    struct Binding {  // waits for its answer
        std::uint32_t call = 0;
        std::vector<std::uint16_t> ids;
    };
    struct Call {
        std::uint32_t id = 0;
        std::uint16_t context = 0;
        bool lookup = false;
        rpc::Uuid interface {};  // asked for, when the request can be read
        base::Bytes stub{};      // of an answer whose last fragment has not come yet
        std::optional<rpc::ByteOrder> order{};
    };
    static constexpr std::size_t contexts_max = 64;
    static constexpr std::size_t bindings_max = 8;
    static constexpr std::size_t calls_max = 16;
    static constexpr std::size_t stub_max = 65536;  // of all calls together

    void read_request(base::ByteView pdu, News& news);
    void read_bind(const rpc::PduFrame& frame, const rpc::Bind& bind);
    void read_call(const rpc::PduFrame& frame, News& news);
    void read_answer(base::ByteView pdu, bool follows_lookups, News& news);
    void read_bind_answer(const rpc::PduFrame& frame, const rpc::BindAck& ack);
    void read_response(const rpc::PduFrame& frame, bool follows_lookups, News& news);
    void read_map_answer(const Call& call, News& news);
    void read_lookup_answer(const Call& call, News& news);
    Context* context(std::uint16_t id);
    std::size_t stubs_held() const;

    StreamFollower requests_;
    StreamFollower answers_;
    std::vector<Context> contexts_;
    std::vector<Binding> bindings_;
    std::vector<Call> calls_;
    bool binds_others_ = false;
    bool gave_up_ = false;
    bool said_not_mapper_ = false;
    bool said_lookup_ = false;
};

}  // namespace sim::firewall
