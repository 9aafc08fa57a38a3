// The only file that knows the TOML library.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 32
// The library asserts what a text can break ("[[{"), and then handles the very same case as a syntax error. So its
// assertions are left out; and NDEBUG with them, for there they become promises to the optimiser.
#define TOML_ASSERT(condition) static_cast<void>(0)
#undef NDEBUG

#include "scenarios/runner/toml_tree.hpp"

#include "scenarios/runner/toml_hints.hpp"
#include "scenarios/runner/toml_scan.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

namespace scenarios::runner {
namespace {

namespace base = sim::base;

constexpr int attempts_max = 20;            // syntax errors told of one file
constexpr std::size_t nodes_max = 200'000;  // values in a file
constexpr std::size_t keys_max = 512;       // keys of one table; the format needs some twenty, and one for each site
constexpr std::string_view aside = "__behind_broken_header_";  // tables that the reader leaves out

// The library counts columns in characters, places in octets. The characters of the last line asked for are remembered:
// a line may hold a hundred thousand values, and each asks.
class Columns {
public:
    explicit Columns(const base::SourceText& source) : source_(source) {}

    std::uint32_t octets(std::uint32_t line, std::uint32_t character) {
        if (line != line_) remember(line);
        const std::size_t index = std::min<std::size_t>(std::max(character, 1U) - 1, begins_.size() - 1);
        return begins_[index] + 1;
    }

private:
    void remember(std::uint32_t line) {
        const std::string_view text = source_.line(line);
        line_ = line;
        begins_.clear();
        for (std::size_t at = 0; at < text.size(); ++at)
            if ((static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80U)
                begins_.push_back(static_cast<std::uint32_t>(at));
        begins_.push_back(static_cast<std::uint32_t>(text.size()));
    }

    const base::SourceText& source_;
    std::uint32_t line_ = 0;
    std::vector<std::uint32_t> begins_{0};  // where each character begins, and the end of the line
};

// From the library's tree to ours, with bounds on what it may hold.
class Converter {
public:
    Converter(const base::SourceText& source, base::Diagnostics& diagnostics)
        : source_(source), columns_(source), diagnostics_(diagnostics) {}

    std::size_t nodes() const { return nodes_; }

    NodePtr convert(const toml::node& from) {
        auto node = std::make_shared<Node>();
        node->spot = spot(from.source());
        if (++nodes_ > nodes_max) {
            complain(node->spot, fmt::format("the file holds more than {} values", nodes_max), "too-large");
            return node;
        }
        if (const auto* table = from.as_table())
            fill_table(*node, *table);
        else if (const auto* list = from.as_array())
            fill_list(*node, *list);
        else
            fill_value(*node, from);
        return node;
    }

private:
    Spot spot(const toml::source_region& region) {
        Spot spot{.line = region.begin.line, .column = columns_.octets(region.begin.line, region.begin.column)};
        if (region.end.line == region.begin.line)
            spot.length = std::max(columns_.octets(region.end.line, region.end.column), spot.column + 1) - spot.column;
        return spot;
    }

    void complain(Spot at, std::string what, std::string id) {
        if (complained_) return;
        complained_ = true;
        diagnostics_.push_back(source_.diagnose(base::Severity::error, {source_.name(), at.line, at.column, at.length},
                                                std::move(what), std::move(id)));
    }

    void fill_table(Node& node, const toml::table& table) {
        node.kind = NodeKind::table;
        if (table.size() > keys_max) {
            complain(node.spot, fmt::format("this table has more than {} keys", keys_max), "too-large");
            return;
        }
        for (const auto& [key, value] : table) {
            if (key.str().substr(0, aside.size()) == aside) continue;
            node.entries.push_back({std::string(key.str()), spot(key.source()), convert(value)});
        }
        std::sort(node.entries.begin(), node.entries.end(), [](const Entry& a, const Entry& b) {
            return std::pair(a.key_spot.line, a.key_spot.column) < std::pair(b.key_spot.line, b.key_spot.column);
        });
    }

    void fill_list(Node& node, const toml::array& list) {
        node.kind = NodeKind::list;
        for (const auto& item : list) {
            if (nodes_ > nodes_max) return;
            node.items.push_back(convert(item));
        }
    }

    static void fill_value(Node& node, const toml::node& from) {
        if (const auto* text = from.as_string()) {
            node.kind = NodeKind::text;
            node.text = text->get();
        } else if (const auto* integer = from.as_integer()) {
            node.kind = NodeKind::integer;
            node.integer = integer->get();
        } else if (const auto* boolean = from.as_boolean()) {
            node.kind = NodeKind::boolean;
            node.boolean = boolean->get();
        } else {
            node.kind = from.is_floating_point() ? NodeKind::real : NodeKind::moment;
        }
    }

    const base::SourceText& source_;
    Columns columns_;
    base::Diagnostics& diagnostics_;
    std::size_t nodes_ = 0;
    bool complained_ = false;
};

// The text as lines that can be left out one by one, so that reading goes on behind an error.
class Draft {
public:
    explicit Draft(std::string_view text) : lines_(1) {
        std::size_t begin = 0;
        for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', begin)) {
            lines_.emplace_back(text.substr(begin, end - begin));
            begin = end + 1;
        }
        lines_.emplace_back(text.substr(begin));
    }

    std::string text() const {
        std::string whole;
        for (std::size_t i = 1; i < lines_.size(); ++i) {
            whole += lines_[i];
            whole += '\n';
        }
        return whole;
    }

