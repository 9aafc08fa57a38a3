// Binding: which lists stand between the two sides, and what decides where none does.
#include "sim/firewall/import/asa.hpp"

#include <algorithm>
#include <array>

namespace sim::firewall::import {
namespace {

using Way = AsaBinding::Way;

// Addresses and port ranges in all rules together; a group of a thousand that a thousand entries name makes a million.
constexpr std::size_t members_max = 2'000'000;

struct Edge {
    std::string name;
    unsigned level = 0;
};

// What an ASA gives an interface that gets no level.
unsigned usual_level(std::string_view name) { return name == "inside" ? 100 : 0; }

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& names) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    const std::string near = base::nearest_word(typed, known);
    return near.empty() ? std::string{} : "did you mean " + shown(near) + "?";
}

class Binder {
public:
    Binder(AsaConfiguration& configuration, const ImportOptions& options, Complaints& complaints)
        : it_(configuration), options_(options), complaints_(complaints) {}

    std::optional<Draft> bind() {
        draft_.name = complaints_.source().name();
        draft_.dialect = Dialect::cisco_asa;
        draft_.tracking = Tracking::gate;
        draft_.mid_stream_pickup = false;
        draft_.manners = {.bare_syn = true,
                          .unanswered_pass = true,
                          .tracks_icmp = false,
                          .tracks_errors = false,
                          .tracks_others = false};
        check_bindings();
        choose_sides();
        if (complaints_.errors()) return std::nullopt;
        // By what the options say, else as the file binds them.
        const std::string in = !options_.acl.empty() ? named_list(options_.acl) : assumed_list();
        const std::string back = named_list(options_.acl_return);
        if (complaints_.errors()) return std::nullopt;
        add_way(Side::client, client_, server_, in);
        add_way(Side::server, server_, client_, back);
        const auto list_of = [this](const Word& name) { return rules_of_class(name); };
        it_.policies.apply({client_.name, server_.name}, list_of, draft_.manners, draft_.own);
        if (complaints_.errors()) return std::nullopt;
        return std::move(draft_);
    }

private:
    // ---- lists ----
    // Every list that stands somewhere is read, so that a word that cannot be judged is found wherever it filters.
    void check_bindings() {
        for (const AsaInterface& i : it_.interfaces)
            if (!i.name.empty()) names_.push_back(i.name);
        for (const AsaBinding& binding : it_.bindings) {
            const auto list = it_.lists.find(binding.list.text);
            if (list == it_.lists.end() || (list->second.lines.empty() && !list->second.foreign))
                complaints_.error(binding.list, "there is no access list " + shown(binding.list.text), "unknown-list",
                                  did_you_mean(binding.list.text, it_.list_order));
            else if (list->second.foreign)
                complaints_.refuse_word(binding.list,
                                        shown(binding.list.text) + " is a list of the kind " +
                                            shown(list->second.foreign->text) + ", which judges no packets",
                                        "write an extended list");
            else
                (void)rules_of(list->first, list->second);
            const std::string name(binding.interface.text);
            if (binding.way != Way::global && !names_.empty() &&
                std::find(names_.begin(), names_.end(), name) == names_.end())
                complaints_.error(binding.interface, "no interface has the name " + shown(name), "unknown-interface",
                                  did_you_mean(name, names_));
        }
    }

    const std::vector<DraftRule>& rules_of(const std::string& name, const AsaList& list) {
        const auto [at, fresh] = read_.try_emplace(name);
        if (!fresh) return at->second;
        std::uint32_t number = 0;
        std::string remark;
        for (const AsaList::Line& line : list.lines) {
            const std::size_t begin = line.words[0].offset;
            const std::size_t end = line.words.back().offset + line.words.back().text.size();
            const std::string_view text = complaints_.source().text().substr(begin, end - begin);
            if (line.remark) {
                const bool says = line.at + 1 < line.words.size();
                remark = says ? std::string(text.substr(line.words[line.at + 1].offset - begin)) : std::string{};
                continue;
            }
            AsaEntry entry = read_entry(line.words, line.at, it_.objects, complaints_);
            ++number;
            Origin origin{complaints_.source().place_at(begin, end - begin), std::string(text),
                          std::exchange(remark, {}), number};
            if (const std::string used = entry.used.format(); !used.empty()) origin.text += " " + used;
            if (entry.inactive) continue;
            for (Rule& rule : entry.rules) {
                if (!count(rule, line.words[0])) return at->second;
                at->second.push_back({std::move(rule), origin});
            }
        }
        return at->second;
    }
    bool count(const Rule& rule, const Word& where) {
        for (const Match& match : rule.matches) {
            if (const auto* any = std::get_if<InAny>(&match.what))
                members_ += any->prefixes.size() + any->ranges.size();
            if (const auto* ports = std::get_if<PortIn>(&match.what)) members_ += ports->ranges.size();
        }
        if (members_ <= members_max) return true;
        complaints_.error(where, "the groups of all entries together hold more than two million members", "rule-cost");
        return false;
    }

