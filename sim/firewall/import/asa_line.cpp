#include "sim/firewall/import/asa_line.hpp"

namespace sim::firewall::import {

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

void Complaints::refuse_line(const Word& at, std::string what, std::string hint) {
    error(at, std::move(what), "unsupported-line", std::move(hint));
}

void Complaints::refuse_word(const Word& at, std::string what, std::string hint) {
    error(at, std::move(what), "unsupported-option",
          hint.empty() ? "its entry cannot be judged here, so the whole file is refused" : std::move(hint));
}

void Complaints::add(base::Severity severity, const Word& at, std::string what, std::string id, std::string hint) {
    if (!said_.emplace(at.offset, id).second) return;
    found_.push_back(cisco::report(source_, severity, at, std::move(what), std::move(id), std::move(hint)));
}

void Complaints::add(base::Severity severity, std::string what, std::string id, std::string hint) {
    found_.push_back({severity, base::Place{source_.name()}, std::move(what), std::move(id), std::move(hint), {}});
}

std::string_view Cursor::peek_text(std::size_t ahead) const {
    return stopped_ || at_ + ahead >= words_.size() ? std::string_view{} : words_[at_ + ahead].text;
}

const Word* Cursor::take(const char* what) {
    if (stopped_) return nullptr;
    if (at_ < words_.size()) return &words_[at_++];
    error(words_.back(), std::string(what) + " is missing behind this", "missing-word");
    return nullptr;
}

bool Cursor::take_if(std::string_view word) {
    if (peek_text() != word) return false;
    ++at_;
    return true;
}

void Cursor::error(const Word& at, std::string what, std::string id, std::string hint) {
    complaints_.error(at, std::move(what), std::move(id), std::move(hint));
    stopped_ = true;
}

void Cursor::refuse(const Word& at, std::string what, std::string hint) {
    complaints_.refuse_word(at, std::move(what), std::move(hint));
    stopped_ = true;
}

void Cursor::end() {
    if (const Word* word = peek()) refuse(*word, shown(word->text) + " is not understood here");
}

}  // namespace sim::firewall::import
