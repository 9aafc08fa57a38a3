// Rule sets of nft for the tests of this room: statements in few words, the frame around them.
#pragma once

#include "sim/firewall/explain.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/reject_words.hpp"
#include "tests/firewall/packets.hpp"

#include <string>
#include <string_view>

namespace nftables {

namespace fw = sim::firewall;
namespace base = sim::base;

// "tcp dport", "meta l4proto", "ct state": what is looked at.
inline std::string key(std::string_view words) {
    const std::string first(words.substr(0, words.find(' '))), second(words.substr(words.find(' ') + 1));
    if (first == "meta" || first == "ct") return R"({")" + first + R"(": {"key": ")" + second + R"("}})";
    return R"({"payload": {"protocol": ")" + first + R"(", "field": ")" + second + R"("}})";
}
inline std::string masked(std::string_view words, const std::string& mask) {
    return R"({"&": [)" + key(words) + ", " + mask + "]}";
}
inline std::string match_on(const std::string& left, std::string_view op, const std::string& right) {
    return R"({"match": {"op": ")" + std::string(op) + R"(", "left": )" + left + R"(, "right": )" + right + "}}";
}
inline std::string match(std::string_view words, std::string_view op, const std::string& right) {
    return match_on(key(words), op, right);
}
inline std::string match(std::string_view words, const std::string& right) { return match(words, "==", right); }
inline std::string map(std::string_view words, const std::string& data) {
    return R"({"vmap": {"key": )" + key(words) + R"(, "data": )" + data + "}}";
}
const std::string accept = R"({"accept": null})", drop = R"({"drop": null})", none = R"({"continue": null})",
                  leave = R"({"return": null})", counter = R"({"counter": {"packets": 7, "bytes": 0}})";
inline std::string jump(const std::string& chain) { return R"({"jump": {"target": ")" + chain + R"("}})"; }
inline std::string log(const std::string& prefix) { return R"({"log": {"prefix": ")" + prefix + R"("}})"; }

inline std::string object(std::string_view kind, const std::string& table, const std::string& rest) {
    const std::string family = table.substr(0, table.find(' ')), name = table.substr(table.find(' ') + 1);
    return R"({")" + std::string(kind) + R"(": {"family": ")" + family + R"(", "table": ")" + name + R"(", )" + rest +
           "}}";
}
inline std::string table(const std::string& table) {
    return R"({"table": {"family": ")" + table.substr(0, table.find(' ')) + R"(", "name": ")" +
           table.substr(table.find(' ') + 1) + R"(", "handle": 1}})";
}
inline std::string base_chain(const std::string& table, const std::string& name, const std::string& hook, int priority,
                              const std::string& policy) {
    return object("chain", table,
                  R"("name": ")" + name + R"(", "type": "filter", "hook": ")" + hook + R"(", "prio": )" +
                      std::to_string(priority) + R"(, "policy": ")" + policy + R"(")");
}
inline std::string chain(const std::string& table, const std::string& name) {
    return object("chain", table, R"("name": ")" + name + R"(")");
}
inline std::string rule(const std::string& table, const std::string& chain, const std::string& statements) {
    return object("rule", table, R"("chain": ")" + chain + R"(", "expr": [)" + statements + "]");
}
inline std::string set(const std::string& table, const std::string& name, const std::string& type,
                       const std::string& elements) {
    return object("set", table, R"("name": ")" + name + R"(", "type": ")" + type + R"(", "elem": )" + elements);
}
inline std::string file(const std::vector<std::string>& objects) {
    std::string text = "{\"nftables\": [\n";
    for (const std::string& one : objects) text += (&one == &objects.front() ? "" : ",\n") + one;
    return text + "\n]}\n";
}
// A table with one base chain on forward, of policy drop, and these rules.
inline std::string forward(const std::vector<std::string>& rules, const std::string& in = "inet t") {
    std::vector<std::string> objects{table(in), chain(in, "other"), base_chain(in, "forward", "forward", 0, "drop")};
    for (const std::string& one : rules) objects.push_back(rule(in, "forward", one));
    return file(objects);
}

inline base::Result<fw::import::Imported, base::Diagnostics> import(const std::string& text,
                                                                    const fw::import::ImportOptions& options = {}) {
    return fw::import::import_nft(base::SourceText("r.json", text), options);
}
inline fw::import::Imported taken(const std::string& text, const fw::import::ImportOptions& options = {}) {
    auto imported = import(text, options);
    if (!imported)
        for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(imported.has_value());
    return *imported;
}

// What happened to a packet: matching rules, logs as "<prefix>", policies.
class Heard : public fw::Recorder {
public:
    std::string text;
    void enter(const fw::RuleSet& rules, fw::Hook, const fw::Subject&) override { rules_ = &rules; }
    void matched(fw::RuleId id) override { add(rules_->label(id)); }
    void logged(fw::RuleId id) override { add("<" + rules_->rule(id).log->prefix + ">"); }
    void policy(fw::ChainId id) override { add(rules_->chain(id).name + " policy"); }

private:
    void add(const std::string& one) { text += (text.empty() ? "" : ", ") + one; }
    const fw::RuleSet* rules_ = nullptr;
};

inline std::string heard(const std::string& text, const base::Bytes& packet, fw::Side from = fw::Side::client,
                         const fw::import::ImportOptions& options = {}) {
    fw::Firewall box(taken(text, options).rules);
    Heard recorder;
    const fw::Passage passage = box.judge(packet, from, packets::at(std::chrono::seconds{0}), &recorder);
    return recorder.text + ": " + std::string(fw::id(passage.verdict.action)) +
           (passage.verdict.with ? " " + fw::import::reject_words(box.rules(), passage.verdict, sim::wire::Family::ipv4) : "");
}

}  // namespace nftables
