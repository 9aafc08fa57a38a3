// Any text as cases, as packets by hand and as a box: nothing crashes, every case gives one line a step or one error,
// and a packet that is taken is a packet.
#include "scenarios/cases/packet_line.hpp"
#include "scenarios/cases/stream.hpp"
#include "sim/wire/packet.hpp"

#include <cstdlib>
#include <sstream>
#include <string>

using namespace scenarios::cases;

namespace {

const Interfaces& box() {
    static const Interfaces interfaces = *read_box(
        R"({"interfaces":[{"name":"eth0","addresses":["198.51.100.1/24","2001:db8:a::1/64"],"default_route":true},
            {"name":"eth1","addresses":["10.1.0.1/16"]}]})");
    return interfaces;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    (void)read_box(text);
    std::istringstream input(text);
    Tally tally;
    std::size_t lines = 0;
    CaseStream stream(
        box(), [&lines](const std::string& line) { return ++lines < 1000 && line.back() == '\n'; }, &tally);
    (void)stream.play(input);
    if (stream.errors() > lines) std::abort();
    (void)tally.text();
    PacketLineReader reader;
    std::istringstream again(text);
    for (std::string line; std::getline(again, line);) {
        const auto read = reader.read(line);
        if (!read && (read.error().what.empty() || read.error().offset + read.error().length > line.size() + 1)) std::abort();
        if (!read || !*read || (*read)->packet.empty()) continue;
        if (!sim::wire::parse((*read)->packet)) std::abort();
    }
    return 0;
}
