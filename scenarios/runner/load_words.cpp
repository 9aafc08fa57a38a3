#include "scenarios/runner/load_words.hpp"

#include <array>
#include <cassert>
#include <utility>

namespace scenarios::runner {
namespace {

constexpr auto server_version_words = std::to_array<Word<ServerVersion>>({{ServerVersion::exchange_5_5, "5.5"},
                                                                          {ServerVersion::exchange_4_0, "4.0"},
                                                                          {ServerVersion::exchange_5_0, "5.0"},
                                                                          {ServerVersion::exchange_2000, "2000"},
                                                                          {ServerVersion::exchange_2003, "2003"},
                                                                          {ServerVersion::exchange_2007, "2007"},
                                                                          {ServerVersion::exchange_2010, "2010"}});
constexpr auto windows_words = std::to_array<Word<Windows>>({{Windows::nt4, "nt4"},
                                                             {Windows::windows_2000, "2000"},
                                                             {Windows::windows_xp, "xp"},
                                                             {Windows::windows_2003, "2003"},
                                                             {Windows::windows_2008, "2008"}});
constexpr auto dynamic_ports_words =
    std::to_array<Word<DynamicPorts>>({{DynamicPorts::random, "random"}, {DynamicPorts::in_order, "in-order"}});
constexpr auto service_words = std::to_array<Word<Service>>({{Service::attendant, "attendant"},
                                                             {Service::directory, "directory"},
                                                             {Service::information_store, "information-store"},
                                                             {Service::mta, "mta"}});
constexpr auto client_action_words =
    std::to_array<Word<ClientAction>>({{ClientAction::logon, "logon"},
                                       {ClientAction::check_name, "check-name"},
                                       {ClientAction::new_mail, "new-mail"},
                                       {ClientAction::admin, "admin"},
                                       {ClientAction::public_folders, "public-folders"}});
constexpr auto binding_words =
    std::to_array<Word<Binding>>({{Binding::ncacn_ip_tcp, "ncacn_ip_tcp"}, {Binding::ncacn_np, "ncacn_np"}});
constexpr auto rule_action_words = std::to_array<Word<RuleAction>>(
    {{RuleAction::allow, "allow"}, {RuleAction::drop, "drop"}, {RuleAction::reject, "reject"}});
constexpr auto rule_protocol_words = std::to_array<Word<RuleProtocol>>(
    {{RuleProtocol::tcp, "tcp"}, {RuleProtocol::udp, "udp"}, {RuleProtocol::icmp, "icmp"}, {RuleProtocol::any, "any"}});
constexpr auto direction_words = std::to_array<Word<Direction>>(
    {{Direction::to_server, "to-server"}, {Direction::to_client, "to-client"}, {Direction::both, "both"}});
constexpr auto reject_with_words =
    std::to_array<Word<RejectWith>>({{RejectWith::tcp_reset, "tcp-reset"},
                                     {RejectWith::port_unreachable, "port-unreachable"},
                                     {RejectWith::admin_prohibited, "admin-prohibited"}});
constexpr auto import_format_words = std::to_array<Word<ImportFormat>>(
    {{ImportFormat::iptables, "iptables"}, {ImportFormat::cisco, "cisco"}, {ImportFormat::nft, "nft"}});
constexpr auto inspector_words = std::to_array<Word<Inspector>>({{Inspector::dcerpc, "dcerpc"}});
constexpr auto outcome_words = std::to_array<Word<Outcome>>(
    {{Outcome::works, "works"}, {Outcome::fails, "fails"}, {Outcome::sometimes, "sometimes"}});
constexpr auto fails_at_words = std::to_array<Word<FailsAt>>({{FailsAt::name, "name"},
                                                              {FailsAt::endpoint_mapper, "endpoint-mapper"},
                                                              {FailsAt::directory, "directory"},
                                                              {FailsAt::information_store, "information-store"},
                                                              {FailsAt::attendant, "attendant"}});
constexpr auto step_kind_words = std::to_array<Word<StepKind>>({{StepKind::check, "check"},
                                                                {StepKind::import_registry, "import-registry"},
                                                                {StepKind::restart_service, "restart-service"},
                                                                {StepKind::restart_server, "restart-server"},
                                                                {StepKind::replace_firewall, "replace-firewall"},
                                                                {StepKind::logon, "logon"},
                                                                {StepKind::use, "use"},
                                                                {StepKind::wait, "wait"}});
constexpr auto server_windows_words = std::to_array<Word<Windows>>({{Windows::nt4, "nt4"},
                                                                    {Windows::windows_2000, "2000"},
                                                                    {Windows::windows_2003, "2003"},
                                                                    {Windows::windows_2008, "2008"}});
constexpr auto client_windows_words = std::to_array<Word<Windows>>({{Windows::nt4, "nt4"},
                                                                    {Windows::windows_2000, "2000"},
                                                                    {Windows::windows_xp, "xp"},
                                                                    {Windows::windows_2003, "2003"},
                                                                    {Windows::windows_2008, "2008"}});

template <class E>
std::string_view text_of(E value) {
    for (const Word<E>& word : words_of<E>())
        if (word.value == value) return word.text;
    assert(false && "a value without a word");
    return "";
}

template <class E>
Vocabulary vocabulary(std::string_view name, std::span<const Word<E>> words) {
    Vocabulary all{name, {}};
    for (const Word<E>& word : words) all.words.push_back(word.text);
    return all;
}

struct Usual {
    std::string_view typed;
    std::string_view meant;
};
constexpr auto usual_words = std::to_array<Usual>({
    {"accept", "allow"},
    {"permit", "allow"},
    {"pass", "allow"},
    {"open", "allow"},
    {"deny", "drop"},
    {"block", "drop"},
    {"refuse", "reject"},
    {"ds", "directory"},
    {"is", "information-store"},
    {"store", "information-store"},
    {"sa", "attendant"},
    {"system-attendant", "attendant"},
    {"mapper", "endpoint-mapper"},
    {"epm", "endpoint-mapper"},
    {"ok", "works"},
    {"success", "works"},
    {"work", "works"},
    {"fail", "fails"},
    {"failure", "fails"},
    {"login", "logon"},
    {"log-on", "logon"},
    {"nt", "nt4"},
    {"nt-4", "nt4"},
    {"nt4.0", "nt4"},
    {"4", "4.0"},
    {"5", "5.0"},
    {"all", "any"},
    {"ip", "any"},
    {"rst", "tcp-reset"},
    {"tcp-rst", "tcp-reset"},
    {"iptables-save", "iptables"},
    {"ios", "cisco"},
    {"nftables", "nft"},
    {"nft-json", "nft"},
    {"in", "to-server"},
    {"inbound", "to-server"},
    {"out", "to-client"},
    {"outbound", "to-client"},
    {"restart", "restart-server"},
    {"reboot", "restart-server"},
    {"import", "import-registry"},
    {"rpc", "dcerpc"},
    {"msrpc", "dcerpc"},
    {"tcp/ip", "ncacn_ip_tcp"},
    {"tcp", "ncacn_ip_tcp"},
    {"named-pipes", "ncacn_np"},
});

}  // namespace

template <>
std::span<const Word<ServerVersion>> words_of() {
    return server_version_words;
}
template <>
std::span<const Word<Windows>> words_of() {
    return windows_words;
}
template <>
std::span<const Word<DynamicPorts>> words_of() {
    return dynamic_ports_words;
}
template <>
std::span<const Word<Service>> words_of() {
    return service_words;
}
template <>
std::span<const Word<ClientAction>> words_of() {
    return client_action_words;
}
template <>
std::span<const Word<Binding>> words_of() {
    return binding_words;
}
template <>
std::span<const Word<RuleAction>> words_of() {
    return rule_action_words;
}
template <>
std::span<const Word<RuleProtocol>> words_of() {
    return rule_protocol_words;
}
template <>
std::span<const Word<Direction>> words_of() {
    return direction_words;
}
template <>
std::span<const Word<RejectWith>> words_of() {
    return reject_with_words;
}
template <>
std::span<const Word<ImportFormat>> words_of() {
    return import_format_words;
}
template <>
std::span<const Word<Inspector>> words_of() {
    return inspector_words;
}
template <>
std::span<const Word<Outcome>> words_of() {
    return outcome_words;
}
template <>
std::span<const Word<FailsAt>> words_of() {
    return fails_at_words;
}
template <>
std::span<const Word<StepKind>> words_of() {
    return step_kind_words;
}
std::span<const Word<Windows>> server_windows() { return server_windows_words; }
std::span<const Word<Windows>> client_windows() { return client_windows_words; }

std::string_view id(ServerVersion value) { return text_of(value); }
std::string_view id(Windows value) { return text_of(value); }
std::string_view id(DynamicPorts value) { return text_of(value); }
std::string_view id(Service value) { return text_of(value); }
std::string_view id(ClientAction value) { return text_of(value); }
std::string_view id(Binding value) { return text_of(value); }
std::string_view id(RuleAction value) { return text_of(value); }
std::string_view id(RuleProtocol value) { return text_of(value); }
std::string_view id(Direction value) { return text_of(value); }
std::string_view id(RejectWith value) { return text_of(value); }
std::string_view id(ImportFormat value) { return text_of(value); }
std::string_view id(Inspector value) { return text_of(value); }
std::string_view id(Outcome value) { return text_of(value); }
std::string_view id(FailsAt value) { return text_of(value); }
std::string_view id(StepKind value) { return text_of(value); }

std::string_view usual_word(std::string_view typed) {
    for (const Usual& usual : usual_words)
        if (usual.typed == typed) return usual.meant;
    return "";
}

std::vector<Vocabulary> vocabularies() {
    return {
        vocabulary("server_version", words_of<ServerVersion>()),
        vocabulary("dynamic_ports", words_of<DynamicPorts>()),
        vocabulary("service", words_of<Service>()),
        vocabulary("client_action", words_of<ClientAction>()),
        vocabulary("binding", words_of<Binding>()),
        vocabulary("rule_action", words_of<RuleAction>()),
        vocabulary("rule_protocol", words_of<RuleProtocol>()),
        vocabulary("direction", words_of<Direction>()),
        vocabulary("reject_with", words_of<RejectWith>()),
        vocabulary("import_format", words_of<ImportFormat>()),
        vocabulary("inspector", words_of<Inspector>()),
        vocabulary("outcome", words_of<Outcome>()),
        vocabulary("fails_at", words_of<FailsAt>()),
        vocabulary("step_kind", words_of<StepKind>()),
        vocabulary("server_windows", server_windows()),
        vocabulary("client_windows", client_windows()),
    };
}

}  // namespace scenarios::runner
