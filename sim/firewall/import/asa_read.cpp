// Reading: each line of a configuration goes to whom it is for.
#include "sim/firewall/import/asa.hpp"
#include "sim/firewall/import/asa_words.hpp"
#include "sim/firewall/import/cisco_names.hpp"

#include <algorithm>

namespace sim::firewall::import {
namespace {

// Whom the lines below the one at the margin belong to.
enum class Block : std::uint8_t { nothing, interface, object, policy, left_alone, refused };

class Reader {
public:
    Reader(AsaConfiguration& configuration, Complaints& complaints) : it_(configuration), complaints_(complaints) {}

    void read() {
        const base::SourceText& source = complaints_.source();
        for (std::size_t n = 1; n <= source.line_count(); ++n) {
            const std::string_view text = source.line(n);
            if (text.empty()) continue;
            const auto offset = static_cast<std::size_t>(text.data() - source.text().data());
            AsaLine line{.words = cisco::split(text, offset), .indent = text.find_first_not_of(" \t")};
            if (line.words.empty() || line.word(0)[0] == '!' || line.word(0)[0] == ':') continue;
            if (line.indent == 0)
                read_at_margin(line);
            else
                read_below(line);
        }
    }

private:
    void read_below(const AsaLine& line) {
        switch (block_) {
            case Block::interface: read_in_interface(line); return;
            case Block::object: it_.objects.read_member(line); return keep(line);
            case Block::policy: it_.policies.read_below(line); return keep(line);
            case Block::left_alone:
            case Block::refused: return;
            case Block::nothing: break;
        }
        complaints_.refuse_line(line.words[0], shown(line.word(0)) + " stands below a line that has none below it");
    }

    void read_at_margin(const AsaLine& line) {
        const std::string_view first = line.word(0), second = line.word(1);
        block_ = Block::nothing;
        if (first == "access-list") return read_list_line(line);
        if (first == "no") return read_no(line);
        // Headers and marks that show commands print.
        if (first == "ASA" || first == "PIX" || first == "end" || first.starts_with("Cryptochecksum:")) return;
        if (!read_kept(line, first, second)) return read_other(line, first, second);
        keep(line);
    }
    // What counts, lists apart.
    bool read_kept(const AsaLine& line, std::string_view first, std::string_view second) {
        if (first == "interface") return open_interface(line), true;
        if (first == "object" || first == "object-group") {
            block_ = Block::object;
            if (first == "object-group" && (second == "user" || second == "security")) block_ = Block::left_alone;
            return it_.objects.open(line), true;
        }
        if (first == "class-map" || first == "policy-map") {
            block_ = Block::policy;
            return first == "class-map" ? it_.policies.open_class(line) : it_.policies.open_policy(line), true;
        }
        if (first == "name") return it_.objects.read_name(line), true;
        if (first == "access-group") return read_group(line), true;
        if (first == "service-policy") return it_.policies.read_service_policy(line), true;
        if (first == "timeout") return it_.policies.read_timeout(line), true;
        if (first == "same-security-traffic") return read_same_level(line), true;
        if (first == "service" && (second == "resetinbound" || second == "resetoutbound"))
            return read_reset(line), true;
        return false;
    }

    // ---- what does not count, and what nobody knows ----
    void read_other(const AsaLine& line, std::string_view first, std::string_view second) {
        block_ = Block::left_alone;
        if (first == "service") {
            for (const std::string_view harmless :
                 {"resetoutside", "password-recovery", "call-home", "telemetry", "sw-reset-button"})
                if (second == harmless) return left_alone();
        }
        for (const std::string_view who : {"match", "include", "exclude"})
            if (first == "aaa" && line.word(2) == who)
                return refuse(line, "users would have to log on before their packets pass");
        if (first == "threat-detection" &&
            std::any_of(line.words.begin(), line.words.end(), [](const Word& w) { return w.text == "shun"; }))
            return refuse(line, "it drops packets of attackers by itself");
        if (first == "crypto" && second == "map" && line.word(3) == "interface") it_.crypto_map = line.words[1];
        const auto bearing = bearing_of(first, second);
        if (bearing && bearing->harmless) return left_alone();
        if (bearing) return refuse(line, bearing->why);
        block_ = Block::refused;
        complaints_.refuse_line(line.words[0], shown(first) + " is not known here, and may change what passes",
                                first == "permit" || first == "deny" || first == "ip"
                                    ? "if this is a configuration of IOS, say so: import_format = \"cisco\""
                                    : "take the line out if it does not concern this path");
    }
    void refuse(const AsaLine& line, std::string_view why) {
        block_ = Block::refused;
        complaints_.refuse_line(line.words[0], shown(line.word(0)) + " is not supported: " + std::string(why));
    }
    void left_alone() { ++it_.left_alone; }

