// How the ASA importer reads a line: its words in turn, and what is wrong with them. Private to the importer.
#pragma once

#include "sim/base/diagnostic.hpp"
#include "sim/firewall/import/cisco_entry.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim::firewall::import {

using cisco::Word;

// A line of a configuration. `indent` is how many blanks stand before it: lines that belong to a line above have some.
struct AsaLine {
    std::vector<Word> words;  // never empty
    std::size_t indent = 0;

    std::string_view word(std::size_t i) const { return i < words.size() ? words[i].text : std::string_view{}; }
};

std::string shown(std::string_view text);  // "\"text\"", safe to print

// Everything that is wrong with a text, or looks so. Borrows the text.
class Complaints {
public:
    explicit Complaints(const base::SourceText& source) : source_(source) {}

    void error(const Word& at, std::string what, std::string id, std::string hint = {}) {
        add(base::Severity::error, at, std::move(what), std::move(id), std::move(hint));
    }
    // A line, or a word of an entry, whose meaning is known or not, but which cannot be honoured here.
    void refuse_line(const Word& at, std::string what, std::string hint = {});
    void refuse_word(const Word& at, std::string what, std::string hint = {});
    void add(base::Severity severity, const Word& at, std::string what, std::string id, std::string hint = {});
    // About the file as a whole.
    void add(base::Severity severity, std::string what, std::string id, std::string hint = {});

    bool errors() const { return base::has_errors(found_); }
    const base::SourceText& source() const { return source_; }
    std::uint32_t line_of(const Word& word) const { return source_.place_at(word.offset).line; }
    base::Diagnostics take() { return std::move(found_); }

private:
    const base::SourceText& source_;
    base::Diagnostics found_;
    std::set<std::pair<std::size_t, std::string>> said_;  // a group is complained of once, however many entries use it
};

// The words of a line from a place on. After an error the rest could be read in a wrong sense, so it is left.
class Cursor {
public:
    Cursor(const std::vector<Word>& words, std::size_t at, Complaints& complaints)
        : words_(words), at_(at), complaints_(complaints) {}

    // The next word, or null at the end or after an error.
    const Word* peek() const { return stopped_ || at_ >= words_.size() ? nullptr : &words_[at_]; }
    std::string_view peek_text(std::size_t ahead = 0) const;
    // The next word; an error when there is none. `what` says what is missing: "an address".
    const Word* take(const char* what);
    bool take_if(std::string_view word);
    void skip() { ++at_; }

    void error(const Word& at, std::string what, std::string id, std::string hint = {});
    void refuse(const Word& at, std::string what, std::string hint = {});
    void stop() { stopped_ = true; }  // somebody else has complained
    bool stopped() const { return stopped_; }
    // An error when words are left.
    void end();

private:
    const std::vector<Word>& words_;
    std::size_t at_;
    Complaints& complaints_;
    bool stopped_ = false;
};

}  // namespace sim::firewall::import
