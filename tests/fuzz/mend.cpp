// Any rule file under mending: an answer in words, or a text that does what was asked and asks for nothing more.
#include "sim/firewall/mend.hpp"

#include <cstdlib>

using namespace sim;

namespace {

firewall::NeededFlow flow(wire::Protocol protocol, firewall::Side from, std::uint16_t first, std::uint16_t last) {
    firewall::NeededFlow needed;
    needed.protocol = protocol;
    needed.from = from;
    needed.client = wire::IpAddress::v4(192, 0, 2, 50);
    needed.clients = wire::Prefix::host(needed.client);
    needed.server = wire::IpAddress::v4(10, 0, 0, 10);
    needed.ports = {{wire::Port{first}, wire::Port{last}}};
    needed.note = "a \"service\"";
    return needed;
}

void mend_twice(const base::Result<firewall::MendedRules, std::string>& once, const firewall::MendTask& task,
                base::Result<firewall::MendedRules, std::string> (*again)(const std::string&,
                                                                          const firewall::MendTask&)) {
    if (!once) {
        if (once.error().empty()) std::abort();
        return;
    }
    const auto twice = again(once->text, task);
    if (!twice || twice->text != once->text || !twice->edits.empty()) std::abort();
}

base::Result<firewall::MendedRules, std::string> native(const std::string& text, const firewall::MendTask& task) {
    return firewall::mend_native({}, base::SourceText("f", text), task);
}
template <firewall::ImportFormat format>
base::Result<firewall::MendedRules, std::string> foreign(const std::string& text, const firewall::MendTask& task) {
    return firewall::mend_import(base::SourceText("f", text), format, {}, task);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t enough = 4096;  // mending reads a text many times over
    if (size > enough) return 0;
    const std::string text(reinterpret_cast<const char*>(data), size);
    firewall::MendTask task;
    task.needed = {flow(wire::Protocol::tcp, firewall::Side::client, 135, 135),
                   flow(wire::Protocol::tcp, firewall::Side::client, 5001, 5002),
                   flow(wire::Protocol::udp, firewall::Side::server, 1024, 65535)};
    for (const bool close : {false, true}) {
        task.close_excess = close;
        mend_twice(native(text, task), task, native);
        mend_twice(foreign<firewall::ImportFormat::iptables>(text, task), task,
                   foreign<firewall::ImportFormat::iptables>);
        mend_twice(foreign<firewall::ImportFormat::cisco_ios>(text, task), task,
                   foreign<firewall::ImportFormat::cisco_ios>);
        mend_twice(foreign<firewall::ImportFormat::nft>(text, task), task, foreign<firewall::ImportFormat::nft>);
    }
    return 0;
}