    std::string named_list(const std::string& name) {
        if (name.empty()) return {};
        const auto list = it_.lists.find(name);
        if (list == it_.lists.end() || list->second.foreign || list->second.lines.empty())
            complaints_.add(base::Severity::error, "there is no extended access list " + shown(name), "unknown-list",
                            did_you_mean(name, it_.list_order));
        return name;
    }
    // A file of lists alone, without interfaces: the only list is the one that is meant.
    std::string assumed_list() {
        if (!names_.empty() || !it_.bindings.empty()) return {};
        std::vector<std::string> extended;
        for (const std::string& name : it_.list_order)
            if (!it_.lists.find(name)->second.foreign) extended.push_back(name);
        if (extended.empty()) {
            complaints_.add(base::Severity::error, "there is no extended access list in this file", "no-list");
            return {};
        }
        if (extended.size() > 1) {
            complaints_.add(base::Severity::error,
                            "there are several lists, and nothing says which one stands on the way to the server",
                            "which-list", "name it: acl = " + shown(extended.front()));
            return {};
        }
        complaints_.add(
            base::Severity::note,
            "the only list, " + base::printable(extended.front(), 60) + ", is taken for the way to the server",
            "list-assumed");
        return extended.front();
    }
    std::vector<Rule> rules_of_class(const Word& name) {
        const auto list = it_.lists.find(name.text);
        if (list == it_.lists.end() || list->second.foreign) {
            complaints_.error(name, "there is no extended access list " + shown(name.text), "unknown-list",
                              did_you_mean(name.text, it_.list_order));
            return {};
        }
        std::vector<Rule> rules;
        for (const DraftRule& rule : rules_of(list->first, list->second)) rules.push_back(rule.rule);
        return rules;
    }

    // ---- sides ----
    void choose_sides() {
        client_.name = options_.client_side.empty() ? "outside" : options_.client_side;
        server_.name = options_.server_side.empty() ? "inside" : options_.server_side;
        for (Edge* end : {&client_, &server_})
            find_end(*end, !(end == &client_ ? options_.client_side : options_.server_side).empty());
        if (complaints_.errors()) return;
        if (client_.name == server_.name)
            return complaints_.add(base::Severity::error,
                                   "client and server cannot both be at interface " + shown(client_.name),
                                   "which-interface", "name two: client_side and server_side");
        if (options_.client_side.empty() || options_.server_side.empty())
            complaints_.add(base::Severity::note,
                            "the clients are taken to be at interface " + base::printable(client_.name, 60) +
                                " (level " + std::to_string(client_.level) + "), the server at " +
                                base::printable(server_.name, 60) + " (level " + std::to_string(server_.level) + ")",
                            "sides-assumed", "client_side and server_side in the scenario say it otherwise");
        if (it_.crypto_map)
            complaints_.add(base::Severity::note, *it_.crypto_map,
                            "VPN is not modelled: clients are taken to call without a tunnel", "vpn-not-modelled",
                            "packets out of a tunnel pass the lists by as an ASA is installed (sysopt connection "
                            "permit-vpn)");
    }
    void find_end(Edge& end, bool said) {
        const auto known = std::find_if(it_.interfaces.begin(), it_.interfaces.end(),
                                        [&](const AsaInterface& i) { return i.name == end.name; });
        if (known != it_.interfaces.end()) {
            end.level = known->level.value_or(usual_level(end.name));
            if (known->shut)
                complaints_.refuse_line(*known->shut,
                                        "interface " + shown(end.name) + " is shut down, so nothing passes");
            if (known->management)
                complaints_.refuse_line(*known->management, "interface " + shown(end.name) +
                                                                " is for management, so nothing passes through it");
            return;
        }
        const bool bound = std::any_of(it_.bindings.begin(), it_.bindings.end(),
                                       [&](const AsaBinding& b) { return b.interface.text == end.name; });
        if (names_.empty() && (bound || !said || end.name == "inside" || end.name == "outside")) {
            end.level = usual_level(end.name);
            return complaints_.add(base::Severity::note,
                                   "interface " + base::printable(end.name, 60) +
                                       " is not described here; its security level is taken to be " +
                                       std::to_string(end.level) + ", as an ASA gives it to that name",
                                   "level-assumed");
        }
        if (said)
            return complaints_.add(base::Severity::error, "no interface has the name " + shown(end.name),
                                   "unknown-interface", did_you_mean(end.name, names_));
        std::string list;
        for (const std::string& name : names_) list += (list.empty() ? "" : ", ") + base::printable(name, 60);
        complaints_.add(
            base::Severity::error,
            "there is no interface " + shown(end.name) + ", and nothing says which interface has which side",
            "which-interface", "name both, client_side and server_side, out of " + list);
    }

