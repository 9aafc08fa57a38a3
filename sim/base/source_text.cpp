#include "sim/base/diagnostic.hpp"
#include "sim/base/text_form.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sim::base {

namespace {

std::uint32_t clamped(std::size_t value) {
    return static_cast<std::uint32_t>(std::min<std::size_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

SourceText::SourceText(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
    text_.erase(0, text_.size() - without_mark(text_).size());
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        const bool first_half_of_pair = text_[i] == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n';
        if ((text_[i] == '\n' || text_[i] == '\r') && !first_half_of_pair) line_starts_.push_back(i + 1);
    }
}

std::string_view SourceText::line(std::size_t number) const {
    if (number == 0 || number > line_starts_.size()) return {};
    const std::size_t start = line_starts_[number - 1];
    const std::size_t end = number == line_starts_.size() ? text_.size() : line_starts_[number];
    std::string_view found = std::string_view(text_).substr(start, end - start);
    if (number == line_starts_.size()) return found;
    const bool pair = found.size() >= 2 && found.substr(found.size() - 2) == "\r\n";
    found.remove_suffix(pair ? 2 : 1);
    return found;
}

Place SourceText::place_at(std::size_t offset, std::size_t length) const {
    const std::size_t at = std::min(offset, text_.size());
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), at);
    const auto number = static_cast<std::size_t>(after - line_starts_.begin());
    return {.file = name_,
            .line = clamped(number),
            .column = clamped(at - line_starts_[number - 1] + 1),
            .length = clamped(std::max<std::size_t>(length, 1))};
}

Diagnostic SourceText::diagnose(Severity severity, Place place, std::string what, std::string id,
                                std::string hint) const {
    if (place.file.empty()) place.file = name_;
    std::string source_line(line(place.line));
    return {.severity = severity,
            .place = std::move(place),
            .what = std::move(what),
            .id = std::move(id),
            .hint = std::move(hint),
            .source_line = std::move(source_line)};
}

}  // namespace sim::base
