// Everything a fake Outlook is told before it starts. Plain data, no defaults hidden elsewhere.
#pragma once

#include "client/vocabulary.hpp"
#include "sim/base/time.hpp"
#include "sim/wire/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace client {

// Exchange 4.0, 5.0 and 5.5 keep a directory of their own; from 2000 on the System Attendant refers the client
// to one first (RFR), and the lookups are three instead of two.
enum class Generation : std::uint8_t { exchange_55, exchange_2000 };

// Decides only which port carries named pipes: 139 on NT 4 and Windows 9x, 445 and then 139 from Windows 2000
// on. How long a connect attempt takes belongs to the host the client runs on, not to the client.
enum class ClientWindows : std::uint8_t { nt4, windows_2000 };

struct KnownPort {
    Phase service = Phase::directory;
    sim::wire::Port port;
    bool operator==(const KnownPort&) const = default;
};

struct OutlookConfig {
    sim::wire::IpAddress server;
    // The other servers of `public-folders`; all of them must be reached. Empty: the folders live on `server`.
    std::vector<sim::wire::IpAddress> public_folder_servers;
    Generation generation = Generation::exchange_55;
    ClientWindows windows = ClientWindows::windows_2000;

    std::vector<Do> actions{Do::logon};  // performed in this order, one after the other
    // Each protocol is tried to its own time-out before the next (Q136516). Must not be empty.
    std::vector<Transport> binding_order{Transport::ncacn_ip_tcp};
    // False: the name has no address and every action fails at once. The 100 s that a dead DNS server costs
    // (Q155048) are another matter and not modelled.
    bool resolves = true;
    // Whether the server's services answer on named pipes to this user. A pipe session is modelled as the
    // accepted TCP connection to 445 or 139: SMB itself is not spoken. False: such a connection leads nowhere.
    bool pipes_usable = false;
    // True: the connections of a working logon stay open after the last action, for `use`. False: they are
    // closed when the last action is over.
    bool keep_session = false;

    sim::wire::Port mapper_port{135};
    // Services whose port the client knows from elsewhere (a profile: KB833799 for Outlook 2003) and never asks for.
    std::vector<KnownPort> known_ports;
    // True: the client asks once for each service of a server and then goes to the port that it learned, as a resolved
    // RPC binding does (likely). A connect that fails makes it ask again the next time.
    bool remembers_ports = false;
    // The mapper is asked under packet privacy (sim/rpc/sealing.hpp), as later Windows can be told to do (likely).
    bool seals_mapper = false;
    // How long an answer is waited for on a connection that stands. Windows' runtime by itself waits without
    // limit; a minute is our figure (likely), longer than TCP takes to give up on a peer that is gone.
    sim::base::SimDuration reply_timeout = std::chrono::seconds(60);
    // How long `new-mail` waits for a notice: the server repeats it every 60 s (Q159302), so two and a half
    // minutes forgive two lost packets.
    sim::base::SimDuration notice_wait = std::chrono::seconds(150);
    // Notes for the ladder and the log; sweeps switch them off, they are the only text on the way.
    bool narrate = true;
};

}  // namespace client
