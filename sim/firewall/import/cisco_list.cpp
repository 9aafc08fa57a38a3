#include "sim/firewall/import/cisco_list.hpp"

#include <algorithm>

namespace sim::firewall::import::cisco {

std::optional<std::uint32_t> list_number(std::string_view text) {
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    return static_cast<std::uint32_t>(std::stoul(std::string(text)));
}

bool is_extended(std::uint32_t number) {
    return (number >= 100 && number <= 199) || (number >= 2000 && number <= 2699);
}

bool is_standard(std::uint32_t number) { return (number >= 1 && number <= 99) || (number >= 1300 && number <= 1999); }

std::string written(const std::vector<std::string>& order, const Lists& lists) {
    std::string text;
    for (const std::string& name : order) {
        const List& list = lists.at(name);
        if (list.standard && !list.used) continue;
        text += std::string("ip access-list ") + (list.standard ? "standard " : "extended ") + name + "\n";
        for (const Entry& entry : list.entries) {
            if (!entry.rule.origin.note.empty()) text += " remark " + entry.rule.origin.note + "\n";
            const std::vector<Word> words = split(entry.rule.origin.text, 0);
            auto from = std::find_if(words.begin(), words.end(),
                                     [](const Word& w) { return w.text == "permit" || w.text == "deny"; });
            text += " " + std::to_string(entry.sequence);
            for (; from != words.end(); ++from) text += " " + std::string(from->text);
            text += "\n";
        }
    }
    return text;
}

}  // namespace sim::firewall::import::cisco