    // ---- one way ----
    void add_way(Side from, const Edge& in, const Edge& out, const std::string& named) {
        const std::string levels = "security levels " + in.name + " (" + std::to_string(in.level) + ") to " + out.name +
                                   " (" + std::to_string(out.level) + ")";
        const bool apart = in.level == out.level && !it_.same_level_passes;
        const std::string list = !named.empty() ? named : bound(Way::in, in.name);
        const std::string global = bound(Way::global, {});
        if (apart && from == Side::client && !(list.empty() && global.empty()))
            complaints_.add(
                base::Severity::warning,
                "interfaces " + shown(in.name) + " and " + shown(out.name) +
                    " have the same security level, and same-security-traffic permit inter-interface is not "
                    "there: nothing passes, likely not even what a list permits",
                "equal-levels");
        if (apart || (list.empty() && global.empty()))
            bind_chain(from, add_chain(levels, Policy{apart ? Action::drop : levels_pass(in, out)}));
        if (!list.empty() || !global.empty()) {
            const ChainId chain =
                add_chain(list.empty() ? "the lists of " + in.name : list, Policy{Action::drop}, list);
            if (!global.empty()) go_on(chain, global);
            if (list.empty() && levels_pass(in, out) == Action::accept)
                complaints_.add(base::Severity::note,
                                "from interface " + base::printable(in.name, 60) +
                                    " only what the global list permits passes, although its level is higher (likely)",
                                "global-over-levels");
            bind_chain(from, chain);
        }
        if (const std::string last = bound(Way::out, out.name); !last.empty())
            bind_chain(from, add_chain(last, Policy{Action::drop}, last));
        add_resets(from, in, out);
    }
    Action levels_pass(const Edge& in, const Edge& out) const {
        const bool passes = in.level > out.level || (in.level == out.level && it_.same_level_passes);
        return passes ? Action::accept : Action::drop;
    }
    std::string bound(Way way, std::string_view interface) const {
        for (const AsaBinding& b : it_.bindings)
            if (b.way == way && b.interface.text == interface) return std::string(b.list.text);
        return {};
    }
    ChainId add_chain(std::string name, std::optional<Policy> policy, const std::string& list = {}) {
        const ChainId id{static_cast<std::uint32_t>(draft_.chains.size())};
        DraftChain chain{.name = std::move(name), .policy = policy, .place = base::Place{complaints_.source().name()}};
        if (!list.empty()) chain.rules = rules_of(list, it_.lists.find(list)->second);
        draft_.chains.push_back(std::move(chain));
        return id;
    }
    // Where an interface's list ends, the global one goes on.
    void go_on(ChainId chain, const std::string& global) {
        if (!global_) global_ = add_chain(global, std::nullopt, global);
        for (const AsaBinding& b : it_.bindings) {
            if (b.way != Way::global) continue;
            Rule rule;
            rule.target = {Target::Kind::go_to, std::nullopt, *global_};
            draft_.chains[chain.index].rules.push_back(
                {std::move(rule),
                 {complaints_.source().place_at(b.list.offset, b.list.text.size()),
                  "access-group " + std::string(b.list.text) + " global",
                  {}}});
        }
    }
    void bind_chain(Side from, ChainId chain) {
        draft_.bindings.push_back({.hook = Hook::forward, .chain = chain, .from = from});
    }
    void add_resets(Side from, const Edge& in, const Edge& out) {
        for (const AsaReset& reset : it_.resets) {
            const bool way = reset.inbound ? in.level <= out.level : in.level >= out.level;
            if (!way || (!reset.interface.empty() && reset.interface != in.name)) continue;
            (from == Side::client ? draft_.manners.resets_from_client : draft_.manners.resets_from_server) = true;
        }
    }

    AsaConfiguration& it_;
    const ImportOptions& options_;
    Complaints& complaints_;
    Draft draft_;
    std::vector<std::string> names_;  // nameif
    Edge client_, server_;
    std::map<std::string, std::vector<DraftRule>> read_;
    std::optional<ChainId> global_;
    std::size_t members_ = 0;
};

}  // namespace

std::optional<Draft> bind_asa(AsaConfiguration& configuration, const ImportOptions& options, Complaints& complaints) {
    return Binder(configuration, options, complaints).bind();
}

}  // namespace sim::firewall::import
