// Includes run along the arrows, and the virtual rooms include nothing of the machine.
#include "rooms.hpp"

#include <boost/test/unit_test.hpp>

using namespace architecture;

BOOST_AUTO_TEST_SUITE(arrows_of_the_house)

BOOST_AUTO_TEST_CASE(every_include_follows_an_arrow) {
    std::size_t read = 0;
    for (const auto& [room, allowed] : arrows()) {
        for (const Source& source : sources_of(room)) {
            for (std::size_t i = 0; i < source.lines.size(); ++i) {
                const std::string target = quoted_include(source.lines[i]);
                if (target.empty()) continue;
                ++read;
                const std::string to = room_of(target);
                BOOST_TEST((to == room || allowed.contains(to)),
                           source.path << ":" << i + 1 << " includes " << target << ", no arrow leads there");
            }
        }
    }
    BOOST_TEST(read > 100U);  // the test reads the real sources
}

BOOST_AUTO_TEST_CASE(virtual_rooms_include_nothing_of_the_machine) {
    const std::vector<std::string> forbidden{"<thread>",     "<mutex>",         "<condition_variable>",
                                             "<future>",     "<iostream>",      "<fstream>",
                                             "<filesystem>", "<cstdio>",        "<ctime>",
                                             "<random>",     "<sys/",           "<unistd.h>",
                                             "<netinet/",    "<arpa/",          "boost/asio",
                                             "spdlog",       "<unordered_map>", "<unordered_set>"};
    for (const std::string& room : virtual_rooms())
        for (const Source& source : sources_of(room))
            for (std::size_t i = 0; i < source.lines.size(); ++i)
                if (source.lines[i].starts_with("#include"))
                    for (const std::string& word : forbidden)
                        BOOST_TEST((source.lines[i].find(word) == std::string::npos),
                                   source.path << ":" << i + 1 << " has " << word);
}

// Whatever a room is: sockets, the wall clock and the system's randomness are sim/live's alone. The program itself may
// look at the clock and at its terminal.
BOOST_AUTO_TEST_CASE(one_room_has_the_sockets_the_clock_and_the_dice) {
    const std::vector<std::string> marks{"boost/asio",   "boost/beast",   "<sys/socket.h>", "<sys/epoll.h>",
                                         "<netinet/",    "<arpa/inet.h>", "<netdb.h>",      "random_device",
                                         "system_clock", "steady_clock",  "getrandom",      "gettimeofday",
                                         "spdlog/"};
    std::size_t found = 0;
    for (const auto& [room, allowed] : arrows()) {
        for (const Source& source : sources_of(room)) {
            for (std::size_t i = 0; i < source.lines.size(); ++i)
                for (const std::string& mark : marks) {
                    if (source.lines[i].find(mark) == std::string::npos) continue;
                    ++found;
                    BOOST_TEST((room == "sim/live" || room == "scenarios/cli"),
                               source.path << ":" << i + 1 << " has " << mark);
                }
        }
    }
    BOOST_TEST(found > 10U);
}

BOOST_AUTO_TEST_CASE(heavy_headers_stand_in_one_source_file) {
    for (const std::string heavy : {"<toml++/toml.h>", "<boost/json/src.hpp>"}) {
        std::vector<std::string> users;
        for (const auto& [room, allowed] : arrows())
            for (const Source& source : sources_of(room))
                for (const std::string& line : source.lines)
                    if (line.starts_with("#include " + heavy)) users.push_back(source.path);
        BOOST_TEST(users.size() <= 1U, heavy << " is included " << users.size() << " times");
        for (const std::string& user : users) BOOST_TEST(user.ends_with(".cpp"), user << " spreads " << heavy);
    }
}

BOOST_AUTO_TEST_SUITE_END()
