// A rule file under the pen: lines with their own ends, what was done to each, and the whole as text again.
//
// Lines count from 1 and move as lines are inserted; each remembers its number in the original. Lines that nobody
// touches keep every octet. Copying one is how a change is tried and thrown away.
#pragma once

#include "sim/firewall/mend/mend.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::mend {

class Manuscript {
public:
    explicit Manuscript(std::string_view text);

    std::uint32_t size() const { return static_cast<std::uint32_t>(lines_.size()); }
    // Requires 1 <= number <= size().
    const std::string& line(std::uint32_t number) const { return lines_[number - 1].text; }
    // Its number in the original; 0 for a new line.
    std::uint32_t original(std::uint32_t number) const { return lines_[number - 1].original; }

    // 1 <= number <= size() + 1. The new line ends as its neighbours do.
    void insert_before(std::uint32_t number, std::string text, std::string why);
    void change(std::uint32_t number, std::string text, std::string why);
    // `as_comment` is what stands there from now on.
    void remove(std::uint32_t number, std::string as_comment, std::string why);

    std::string text() const;
    std::vector<RuleEdit> edits() const;

private:
    struct Line {
        std::string text;
        std::string end{};  // "\n", "\r\n", "\r", or nothing behind the last line
        std::uint32_t original = 0;
        std::string before{};  // when changed or removed
        std::string why{};     // when anything was done to it
        bool removed = false;
    };
    void touch(Line& line, std::string text, std::string why);

    std::vector<Line> lines_;
    std::string usual_end_ = "\n";
};

}  // namespace sim::firewall::mend
