#include "tests/diagnosis/lab.hpp"

#include <algorithm>

namespace lab {
namespace {

std::string reg_file(const std::vector<Value>& values) {
    std::string text = "REGEDIT4\n";
    for (const Value& value : values) {
        const bool whole = value.key.starts_with("HKEY");
        text += "\n[" + (whole ? "" : std::string("HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\")) +
                value.key + "]\n";
        text += "\"" + value.name + "\"=" + value.data + "\n";
    }
    return text;
}

std::string native(const Lab& lab) {
    std::string text = lab.stateful ? "default drop\n" : "default drop\nstateful no\n";
    for (const Rule& rule : lab.rules) {
        text += rule.action + " " + rule.protocol;
        if (!rule.from.empty() || !rule.from_port.empty()) text += " from " + (rule.from.empty() ? "any" : rule.from);
        if (!rule.from_port.empty()) text += " port " + rule.from_port;
        text += " to " + (rule.to.empty() ? "any" : rule.to);
        if (!rule.port.empty()) text += " port " + rule.port;
        text += rule.to_client ? " to-client\n" : "\n";
    }
    return text;
}

std::string colon(std::string range) {
    std::replace(range.begin(), range.end(), '-', ':');
    return range;
}

std::string iptables(const Lab& lab) {
    std::string text = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n";
    text += lab.silent_output ? ":OUTPUT DROP [0:0]\n" : ":OUTPUT ACCEPT [0:0]\n";
    if (lab.stateful) text += "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n";
    for (const Rule& rule : lab.rules) {
        text += "-A FORWARD";
        if (!rule.from.empty()) text += " -s " + rule.from;
        if (!rule.to.empty()) text += " -d " + rule.to;
        text += " -p " + rule.protocol + " -m " + rule.protocol;
        if (!rule.from_port.empty()) text += " --sport " + colon(rule.from_port);
        if (!rule.port.empty()) text += " --dport " + colon(rule.port);
        text += rule.action == "allow"  ? " -j ACCEPT\n"
                : rule.action == "drop" ? " -j DROP\n"
                                        : " -j REJECT --reject-with tcp-reset\n";
    }
    return text + "COMMIT\n";
}

std::string cisco_address(const std::string& address) {
    if (address.empty()) return "any";
    if (address.find('/') == std::string::npos) return "host " + address;
    return address.substr(0, address.find('/')) + " 0.0.0.255";  // the lab's networks are all /24
}

std::string cisco_ports(const std::string& ports) {
    if (ports.empty()) return "";
    const auto dash = ports.find('-');
    return dash == std::string::npos ? " eq " + ports
                                     : " range " + ports.substr(0, dash) + " " + ports.substr(dash + 1);
}

std::string cisco(const Lab& lab) {
    std::string text = "ip access-list extended IN\n";
    for (const Rule& rule : lab.rules)
        if (!rule.to_client)
            text += std::string(rule.action == "allow" ? " permit " : " deny ") + rule.protocol + " " +
                    cisco_address(rule.from) + cisco_ports(rule.from_port) + " " + cisco_address(rule.to) +
                    cisco_ports(rule.port) + "\n";
    if (!lab.return_list) return text;
    text += "ip access-list extended BACK\n";
    for (const Rule& rule : lab.rules)
        if (rule.to_client)
            text += std::string(" permit ") + rule.protocol + " " + cisco_address(rule.from) +
                    cisco_ports(rule.from_port) + " " + cisco_address(rule.to) + cisco_ports(rule.port) + "\n";
    return text + " permit icmp any any\n";
}

// Ports stand in groups, as they do in most configurations.
std::string asa(const Lab& lab) {
    const auto address = [](const std::string& a) {
        if (a.empty() || a.find('/') == std::string::npos) return cisco_address(a);
        return a.substr(0, a.find('/')) + " 255.255.255.0";
    };
    std::string groups, list;
    for (const Rule& rule : lab.rules) {
        const auto grouped = [&](const std::string& ports) {
            if (ports.empty()) return std::string();
            const std::string name = "G" + std::to_string(groups.size());
            groups +=
                "object-group service " + name + " " + rule.protocol + "\n port-object" + cisco_ports(ports) + "\n";
            return " object-group " + name;
        };
        list += "access-list IN extended " + std::string(rule.action == "allow" ? "permit " : "deny ") + rule.protocol +
                " " + address(rule.from) + grouped(rule.from_port) + " " + address(rule.to) + grouped(rule.port) + "\n";
    }
    return groups + list + "access-group IN in interface outside\n";
}

void one_value(Lab& lab, std::size_t which, Value value) { lab.registry[which] = std::move(value); }

const char* const ds_key = "MSExchangeDS\\Parameters";
const char* const is_key = "MSExchangeIS\\ParametersSystem";

// Mistakes with one rule, for the mapper, the directory and the store alike.
void add_rule_mistakes(std::vector<Mistake>& list, const std::string& facet, std::size_t which,
                       const std::string& closed) {
    const auto add = [&](const std::string& name, const std::string& id, std::function<void(Lab&)> make,
                         std::vector<Language> in = {std::begin(languages), std::end(languages)}) {
        list.push_back({facet + ": " + name, facet, {id}, std::move(make), std::move(in)});
    };
    add("not opened", closed, [which](Lab& l) { l.rules[which].port = "443"; });
    add("opened for UDP", "udp-instead-of-tcp", [which](Lab& l) { l.rules[which].protocol = "udp"; });
    add("opened for another server", "wrong-address", [which](Lab& l) { l.rules[which].to = "10.20.0.77"; });
    add("opened for another network", "wrong-address", [which](Lab& l) { l.rules[which].to = "10.21.0.0/24"; });
    add("opened for other clients", "wrong-client-network",
        [which](Lab& l) { l.rules[which].from = "203.0.113.0/24"; });
    add("ends exchanged", "wrong-direction", [which](Lab& l) { std::swap(l.rules[which].from, l.rules[which].to); });
    add("client's port", "wrong-port-side",
        [which](Lab& l) { std::swap(l.rules[which].from_port, l.rules[which].port); });
    add("a deny above", "rule-order", [which](Lab& l) {
        Rule deny = l.rules[which];
        deny.action = "drop";
        deny.protocol = "tcp";
        if (deny.port.empty()) std::swap(deny.from_port, deny.port);
        // The permit goes to the end, and the deny takes its place.
        l.rules.push_back(l.rules[which]);
        l.rules[which] = deny;
    });
    add("for packets to clients", "wrong-direction", [which](Lab& l) { l.rules[which].to_client = true; },
        {Language::native});
}

}  // namespace

std::string Lab::toml() const {
    std::string text = "title='lab'\n[server]\naddress='" + server + "'\nregistry='server.reg'\n" + server_lines;
    text += "[client]\naddress='" + client + "'\n" + client_lines + "[firewall]\n" + firewall_lines;
    switch (language) {
        case Language::native: text += "rules='fw.rules'\n"; break;
        case Language::iptables:
        case Language::asa: text += "import='fw.rules'\n"; break;
        case Language::cisco:
            text += std::string("import='fw.rules'\nacl='IN'\n") + (return_list ? "acl_return='BACK'\n" : "");
            break;
    }
    return text + more;
}

std::shared_ptr<const runner::StagedScenario> Lab::staged() const {
    auto all = files;
    all["server.reg"] = reg_file(registry);
    all["fw.rules"] = language == Language::native     ? native(*this)
                      : language == Language::iptables ? iptables(*this)
                      : language == Language::asa      ? asa(*this)
                                                       : cisco(*this);
    BOOST_TEST_INFO_SCOPE(all["server.reg"] << "\n" << all["fw.rules"] << "\n" << toml());
    return played::staged(toml(), all);
}

diagnosis::Findings diagnosed(const Lab& lab) {
    const auto result = played::results(lab.staged()).front();
    return diagnosis::diagnose(result.staged_variant(), result.close_ups.front());
}

std::vector<std::string> ids(const diagnosis::Findings& findings) {
    std::vector<std::string> all;
    for (const auto& finding : findings) all.push_back(finding.id);
    return all;
}

bool has(const diagnosis::Findings& findings, std::string_view id) { return diagnosis::find(findings, id) != nullptr; }

std::vector<Mistake> mistakes() {
    std::vector<Mistake> list;
    const auto add = [&](std::string name, std::string facet, std::vector<std::string> expected,
                         std::function<void(Lab&)> make) {
        list.push_back({std::move(name), std::move(facet), std::move(expected), std::move(make)});
    };
    // the directory's registry value
    add("DS typed with the hex radix", "ds value", {"port-hex-typed"}, [](Lab& l) {
        one_value(l, 0, {ds_key, "TCP/IP port", Lab::dword(Lab::typed_as_hex(l.directory))});
    });
    add("DS digits of an export", "ds value", {"port-digits-typed"}, [](Lab& l) {
        one_value(l, 0, {ds_key, "TCP/IP port", Lab::dword(Lab::export_digits(l.directory))});
    });
    add("DS as REG_SZ", "ds value", {"port-wrong-type"}, [](Lab& l) {
        one_value(l, 0, {ds_key, "TCP/IP port", "\"" + std::to_string(l.directory) + "\""});
    });
    add("DS misspelt", "ds value", {"port-misspelt"}, [](Lab& l) {
        one_value(l, 0, {ds_key, "TCP-IP port", Lab::dword(l.directory)});
    });
    add("DS is 0", "ds value", {"port-zero"}, [](Lab& l) {
        one_value(l, 0, {ds_key, "TCP/IP port", "dword:00000000"});
    });
    add("DS on 135", "ds value", {"port-is-mapper"}, [](Lab& l) {
        one_value(l, 0, {ds_key, "TCP/IP port", Lab::dword(135)});
    });
    add("DS not pinned", "ds unpinned", {"no-static-port"}, [](Lab& l) {
        one_value(l, 0, {ds_key, "Something else", Lab::dword(1)});
    });
    // the store's
    add("IS above 65535", "is value", {"port-above-65535"}, [](Lab& l) {
        l.store = l.store < 10000 ? l.store + 10000 : l.store;
        one_value(l, 1, {is_key, "TCP/IP port", Lab::dword(Lab::typed_as_hex(l.store))});
        l.rules[Lab::of_store].port = std::to_string(l.store);
    });
    add("IS under Parameters", "is value", {"port-wrong-key"}, [](Lab& l) {
        one_value(l, 1, {"MSExchangeIS\\Parameters", "TCP/IP port", Lab::dword(l.store)});
    });
    add("IS under ParametersPrivate", "is value", {"port-wrong-key"}, [](Lab& l) {
        one_value(l, 1, {"MSExchangeIS\\ParametersPrivate", "TCP/IP port", Lab::dword(l.store)});
    });
    add("IS under its service's key", "is value", {"port-wrong-key"}, [](Lab& l) {
        one_value(l, 1, {"MSExchangeIS", "TCP/IP Port", Lab::dword(l.store)});
    });
    add("IS under a mistyped service", "is value", {"port-wrong-key"}, [](Lab& l) {
        one_value(l, 1, {"MSExchangelS\\ParametersSystem", "TCP/IP port", Lab::dword(l.store)});
    });
    add("IS misspelt", "is value", {"port-misspelt"}, [](Lab& l) {
        one_value(l, 1, {is_key, "TCP/IP ports", Lab::dword(l.store)});
    });
    add("IS in another control set", "is value", {"other-control-set"}, [](Lab& l) {
        one_value(l, 1,
                  {"HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet002\\Services\\MSExchangeIS\\ParametersSystem", "TCP/IP port",
                   Lab::dword(l.store)});
    });
    add("IS on the directory's port", "is value", {"port-duplicate"},
        [](Lab& l) { l.registry[1].data = l.registry[0].data; });
    add("IS port in use", "is busy", {"port-busy"},
        [](Lab& l) { l.server_lines += "busy_ports=[" + std::to_string(l.store) + "]\n"; });
    add("IS not started", "is stopped", {"service-stopped"},
        [](Lab& l) { l.server_lines += "stopped=['information-store']\n"; });
    add("IS elsewhere than the rule", "is value", {"rule-port-differs"},
        [](Lab& l) { l.registry[1].data = Lab::dword(l.store + 1); });
    // the filter
    add_rule_mistakes(list, "135", Lab::of_mapper, "mapper-closed");
    add_rule_mistakes(list, "ds rule", Lab::of_directory, "port-closed");
    add_rule_mistakes(list, "is rule", Lab::of_store, "port-closed");
    add("answers not let through", "answers", {"answers-blocked"}, [](Lab& l) {
        l.stateful = false;
        l.return_list = true;
    });
    list.back().in = {Language::native, Language::iptables, Language::cisco};  // an ASA cannot forget them
    add("far too wide", "wide", {"too-wide"}, [](Lab& l) { l.rules.push_back(opening(l.server, "1024-65535")); });
    // the client
    add("no name", "name", {"name-not-resolvable"}, [](Lab& l) { l.client_lines += "resolves=false\n"; });
    return list;
}

}  // namespace lab
