// The words in which a rehearsal speaks of a mail client: what it was asked to do, how far it came, and what
// stopped it. Closed enums with one id each; the ids are the ones of scenario files and of every report, so
// `parse_*(id(x)) == x` for all of them and an id never changes its meaning.
//
// Not here: sentences for people (client/message.hpp, client/explain.hpp) and numbers on the wire (sim/rpc).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace client {

// What the user does. `use` is not an entry of a scenario's `do`: it is the step in which a kept session sends.
enum class Do : std::uint8_t { logon, check_name, new_mail, admin, public_folders, use };

// The service that could not be reached; `endpoint_mapper` only when port 135 itself could not be reached or
// used. When the mapper answered that a service has no endpoint, the phase is that service's.
enum class Phase : std::uint8_t { name, endpoint_mapper, directory, information_store, attendant };

// How far the conversation with that service had come.
enum class Stage : std::uint8_t {
    resolve,         // the server's name
    lookup_connect,  // TCP to port 135
    lookup_bind,     // 135 accepted the connection, not the endpoint mapper's interface
    lookup_call,     // bound, but the lookup itself was not answered properly
    lookup_answer,   // the mapper answered: no such endpoint (1753), or nothing that can be used
    connect,         // TCP to the port the mapper named; with named pipes, TCP to 445 or 139
    bind,            // the service's port accepted the connection, not its interface
    call,            // bound, but a call failed
    session,         // the kept connection had died before anything was sent on it
    notice,          // the new-mail notice by UDP
};

enum class Cause : std::uint8_t {
    not_resolved,        // the name has no address
    timed_out,           // nobody answered the connect attempt (Winsock 10060)
    refused,             // reset by the port (10061)
    unreachable,         // the network said so (10065)
    no_resources,        // no local port left (10055)
    not_registered,      // the mapper knows no endpoint of that service (1753)
    bind_nak,            // the bind was refused as a whole
    interface_rejected,  // bound, but this port does not serve the interface (or not in NDR): a wrong port
    fault,               // the server answered a call with a fault
    service_error,       // the call was answered, with an error code of the service's own
    reset,               // an established connection was reset, or its peer stopped answering
    closed_early,        // the server closed the connection although an answer was due
    no_answer,           // the connection stands, the answer never came
    protocol_error,      // what came is not DCE/RPC, or an answer that makes no sense
    pipes_not_usable,    // 445 or 139 accepted the connection, but no pipe session is to be had there
    no_session,          // nothing is logged on
    no_notice,           // no UDP notice came while the client waited
};

// RPC protocol sequences of the binding order; others of the real list (SPX, NetBIOS, VINES) need networks that
// are not rehearsed here.
enum class Transport : std::uint8_t { ncacn_ip_tcp, ncacn_np };

inline constexpr std::array all_do{Do::logon, Do::check_name, Do::new_mail, Do::admin, Do::public_folders, Do::use};
inline constexpr std::array all_phases{Phase::name, Phase::endpoint_mapper, Phase::directory, Phase::information_store,
                                       Phase::attendant};
inline constexpr std::array all_stages{
    Stage::resolve, Stage::lookup_connect, Stage::lookup_bind, Stage::lookup_call, Stage::lookup_answer,
    Stage::connect, Stage::bind,           Stage::call,        Stage::session,     Stage::notice};
inline constexpr std::array all_causes{Cause::not_resolved,
                                       Cause::timed_out,
                                       Cause::refused,
                                       Cause::unreachable,
                                       Cause::no_resources,
                                       Cause::not_registered,
                                       Cause::bind_nak,
                                       Cause::interface_rejected,
                                       Cause::fault,
                                       Cause::service_error,
                                       Cause::reset,
                                       Cause::closed_early,
                                       Cause::no_answer,
                                       Cause::protocol_error,
                                       Cause::pipes_not_usable,
                                       Cause::no_session,
                                       Cause::no_notice};
inline constexpr std::array all_transports{Transport::ncacn_ip_tcp, Transport::ncacn_np};

// "check-name", "endpoint-mapper", "lookup-answer", "timed-out", "ncacn_ip_tcp"
std::string_view id(Do what);
std::string_view id(Phase phase);
std::string_view id(Stage stage);
std::string_view id(Cause cause);
std::string_view id(Transport transport);

std::optional<Do> parse_do(std::string_view id);
std::optional<Phase> parse_phase(std::string_view id);
std::optional<Stage> parse_stage(std::string_view id);
std::optional<Cause> parse_cause(std::string_view id);
std::optional<Transport> parse_transport(std::string_view id);

// As people write it in a sentence: "Check Name", "the endpoint mapper", "the Directory".
std::string_view name_of(Do what);
std::string_view name_of(Phase phase);

}  // namespace client
