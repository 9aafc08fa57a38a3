// Outcomes in sentences, for text reports, the ladder and the log. Pure functions; statements that rest on an
// inference carry the word "likely".
#pragma once

#include "client/outcome.hpp"

#include <string>

namespace client {

// "directory: no answer to the connect attempt (RPC 1722, Winsock 10060)"
std::string describe(const Failure& failure);

// "TCP 10.0.0.10:135, endpoint mapper for the Directory: answered after 0.020 s"
std::string describe(const PhaseRecord& record);

// "logon works", "logon works, degraded: named pipes, 42 s lost", "logon fails at directory after 21 s: ..."
std::string summary(const ActionOutcome& outcome);

// The whole story: the summary, one line for each conversation, the message and where it is documented.
std::string story(const ActionOutcome& outcome);

}  // namespace client
