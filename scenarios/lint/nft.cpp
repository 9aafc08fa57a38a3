// The JSON of nft -j list ruleset: sim/firewall/import_nft and nft_*.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr std::string_view refused =
    "A rule that cannot be judged here makes every answer about the filter a guess, so the whole file is refused.";

constexpr auto all = std::to_array<Entry>({
    {"bad-json",
     Severity::error,
     Stage::reading,
     "the text is no JSON from here on",
     "The rule set was cut off or edited by hand. What follows cannot be told from what is missing.",
     "Take what nft -j list ruleset prints, as it is.",
     "",
     {FileKind::nft, "{\"nftables\": [{\"table\": {\"family\": \"inet\", \"name\": \"filter\"}}\n"}},
    {"json-too-deep",
     Severity::error,
     Stage::reading,
     "values are nested deeper than any rule set nests them",
     "No rule set of nft comes near; this is another kind of file.",
     "Take what nft -j list ruleset prints.",
     "",
     {FileKind::nft, "{\"nftables\": <70 brackets>", {}, {}, {"<70 brackets>", "[", 70}}},
    {"json-too-large",
     Severity::error,
     Stage::reading,
     "the file holds more values than can be read",
     "A rule set of that size is likely made by a program, for something else than mail.",
     "Leave out the sets that have nothing to do with mail.",
     "",
     {FileKind::nft,
      "{\"nftables\": [<half a million numbers>]}",
      {},
      {},
      {"<half a million numbers>", "1,", 500'001}}},
    {"nft-bad-value",
     Severity::error,
     Stage::reading,
     "a value is none of the kind that is looked at",
     "What the rule asks for is not known. nft itself writes no such value.",
     "Take what nft -j list ruleset prints, as it is.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "inet", "name": "filter"}},
{"chain": {"family": "inet", "table": "filter", "name": "forward", "type": "filter", "hook": "forward", "prio": 0}},
{"rule": {"family": "inet", "table": "filter", "chain": "forward", "expr": [
  {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 70000}}, {"drop": null}]}}
]}
)"}},
    {"nft-empty-chain",
     Severity::note,
     Stage::reading,
     "a chain on a hook that is not played is left out; it does nothing",
     "Chains on prerouting or postrouting cannot be judged. One without rules that accepts changes nothing.",
     "Nothing must be done.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "inet", "name": "filter"}},
{"chain": {"family": "inet", "table": "filter", "name": "pre", "type": "filter", "hook": "prerouting", "prio": 0}},
{"chain": {"family": "inet", "table": "filter", "name": "forward", "type": "filter", "hook": "forward", "prio": 0}}
]}
)"}},
    {"nft-fragment-ports",
     Severity::warning,
     Stage::reading,
     "ports are asked for, and nobody puts fragments together",
     "Without a rule that asks for connection states the kernel judges each fragment alone. A later one has no ports: "
     "here "
     "a match on ports does not hold for it. Some kernels take the octets in their place for ports, so that what "
     "passes "
     "depends on the data.",
     "Ask for connection states somewhere: ct state established,related accept.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "inet", "name": "filter"}},
{"chain": {"family": "inet", "table": "filter", "name": "forward", "type": "filter", "hook": "forward", "prio": 0}},
{"rule": {"family": "inet", "table": "filter", "chain": "forward", "expr": [
  {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 135}}, {"drop": null}]}}
]}
)"}},
    {"nft-no-chain",
     Severity::warning,
     Stage::reading,
     "no chain stands on the hook between client and server",
     "Without one everything passes. Perhaps the rule set was listed without the rights to see it, or it is that of "
     "the "
     "server itself.",
     "List it as root; for a filter on the server write chain = \"INPUT\" in the scenario.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "inet", "name": "filter"}},
{"chain": {"family": "inet", "table": "filter", "name": "input", "type": "filter", "hook": "input", "prio": 0}}
]}
)"}},
    {"nft-no-ruleset",
     Severity::error,
     Stage::reading,
     "the JSON is no rule set of nft",
     "A rule set is an object with a list \"nftables\".",
     "Take what nft -j list ruleset prints.",
     "",
     {FileKind::nft, "{\"rules\": []}\n"}},
    {"nft-plain-text",
     Severity::error,
     Stage::reading,
     "the rule set is in nft's own language, and only its JSON can be read",
     "The two say the same, but the language leaves to nft what the JSON spells out.",
     "Run nft -j list ruleset on the firewall and take what it prints.",
     "",
     {FileKind::nft, "table inet filter {\n\tchain forward {\n\t\ttcp dport 135 accept\n\t}\n}\n"}},
    {"nft-repeated",
     Severity::error,
     Stage::reading,
     "a table, chain or set stands in the rule set twice",
     "Which of them counts is not known. Perhaps two listings were put into one file.",
     "Keep one listing.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "inet", "name": "filter"}},
{"table": {"family": "inet", "name": "filter"}}
]}
)"}},
    {"nft-same-priority",
     Severity::warning,
     Stage::reading,
     "two chains have the same hook and the same priority",
     "Both must let a packet pass, but which of them decides, logs or rejects first depends on which was made last. "
     "The "
     "listing does not tell; the one further down is taken for it.",
     "Give them different priorities.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "inet", "name": "filter"}},
{"chain": {"family": "inet", "table": "filter", "name": "one", "type": "filter", "hook": "forward", "prio": 0}},
{"chain": {"family": "inet", "table": "filter", "name": "two", "type": "filter", "hook": "forward", "prio": 0}}
]}
)"}},
    {"nft-undeclared",
     Severity::error,
     Stage::reading,
     "a rule names a table, chain, set or counter that is not there",
     "The listing is not whole, so what the rule does is not known.",
     "Take all that nft -j list ruleset prints, not a part of it.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "inet", "name": "filter"}},
{"chain": {"family": "inet", "table": "filter", "name": "forward", "type": "filter", "hook": "forward", "prio": 0}},
{"rule": {"family": "inet", "table": "filter", "chain": "forward", "expr": [{"jump": {"target": "exchange"}}]}}
]}
)"}},
    {"nft-unsupported",
     Severity::error,
     Stage::reading,
     "the rule set has something that cannot be judged",
     refused,
     "Leave the rule out of the copy, if it has nothing to do with mail; then the answer is about that copy.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "inet", "name": "filter"}},
{"chain": {"family": "inet", "table": "filter", "name": "forward", "type": "filter", "hook": "forward", "prio": 0}},
{"rule": {"family": "inet", "table": "filter", "chain": "forward", "expr": [
  {"limit": {"rate": 5, "per": "second"}}, {"accept": null}]}}
]}
)"}},
    {"nft-wrong-family",
     Severity::error,
     Stage::reading,
     "a table for one version of IP asks for the other",
     "Such a rule would never match; nft does not take it.",
     "Take what nft -j list ruleset prints, as it is.",
     "",
     {FileKind::nft, R"({"nftables": [
{"table": {"family": "ip6", "name": "filter"}},
{"chain": {"family": "ip6", "table": "filter", "name": "forward", "type": "filter", "hook": "forward", "prio": 0}},
{"rule": {"family": "ip6", "table": "filter", "chain": "forward", "expr": [
  {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}, "right": "10.0.0.10"}},
  {"accept": null}]}}
]}
)"}},
});

}  // namespace

std::span<const Entry> nft_entries() { return all; }

}  // namespace scenarios::lint
