// One case: rules, settings, and packets in order, as a JSON object (tests/firewall/goldens/README.md).
//
//   {"id":"x","family":"ipv4","sysctl":{},"format":"iptables-save","ruleset":"*filter\n...","steps":[
//     {"origin":"eth0","packet":{...},"expect":{...}}]}
//
// A case is understood as a whole or not at all: one packet, setting or rule that is not, and there are no verdicts.
// Keys of the case itself that say nothing to the filter (category, counters, source, ...) are left alone.
#pragma once

#include "scenarios/cases/box_file.hpp"
#include "sim/base/bytes.hpp"
#include "sim/firewall/engine.hpp"
#include "sim/firewall/import/import.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace scenarios::cases {

struct Step {
    std::optional<std::size_t> arrives;  // index of the interface; absent: the box itself sends it
    bool automatic = false;              // the box's own stack sends it, because of the step before
    base::Bytes packet;
    json::object expect;  // as written; empty: nothing is expected
};

struct Case {
    json::value id;
    firewall::SharedRules rules;
    firewall::EngineSettings settings;
    std::optional<bool> conntrack;  // what the case says of tracking, for comparison
    std::vector<Step> steps;
};

// The reason as a sentence, all import errors in it.
[[nodiscard]] base::Result<Case, std::string> read_case(const json::object& object, const Interfaces& interfaces);

// The settings of the kernel that the filter honours: nf_conntrack_tcp_loose, ..._be_liberal, ..._max_retrans, and all
// time-outs. The reason when there is another, or a value that makes no sense.
[[nodiscard]] base::Result<firewall::EngineSettings, std::string> read_settings(const json::object& sysctl);

// The format that a word names ("iptables-save", "nft-json", "cisco-ios", ...) and that the text does not belie; absent
// when there is none.
std::optional<firewall::import::ImportFormat> format_of(std::string_view word, std::string_view text);

// All errors of a file in one line: "name:3:12: port 70000 is above 65535 [bad-port]; ...".
std::string in_one_line(const base::Diagnostics& diagnostics);

}  // namespace scenarios::cases
