#include "sim/firewall/import/nft_json.hpp"

#include <charconv>

namespace sim::firewall::import::nft {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& text, std::uint32_t code) {
    const auto put = [&text](std::uint32_t octet) { text += static_cast<char>(octet); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xc0U | code >> 6U);
    } else if (code < 0x10000) {
        put(0xe0U | code >> 12U);
        put(0x80U | (code >> 6U & 0x3fU));
    } else {
        put(0xf0U | code >> 18U);
        put(0x80U | (code >> 12U & 0x3fU));
        put(0x80U | (code >> 6U & 0x3fU));
    }
    put(0x80U | (code & 0x3fU));
}

// One walk over the text. Every function stops at the first fault; `fault_` says which it was.
class Parser {
public:
    explicit Parser(const base::SourceText& source) : source_(source), text_(source.text()) {}

    base::Result<Json, base::Diagnostics> parse() {
        if (text_.substr(0, 3) == "\xef\xbb\xbf") at_ = 3;  // a byte order mark
        Json value;
        blanks();
        if (!read(value, 0)) return base::failure(base::Diagnostics{fault_});
        blanks();
        if (at_ != text_.size()) {
            fail(at_, "something stands behind the end of the JSON value", "bad-json");
            return base::failure(base::Diagnostics{fault_});
        }
        return value;
    }

private:
    bool fail(std::size_t offset, std::string what, std::string id, std::string hint = {}) {
        fault_ = source_.diagnose(base::Severity::error, source_.place_at(std::min(offset, text_.size())),
                                  std::move(what), std::move(id), std::move(hint));
        return false;
    }
    bool unexpected(std::string_view wanted) {
        if (at_ >= text_.size())
            return fail(at_, "the text ends in the middle; here " + std::string(wanted) + " should stand", "bad-json",
                        "perhaps the file was cut off");
        return fail(at_, "this is no JSON: " + std::string(wanted) + " should stand here", "bad-json");
    }