    // Takes the broken statement around a line out. A header is mended if it can be, else it gets a name that the
    // reader leaves out, so that its keys do not fall to the table before it. False when nothing is left to take out.
    bool repair(std::size_t line, bool duplicate) {
        line = std::clamp<std::size_t>(line, 1, lines_.size() - 1);
        const LineSpan span = broken_statement(lines_, scan_lines(text()), line);
        bool changed = false;
        for (std::size_t i = span.first; i <= span.last; ++i) {
            if (lines_[i].find_first_not_of(" \t\r") == std::string::npos) continue;
            lines_[i] = looks_like_header(lines_[i]) ? another_header(lines_[i], duplicate) : std::string();
            changed = true;
        }
        return changed;
    }

    // The line where a string of several lines begins that goes on to the end; 0 when there is none.
    std::size_t open_text_before_end() const {
        const std::vector<LineState> states = scan_lines(text());
        std::size_t line = states.size() - 1;
        if (line < 2 || !states[line].in_text) return 0;
        while (line > 1 && states[line].in_text) --line;
        return line;
    }

private:
    std::string another_header(const std::string& line, bool duplicate) {
        const std::size_t brackets = line.find("[[") != std::string::npos ? 2 : 1;
        const std::size_t begin = line.find('[') + brackets;
        std::size_t end = begin;
        while (end < line.size() && (std::isalnum(static_cast<unsigned char>(line[end])) != 0 || line[end] == '.' ||
                                     line[end] == '_' || line[end] == '-'))
            ++end;
        const std::string mended =
            std::string(brackets, '[') + line.substr(begin, end - begin) + std::string(brackets, ']');
        if (!duplicate && end > begin && line[end - 1] != '.' && mended != line) return mended;
        return fmt::format("[{}{}]", aside, ++set_aside_);
    }

    std::vector<std::string> lines_;  // from 1
    int set_aside_ = 0;
};

bool too_deep(const base::SourceText& source, base::Diagnostics& diagnostics) {
    const std::vector<LineState> states = scan_lines(source.text());
    for (std::size_t line = 1; line < states.size(); ++line) {
        if (!states[line].too_deep) continue;
        diagnostics.push_back(source.diagnose(base::Severity::error,
                                              {source.name(), static_cast<std::uint32_t>(line), 1, 1},
                                              "brackets or keys nest deeper here than any scenario needs", "too-deep",
                                              "perhaps a closing bracket is missing further up"));
        return true;
    }
    return false;
}

base::Diagnostic explain(const base::SourceText& source, const Draft& draft, const toml::parse_error& error) {
    const auto begin = error.source().begin;
    const bool at_end = error.description().find("end-of-file") != std::string_view::npos;
    const auto tell = [&](std::size_t line, const SyntaxError& found) {
        return source.diagnose(base::Severity::error,
                               {source.name(), static_cast<std::uint32_t>(line), found.column, found.length},
                               found.what, found.id, found.hint);
    };
    // The library stands at the end of the file: what was never closed began further up.
    if (const std::size_t open = at_end ? draft.open_text_before_end() : 0; open > 0)
        return tell(open, {"the text that begins here is never closed", "open-string",
                           "end it with the three quotes that it begins with", 1,
                           static_cast<std::uint32_t>(std::max<std::size_t>(source.line(open).size(), 1))});
    std::uint32_t number = std::min(begin.line, static_cast<std::uint32_t>(source.line_count()));
    while (number > 1 && source.line(number).find_first_not_of(" \t\r") == std::string_view::npos) --number;
    const std::string_view line = source.line(number);
    const std::uint32_t column = number == begin.line ? Columns(source).octets(number, begin.column)
                                                      : static_cast<std::uint32_t>(line.size()) + 1;
    return tell(number, explain_syntax(line, column, error.description()));
}

}  // namespace

std::string_view describe(NodeKind kind) {
    switch (kind) {
        case NodeKind::table: return "a table";
        case NodeKind::list: return "a list";
        case NodeKind::text: return "text";
        case NodeKind::integer: return "a number";
        case NodeKind::real: return "a number with a fraction";
        case NodeKind::boolean: return "true or false";
        case NodeKind::moment: return "a date or time";
    }
    return "a value";
}

const Entry* Node::find(std::string_view key) const {
    for (const Entry& entry : entries)
        if (entry.key == key) return &entry;
    return nullptr;
}

TomlResult read_toml(const base::SourceText& source) {
    TomlResult result;
    if (auto wrong = not_a_text(source)) {
        result.diagnostics.push_back(std::move(*wrong));
        return result;
    }
    if (too_deep(source, result.diagnostics)) return result;

    Draft draft(source.text());
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        const std::string text = attempt == 0 ? std::string(source.text()) : draft.text();
        const toml::parse_result parsed = toml::parse(std::string_view(text));
        if (parsed) {
            Converter converter(source, result.diagnostics);
            result.root = converter.convert(parsed.table());
            result.nodes = converter.nodes();
            return result;
        }
        result.syntax_errors = true;
        result.diagnostics.push_back(explain(source, draft, parsed.error()));
        const bool duplicate = parsed.error().description().find("redefine") != std::string_view::npos;
        if (!draft.repair(parsed.error().source().begin.line, duplicate)) return result;
    }
    return result;
}

}  // namespace scenarios::runner
