#include "sim/firewall/mend/manuscript.hpp"

#include <algorithm>
#include <cassert>

namespace sim::firewall::mend {

Manuscript::Manuscript(std::string_view text) {
    while (!text.empty()) {
        const std::size_t at = std::min(text.find_first_of("\r\n"), text.size());
        const std::size_t width = at == text.size() ? 0 : text.substr(at, 2) == "\r\n" ? 2 : 1;
        lines_.push_back({std::string(text.substr(0, at)), std::string(text.substr(at, width)), size() + 1});
        text.remove_prefix(at + width);
    }
    if (!lines_.empty() && !lines_.front().end.empty()) usual_end_ = lines_.front().end;
}

void Manuscript::insert_before(std::uint32_t number, std::string text, std::string why) {
    assert(number >= 1 && number <= size() + 1);
    Line line{.text = std::move(text), .end = usual_end_, .why = std::move(why)};
    if (number > 1) {
        Line& above = lines_[number - 2];
        if (above.end.empty()) {  // the last line, without an end: the new one takes its place
            above.end = usual_end_;
            line.end.clear();
        } else {
            line.end = above.end;
        }
    }
    lines_.insert(lines_.begin() + (number - 1), std::move(line));
}

void Manuscript::touch(Line& line, std::string text, std::string why) {
    if (line.original != 0 && line.why.empty()) line.before = std::move(line.text);
    line.text = std::move(text);
    line.why = std::move(why);
}

void Manuscript::change(std::uint32_t number, std::string text, std::string why) {
    touch(lines_[number - 1], std::move(text), std::move(why));
}

void Manuscript::remove(std::uint32_t number, std::string as_comment, std::string why) {
    touch(lines_[number - 1], std::move(as_comment), std::move(why));
    lines_[number - 1].removed = true;
}

std::string Manuscript::text() const {
    std::string text;
    for (const Line& line : lines_) text += line.text + line.end;
    return text;
}

std::vector<RuleEdit> Manuscript::edits() const {
    std::vector<RuleEdit> edits;
    std::uint32_t next = 1;  // line of the original
    for (const Line& line : lines_) {
        if (line.original == 0)
            edits.push_back({RuleEdit::Kind::inserted, next, {}, line.text, line.why});
        else
            next = line.original + 1;
        if (line.original != 0 && !line.why.empty())
            edits.push_back({line.removed ? RuleEdit::Kind::removed : RuleEdit::Kind::changed, line.original,
                             line.before, line.text, line.why});
    }
    return edits;
}

}  // namespace sim::firewall::mend
