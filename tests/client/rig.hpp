// A stage for one client: an honest Exchange server in a few lines, which a test can make fail in any way at any
// step. Steps are what the client does towards the server, in order: each connect and each PDU sent.
#pragma once

#include "client/outlook.hpp"
#include "sim/rpc/pdu.hpp"
#include "sim/rpc/tower.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rig {

using namespace std::chrono_literals;
namespace actor = sim::actor;
namespace base = sim::base;
namespace wire = sim::wire;

inline constexpr wire::IpAddress server = wire::IpAddress::v4(10, 0, 0, 10);
inline constexpr wire::IpAddress folder_server = wire::IpAddress::v4(10, 0, 0, 11);
inline constexpr wire::IpAddress client_address = wire::IpAddress::v4(192, 0, 2, 50);
inline constexpr wire::Port directory_port{1031}, store_port{1032}, attendant_port{1033}, udp_port{3456};

// How a step may go wrong.
enum class Mishap : std::uint8_t {
    timed_out,
    refused,
    unreachable,
    no_resources,  // a connect
    reset,
    closed,
    garbage,
    fault,
    silence,  // an answer, whatever it is
    half_an_answer,
    foreign_call_id,
    short_answer,
    error_code,
    nak,
    rejection,  // an answer to a bind
};
inline constexpr std::array connect_mishaps{Mishap::timed_out, Mishap::refused, Mishap::unreachable,
                                            Mishap::no_resources};
inline constexpr std::array answer_mishaps{Mishap::reset,          Mishap::closed,  Mishap::garbage,
                                           Mishap::fault,          Mishap::silence, Mishap::half_an_answer,
                                           Mishap::foreign_call_id};
inline constexpr std::array call_mishaps{Mishap::short_answer, Mishap::error_code};
inline constexpr std::array bind_mishaps{Mishap::nak, Mishap::rejection};
const char* name(Mishap mishap);

struct Step {
    enum class Kind : std::uint8_t { connect, bind, call } kind = Kind::connect;
    wire::Endpoint target;
    std::uint16_t opnum = 0;
};
// "connect 10.0.0.10:135", "bind 10.0.0.10:1031", "call 0 10.0.0.10:1031"
std::string describe(const Step& step);

struct Server {
    std::size_t mishap_at = SIZE_MAX;  // the step that goes wrong
    Mishap mishap = Mishap::reset;
    std::map<wire::Endpoint, actor::ConnectError> unreachable{};  // connects to these always fail
    std::optional<std::vector<sim::rpc::Tower>> towers{};         // the mapper's answer to everything
    std::uint32_t map_status = 0;
    bool map_handle = false;  // the mapper says that it has more to give
    bool big_endian = false;
    std::size_t piece = SIZE_MAX;                   // octets of one Received
    std::optional<base::SimDuration> mail_after{};  // a notice this long after the registration
    std::function<void(base::Bytes&)> tamper{};     // with every answer
};

class Rig {
public:
    explicit Rig(client::OutlookConfig config, Server how = {});

    // Starts, and plays until the client is idle (or nothing is left that could happen).
    void play();
    // One event from outside, then as above.
    void play(const actor::Event& event);
    void request(client::Do action);
    // Happens next, before anything that is already on its way.
    void interrupt(const actor::Event& event) { later_.push_front({event, {}, 0s}); }
    void wait(base::SimDuration time) { now_ += time; }

    const client::ActionOutcome& outcome(std::size_t index = 0) const;
    const client::Outlook& client() const { return client_; }
    base::SimTime now() const { return now_; }
    const std::vector<Step>& steps() const { return steps_; }
    const std::vector<actor::Action>& actions() const { return actions_; }
    std::size_t open_connections() const;                      // that the client has not closed
    actor::ConnectionId connection_to(wire::Port port) const;  // the latest
    Server server;
    base::Bytes trickle;  // sent one octet every ten seconds where a mishap is silence

private:
    struct Peer {
        wire::Endpoint target;
        bool open = true;
    };

    void deliver(const actor::Event& event);
    void run();
    void carry_out(const actor::Action& action);
    void on(const actor::Connect& action);
    void on(const actor::Send& action);
    void answer(actor::ConnectionId connection, base::ByteView pdu);
    base::Bytes honest_answer(const sim::rpc::Pdu& pdu, const wire::Endpoint& target, std::optional<Mishap> mishap);
    base::Bytes stub_for(std::uint16_t opnum, const wire::Endpoint& target, base::ByteView request);
    void reply(actor::ConnectionId connection, base::Bytes octets);
    std::optional<Mishap> mishap_here();

    struct Later {  // an event that is to come, with the octets it points into
        actor::Event event;
        base::Bytes octets;
        base::SimDuration after{10ms};
    };

    client::Outlook client_;
    base::SimTime now_{};
    std::map<std::uint32_t, Peer> peers_;
    std::map<std::uint32_t, base::SimTime> timers_;
    std::deque<Later> later_;
    std::optional<std::pair<base::SimTime, base::Bytes>> notice_;
    std::vector<Step> steps_;
    std::vector<actor::Action> actions_;
};

client::OutlookConfig config(std::vector<client::Do> actions = {client::Do::logon});

}  // namespace rig
