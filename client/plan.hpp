// What each action is made of, as data: the services it needs, in which order, and what is said to each.
//
// Order and calls: exchange-ports section 6 (directory before store is inferred from the event log of one logon in
// Q246248; the referral in front of both from Exchange 2000 on). The Administrator program is taken to log on to the
// directory as Outlook does and then to open the attendant's public interface (likely; Q240859 says only that it
// hangs without the attendant's port); what it says there is not documented, so the accepted bind is the proof.
#pragma once

#include "client/calls.hpp"
#include "client/config.hpp"
#include "sim/rpc/interfaces.hpp"

#include <array>
#include <span>

namespace client {

struct Leg {
    Phase service = Phase::directory;
    sim::rpc::SyntaxId interface;
    std::span<const Call> calls;  // behind the bind; empty: the bind is all
    bool stays_open = false;      // part of the kept session when the action is a logon
};

namespace plan {

inline constexpr std::array lookup_calls{Call::ept_map};
inline constexpr std::array referral_calls{Call::rfr_get_new_dsa};
inline constexpr std::array directory_calls{Call::nspi_bind, Call::nspi_update_stat};
inline constexpr std::array mailbox_calls{Call::ec_do_connect, Call::ec_do_rpc, Call::ec_r_register_push_notification};
inline constexpr std::array folder_calls{Call::ec_do_connect, Call::ec_do_rpc};
inline constexpr std::array use_calls{Call::ec_do_rpc};

inline constexpr Leg referral{Phase::attendant, sim::rpc::rfr_interface, referral_calls, false};
inline constexpr Leg directory{Phase::directory, sim::rpc::nspi_interface, directory_calls, true};
inline constexpr Leg mailbox{Phase::information_store, sim::rpc::emsmdb_interface, mailbox_calls, true};
inline constexpr Leg folders{Phase::information_store, sim::rpc::emsmdb_interface, folder_calls, false};
inline constexpr Leg administration{Phase::attendant, sim::rpc::sa_public_interface, {}, false};

inline constexpr std::array logon_55{directory, mailbox};
inline constexpr std::array logon_2000{referral, directory, mailbox};
inline constexpr std::array check_name_55{directory};
inline constexpr std::array check_name_2000{referral, directory};
inline constexpr std::array admin{directory, administration};
inline constexpr std::array public_folders{folders};  // once for each server

}  // namespace plan

// The legs of an action; empty for new_mail and use, which open nothing.
constexpr std::span<const Leg> legs_of(Do action, Generation generation) {
    const bool old = generation == Generation::exchange_55;
    switch (action) {
        case Do::logon: return old ? std::span<const Leg>(plan::logon_55) : plan::logon_2000;
        case Do::check_name: return old ? std::span<const Leg>(plan::check_name_55) : plan::check_name_2000;
        case Do::admin: return plan::admin;
        case Do::public_folders: return plan::public_folders;
        case Do::new_mail:
        case Do::use: break;
    }
    return {};
}

}  // namespace client
