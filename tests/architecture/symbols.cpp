// The archives of the virtual rooms ask the system for no clock, socket, thread or random source. Includes can be
// indirect; undefined symbols cannot.
#include "rooms.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdio>
#include <memory>

using namespace architecture;

namespace {

// What `nm -u` prints, or nothing when there is no nm.
std::string undefined_symbols(const std::string& archive) {
    const std::string command = "nm -u '" + archive + "' 2>/dev/null";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string text;
    std::array<char, 4096> buffer{};
    while (pipe && std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe.get())) text += buffer.data();
    return text;
}

std::string archive_of(std::string room) {
    std::string name = room;
    for (char& c : name)
        if (c == '/') c = '_';
    return std::string(FIREDRILL_BINARY_DIR) + "/" + room + "/lib" + name + ".a";
}

}  // namespace

BOOST_AUTO_TEST_CASE(virtual_rooms_ask_the_system_for_nothing) {
    const std::vector<std::string> forbidden{" clock_gettime",
                                             " gettimeofday",
                                             " time\n",
                                             " nanosleep",
                                             " clock_nanosleep",
                                             "chrono3_V212steady_clock",
                                             "chrono3_V212system_clock",
                                             " socket\n",
                                             " bind\n",
                                             " connect\n",
                                             " listen\n",
                                             " accept\n",
                                             " send\n",
                                             " recv\n",
                                             " sendto\n",
                                             " recvfrom\n",
                                             " poll\n",
                                             " epoll_",
                                             " pthread_create",
                                             "St6thread",
                                             " getrandom",
                                             " rand\n",
                                             " random\n",
                                             " srand",
                                             "random_device",
                                             " getenv",
                                             " open\n",
                                             " open64\n",
                                             " fopen",
                                             " read\n",
                                             " write\n",
                                             " getaddrinfo"};
    std::size_t archives = 0;
    for (const std::string& room : virtual_rooms()) {
        const std::string archive = archive_of(room);
        if (!std::filesystem::exists(archive)) continue;  // a room of headers only
        const std::string symbols = undefined_symbols(archive);
        BOOST_TEST(symbols.find(" U ") != std::string::npos, "nm says nothing of " << archive);
        ++archives;
        for (const std::string& symbol : forbidden)
            BOOST_TEST((symbols.find(symbol) == std::string::npos), room << " asks the system for" << symbol);
    }
    BOOST_TEST(archives >= 6U);
}
