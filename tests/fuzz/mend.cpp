// Any rule file under mending: an answer in words, or a text that does what was asked and asks for nothing more.
#include "sim/firewall/mend/mend.hpp"

#include <cstdlib>

using namespace sim;

namespace {

firewall::mend::NeededFlow flow(wire::Protocol protocol, firewall::Side from, std::uint16_t first, std::uint16_t last) {
    firewall::mend::NeededFlow needed;
    needed.protocol = protocol;
    needed.from = from;
    needed.client = wire::IpAddress::v4(192, 0, 2, 50);
    needed.clients = wire::Prefix::host(needed.client);
    needed.server = wire::IpAddress::v4(10, 0, 0, 10);
    needed.ports = {{wire::Port{first}, wire::Port{last}}};
    needed.note = "a \"service\"";
    return needed;
}

void mend_twice(const base::Result<firewall::mend::MendedRules, std::string>& once,
                const firewall::mend::MendTask& task,
                base::Result<firewall::mend::MendedRules, std::string> (*again)(const std::string&,
                                                                                const firewall::mend::MendTask&)) {
    if (!once) {
        if (once.error().empty()) std::abort();
        return;
    }
    const auto twice = again(once->text, task);
    if (!twice || twice->text != once->text || !twice->edits.empty()) std::abort();
}

base::Result<firewall::mend::MendedRules, std::string> native(const std::string& text,
                                                              const firewall::mend::MendTask& task) {
    return firewall::mend::mend_native({}, base::SourceText("f", text), task);
}
template <firewall::import::ImportFormat format>
base::Result<firewall::mend::MendedRules, std::string> foreign(const std::string& text,
                                                               const firewall::mend::MendTask& task) {
    return firewall::mend::mend_import(base::SourceText("f", text), format, {}, task);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t enough = 4096;  // mending reads a text many times over
    if (size > enough) return 0;
    const std::string text(reinterpret_cast<const char*>(data), size);
    firewall::mend::MendTask task;
    task.needed = {flow(wire::Protocol::tcp, firewall::Side::client, 135, 135),
                   flow(wire::Protocol::tcp, firewall::Side::client, 5001, 5002),
                   flow(wire::Protocol::udp, firewall::Side::server, 1024, 65535)};
    for (const bool close : {false, true}) {
        task.close_excess = close;
        mend_twice(native(text, task), task, native);
        mend_twice(foreign<firewall::import::ImportFormat::iptables>(text, task), task,
                   foreign<firewall::import::ImportFormat::iptables>);
        mend_twice(foreign<firewall::import::ImportFormat::cisco_ios>(text, task), task,
                   foreign<firewall::import::ImportFormat::cisco_ios>);
        mend_twice(foreign<firewall::import::ImportFormat::cisco_asa>(text, task), task,
                   foreign<firewall::import::ImportFormat::cisco_asa>);
        mend_twice(foreign<firewall::import::ImportFormat::nft>(text, task), task,
                   foreign<firewall::import::ImportFormat::nft>);
    }
    return 0;
}