    // "no X" in a configuration says that X is off. Of what is read here that may matter.
    void read_no(const AsaLine& line) {
        const std::string_view what = line.word(1);
        block_ = Block::left_alone;
        for (const std::string_view word : {"access-list", "access-group", "object", "object-group", "name",
                                            "class-map", "policy-map", "service-policy", "interface"})
            if (what == word)
                return complaints_.refuse_line(line.words[0], "a line that takes something away is not supported",
                                               "give the configuration as show running-config prints it");
        if (what == "same-security-traffic") it_.same_level_passes &= line.word(3) != "inter-interface";
        if (what == "service") std::erase_if(it_.resets, [&](const AsaReset& r) { return off(r, line); });
        for (const std::string_view word : {"same-security-traffic", "service", "timeout"})
            if (what == word) return left_alone();
        if (bearing_of(what, line.word(2))) return left_alone();
        block_ = Block::refused;
        complaints_.refuse_line(line.words.size() > 1 ? line.words[1] : line.words[0],
                                shown(what) + " is not known here, and may change what passes");
    }
    static bool off(const AsaReset& reset, const AsaLine& line) {
        const bool same = line.word(2) == (reset.inbound ? "resetinbound" : "resetoutbound");
        return same && (line.word(3) != "interface" || line.word(4) == reset.interface);
    }

    // ---- lists ----
    void read_list_line(const AsaLine& line) {
        Cursor words(line.words, 1, complaints_);
        const Word* name = words.take("the name of the list");
        const Word* kind = words.take("extended, or remark,");
        if (kind == nullptr) return;
        // These speak of all lists.
        if (name->text == "alert-interval" || name->text == "deny-flow-max") return left_alone();
        const auto [at, fresh] = it_.lists.try_emplace(std::string(name->text));
        if (fresh) it_.list_order.push_back(at->first);
        AsaList& list = at->second;
        std::size_t place = list.lines.size();
        std::size_t next = 3;
        if (kind->text == "line") {
            const Word* number = words.take("the number of the line");
            kind = words.take("extended, or remark,");
            if (kind == nullptr) return;
            const auto wanted = cisco::decimal(number->text, 65535);
            if (!wanted || *wanted == 0)
                return complaints_.error(*number, shown(number->text) + " is no number of a line", "bad-list");
            place = std::min<std::size_t>(place, *wanted - 1U);
            next = 5;
        }
        AsaList::Line entry{.words = line.words, .at = next - 1, .remark = kind->text == "remark"};
        if (kind->text == "extended") {
            const Word* action = words.take("permit or deny");
            if (action == nullptr) return;
            if (action->text != "permit" && action->text != "deny")
                return complaints_.refuse_word(*action,
                                               shown(action->text) + " is not supported: an entry is permit or deny");
            entry.at = next;
        } else if (kind->text == "permit" || kind->text == "deny") {
            return complaints_.refuse_line(*kind, "\"extended\" is missing before " + shown(kind->text),
                                           "access-list " + base::printable(name->text, 60) + " extended " +
                                               std::string(kind->text) +
                                               " ... for an ASA; an access list of IOS has no such word");
        } else if (!entry.remark) {
            list.foreign = *kind;
            return;
        }
        list.lines.insert(list.lines.begin() + static_cast<std::ptrdiff_t>(place), std::move(entry));
    }

