// The rooms and their allowed arrows, and the sources as the tests of this folder read them.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace architecture {

// Room -> rooms it may include, itself apart. The README draws the same map.
inline const std::map<std::string, std::set<std::string>>& arrows() {
    static const std::map<std::string, std::set<std::string>> map = [] {
        std::map<std::string, std::set<std::string>> m;
        m["sim/base"] = m["sim/json"] = {};
        m["sim/wire"] = {"sim/base"};
        m["sim/rpc"] = m["sim/actor"] = m["sim/net"] = {"sim/base", "sim/wire"};
        m["sim/firewall"] = {"sim/base", "sim/wire", "sim/rpc"};
        for (const char* part :
             {"sim/firewall/import", "sim/firewall/exact", "sim/firewall/mend", "sim/firewall/compiled"}) {
            m[part] = m["sim/firewall"];
            m[part].insert("sim/firewall");
        }
        m["sim/firewall/mend"].insert({"sim/firewall/import", "sim/firewall/exact"});
        m["sim/world"] = {"sim/base", "sim/wire", "sim/actor", "sim/net", "sim/firewall", "sim/rpc"};
        m["sim/live"] = {"sim/base", "sim/wire", "sim/actor", "sim/net"};
        m["fakeserver"] = m["client"] = {"sim/base", "sim/wire", "sim/rpc", "sim/actor"};
        m["scenarios/lint"] = {"sim/base"};
        m["scenarios/cases"] = m["sim/firewall/import"];
        m["scenarios/cases"].insert({"sim/json", "sim/firewall/import", "sim/firewall/exact"});
        m["scenarios/runner"] = m["sim/world"];
        m["scenarios/runner"].insert({"sim/world", "sim/firewall/import", "sim/firewall/exact", "sim/firewall/mend",
                                      "sim/firewall/compiled", "fakeserver", "client", "scenarios/lint"});
        m["scenarios/diagnosis"] = m["scenarios/runner"];
        m["scenarios/diagnosis"].insert("scenarios/runner");
        m["scenarios/advice"] = m["scenarios/diagnosis"];
        m["scenarios/advice"].insert("scenarios/diagnosis");
        m["scenarios/report"] = m["scenarios/advice"];
        m["scenarios/report"].insert("scenarios/advice");
        m["scenarios/lesson"] = m["scenarios/report"];
        m["scenarios/lesson"].insert("scenarios/report");
        m["scenarios/check"] = m["scenarios/lesson"];
        m["scenarios/check"].insert("scenarios/lesson");
        m["scenarios/live"] = m["scenarios/report"];
        m["scenarios/live"].insert({"scenarios/report", "sim/live"});
        m["scenarios/cli"] = m["scenarios/live"];
        m["scenarios/cli"].insert({"scenarios/live", "scenarios/check", "scenarios/cases", "scenarios/lesson"});
        return m;
    }();
    return map;
}

// Rooms that live in virtual time and must not touch the machine they run on.
inline const std::vector<std::string>& virtual_rooms() {
    static const std::vector<std::string> rooms{
        "sim/base",     "sim/wire",            "sim/rpc",            "sim/actor",         "sim/net",
        "sim/firewall", "sim/firewall/import", "sim/firewall/exact", "sim/firewall/mend", "sim/firewall/compiled",
        "sim/world",    "fakeserver",          "client"};
    return rooms;
}

struct Source {
    std::string path;  // from the root of the project
    std::vector<std::string> lines;
};

// The room that a path from the root lies in; empty when it is none. Rooms may lie inside rooms.
inline std::string room_of(const std::string& path) {
    std::string found;
    for (const auto& [room, allowed] : arrows())
        if (path.starts_with(room + "/") && room.size() > found.size()) found = room;
    return found;
}

inline std::vector<Source> sources_of(const std::string& folder) {
    const std::filesystem::path root = FIREDRILL_SOURCE_DIR;
    std::vector<Source> found;
    if (!std::filesystem::exists(root / folder)) return found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
        const auto extension = entry.path().extension();
        if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".hpp")) continue;
        Source source{std::filesystem::relative(entry.path(), root).generic_string(), {}};
        if (arrows().contains(folder) && room_of(source.path) != folder) continue;  // of a room inside
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) source.lines.push_back(line);
        found.push_back(std::move(source));
    }
    return found;
}

// The path inside #include "...", or empty.
inline std::string quoted_include(const std::string& line) {
    const std::string start = "#include \"";
    if (!line.starts_with(start)) return {};
    return line.substr(start.size(), line.find('"', start.size()) - start.size());
}

}  // namespace architecture