    void blanks() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }
    bool take(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    bool read(Json& value, std::size_t depth) {
        value.offset = at_;
        if (depth > json_depth_max) return fail(at_, "values are nested too deeply", "json-too-deep");
        if (++values_ > json_values_max) return fail(at_, "there are too many values", "json-too-large");
        const bool read = at_ >= text_.size() ? unexpected("a value") : read_by_first(value, depth);
        value.length = at_ - value.offset;
        return read;
    }
    bool read_by_first(Json& value, std::size_t depth) {
        const char c = text_[at_];
        if (c == '{') return read_object(value, depth);
        if (c == '[') return read_list(value, depth);
        if (c == '"') {
            value.kind = Json::Kind::text;
            return read_text(value.text);
        }
        if (c == '-' || is_digit(c)) return read_number(value);
        return read_word(value);
    }
    bool read_word(Json& value) {
        for (const std::string_view word : {"null", "true", "false"}) {
            if (text_.substr(at_, word.size()) != word) continue;
            value.kind = word == "null" ? Json::Kind::null : Json::Kind::boolean;
            value.truth = word == "true";
            at_ += word.size();
            return true;
        }
        return unexpected("a value");
    }
    bool read_number(Json& value) {
        const std::size_t begin = at_;
        take('-');
        const bool zero = take('0');
        if (!zero && !digits()) return unexpected("a digit");
        bool whole = true;
        if (take('.')) {
            whole = false;
            if (!digits()) return unexpected("a digit");
        }
        if (take('e') || take('E')) {
            whole = false;
            if (!take('+')) take('-');
            if (!digits()) return unexpected("a digit");
        }
        value.kind = Json::Kind::number;
        value.text = std::string(text_.substr(begin, at_ - begin));
        std::int64_t number = 0;
        const char* end = value.text.data() + value.text.size();
        const auto [stop, error] = std::from_chars(value.text.data(), end, number);
        if (whole && error == std::errc{} && stop == end) value.number = number;
        return true;
    }
    bool digits() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        return at_ != begin;
    }

    bool read_text(std::string& text) {
        ++at_;
        for (;;) {
            if (at_ >= text_.size()) return unexpected("the closing quote");
            const char c = text_[at_];
            if (static_cast<unsigned char>(c) < 0x20)
                return fail(at_, "a control character stands in a text", "bad-json");
            ++at_;
            if (c == '"') return true;
            if (c != '\\')
                text += c;
            else if (!read_escape(text))
                return false;
        }
    }
    bool read_escape(std::string& text) {
        if (at_ >= text_.size()) return unexpected("the rest of an escape");
        constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        const char c = text_[at_];
        if (const std::size_t known = letters.find(c); known != letters.npos) {
            ++at_;
            text += meanings[known];
            return true;
        }
        if (c != 'u') return unexpected("one of \" \\ / b f n r t u");
        ++at_;
        std::uint32_t code = 0;
        if (!read_hex(code)) return false;
        if (code >= 0xd800 && code < 0xe000) {
            const std::size_t begin = at_ - 4;
            std::uint32_t low = 0;
            if (code >= 0xdc00 || !take('\\') || !take('u') || !read_hex(low) || low < 0xdc00 || low >= 0xe000)
                return fail(begin, "half of a surrogate pair", "bad-json");
            code = 0x10000U + ((code - 0xd800U) << 10U) + (low - 0xdc00U);
        }
        append_utf8(text, code);
        return true;
    }
    bool read_hex(std::uint32_t& code) {
        for (unsigned i = 0; i < 4; ++i, ++at_) {
            const char c = at_ < text_.size() ? text_[at_] : '\0';
            const int digit = is_digit(c)              ? c - '0'
                              : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                              : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                                       : -1;
            if (digit < 0) return unexpected("four hexadecimal digits");
            code = code * 16U + static_cast<std::uint32_t>(digit);
        }
        return true;
    }

    bool read_list(Json& value, std::size_t depth) {
        value.kind = Json::Kind::list;
        ++at_;
        blanks();
        if (take(']')) return true;
        for (;;) {
            blanks();
            if (!read(value.items.emplace_back(), depth + 1)) return false;
            blanks();
            if (take(']')) return true;
            if (!take(',')) return unexpected("\",\" or \"]\"");
        }
    }
    bool read_object(Json& value, std::size_t depth) {
        value.kind = Json::Kind::object;
        ++at_;
        blanks();
        if (take('}')) return true;
        for (;;) {
            blanks();
            Json::Member member;
            member.offset = at_;
            if (at_ >= text_.size() || text_[at_] != '"') return unexpected("the name of a member");
            if (!read_text(member.name)) return false;
            member.length = at_ - member.offset;
            if (value.find(member.name) != nullptr)
                return fail(member.offset, "\"" + base::printable(member.name, 60) + "\" stands here a second time",
                            "bad-json");
            blanks();
            if (!take(':')) return unexpected("\":\"");
            blanks();
            if (!read(member.value, depth + 1)) return false;
            value.members.push_back(std::move(member));
            blanks();
            if (take('}')) return true;
            if (!take(',')) return unexpected("\",\" or \"}\"");
        }
    }

    const base::SourceText& source_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t values_ = 0;
    base::Diagnostic fault_;
};

}  // namespace

const Json* Json::find(std::string_view name) const {
    for (const Member& member : members)
        if (member.name == name) return &member.value;
    return nullptr;
}

std::string_view Json::kind_name() const {
    switch (kind) {
        case Kind::null: return "null";
        case Kind::boolean: return "true or false";
        case Kind::number: return "a number";
        case Kind::text: return "a text";
        case Kind::list: return "a list";
        case Kind::object: return "an object";
    }
    return "?";
}

base::Result<Json, base::Diagnostics> parse_json(const base::SourceText& source) { return Parser(source).parse(); }

}  // namespace sim::firewall::import::nft