    void read_group(const AsaLine& line) {
        Cursor words(line.words, 1, complaints_);
        const Word* list = words.take("the name of a list");
        const Word* way = words.take("in, out or global");
        if (way == nullptr) return;
        AsaBinding binding{.list = *list, .way = AsaBinding::Way::global, .interface = {}};
        if (way->text == "in" || way->text == "out") {
            binding.way = way->text == "in" ? AsaBinding::Way::in : AsaBinding::Way::out;
            if (!words.take_if("interface"))
                return words.error(*way, "\"interface\" and its name must stand behind this", "bad-group");
            const Word* name = words.take("the name of the interface");
            if (name == nullptr) return;
            binding.interface = *name;
        } else if (way->text != "global") {
            return words.error(*way, "this is access-group NAME in interface IF, or out, or global", "bad-group");
        }
        if (words.take_if("control-plane")) return;  // for the ASA itself
        words.take_if("per-user-override");          // of users that log on, and nobody does
        words.end();
        if (words.stopped()) return;
        std::erase_if(it_.bindings, [&](const AsaBinding& b) {  // the last one holds
            return b.way == binding.way && b.interface.text == binding.interface.text;
        });
        it_.bindings.push_back(binding);
    }

    // ---- interfaces ----
    void open_interface(const AsaLine& line) {
        block_ = Block::interface;
        if (line.words.size() < 2)
            complaints_.error(line.words[0], "the name of the interface is missing behind this", "missing-word");
        it_.interfaces.emplace_back();
    }
    void read_in_interface(const AsaLine& line) {
        AsaInterface& interface = it_.interfaces.back();
        Cursor words(line.words, 1, complaints_);
        const std::string_view first = line.word(0);
        if (first == "no") {
            const std::string_view what = line.word(1);
            if (what == "nameif" || what == "shutdown" || what == "security-level" || what == "management-only" ||
                bearing_in_interface(what))
                return;
            return complaints_.refuse_line(line.words[0],
                                           shown("no " + std::string(what)) + " is not known in an interface");
        }
        if (first == "nameif") {
            const Word* name = words.take("the name of the interface");
            if (name != nullptr) interface.name = std::string(name->text);
        } else if (first == "security-level") {
            const Word* number = words.take("a level from 0 to 100");
            const auto level = number != nullptr ? cisco::decimal(number->text, 100) : std::nullopt;
            if (level) interface.level = *level;
            if (number != nullptr && !level)
                words.error(*number, shown(number->text) + " is no level from 0 to 100", "bad-level");
        } else if (first == "shutdown") {
            interface.shut = line.words[0];
        } else if (first == "management-only") {
            interface.management = line.words[0];
        } else {
            const auto bearing = bearing_in_interface(first);
            if (bearing && bearing->harmless) return;
            return complaints_.refuse_line(
                line.words[0], bearing ? shown(first) + " is not supported: " + std::string(bearing->why)
                                       : shown(first) + " is not known in an interface, and may change what passes");
        }
        words.end();
        keep(line);
    }

    // ---- settings ----
    void read_same_level(const AsaLine& line) {
        const bool known =
            line.word(1) == "permit" && (line.word(2) == "inter-interface" || line.word(2) == "intra-interface");
        if (!known)
            return complaints_.refuse_line(line.words.back(),
                                           "this is same-security-traffic permit inter-interface, or intra-interface");
        it_.same_level_passes |= line.word(2) == "inter-interface";
    }
    void read_reset(const AsaLine& line) {
        Cursor words(line.words, 2, complaints_);
        AsaReset reset{.inbound = line.word(1) == "resetinbound", .interface = {}};
        if (words.take_if("interface"))
            if (const Word* name = words.take("the name of the interface")) reset.interface = std::string(name->text);
        words.end();
        it_.resets.push_back(std::move(reset));
    }

    void keep(const AsaLine& line) {
        std::string text(std::min<std::size_t>(line.indent, 4), ' ');
        for (std::size_t i = 0; i < line.words.size(); ++i)
            text += (i == 0 ? "" : " ") + std::string(line.words[i].text);
        it_.kept.push_back(std::move(text));
    }

    AsaConfiguration& it_;
    Complaints& complaints_;
    Block block_ = Block::nothing;
};

}  // namespace

void read_asa(AsaConfiguration& configuration, Complaints& complaints) { Reader(configuration, complaints).read(); }

}  // namespace sim::firewall::import
