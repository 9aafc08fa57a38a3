// Walking through a rehearsal packet by packet: a pure state machine and its screen. What reads keys and owns the
// terminal is scenarios/cli/step.cpp.
#pragma once

#include "scenarios/report/ladder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scenarios::report {

enum class StepKey : std::uint8_t {
    forward,
    back,
    page_forward,
    page_back,
    first,
    last,
    deciding,  // the packet that decided how the client fared
    stopped,   // the next one that did not arrive
    filter,    // the next of the filters
    search,    // begin typing a text that packets must have
    help,
    quit,
    none,  // understood, but without a meaning
};

// The first key of the octets that a terminal sent, and how many octets it took; 0 when more must follow.
std::pair<StepKey, std::size_t> step_key(std::string_view octets);

class Stepper {
public:
    enum class Filter : std::uint8_t { everything, meaning, stopped };  // meaning: without bare ACK and FIN

    // The events must outlive it.
    explicit Stepper(const Events& events);

    void press(StepKey key);
    // While a text is typed, octets go here instead: printable ones, backspace, Enter, Escape.
    bool typing() const { return typing_; }
    void type(char octet);

    bool done() const { return done_; }
    const Event* current() const;  // null when the filter leaves nothing

    // The whole screen, `height` lines at most, none wider than `width`: heading, ladder up to the current packet, what
    // is to say of it, the keys.
    std::vector<std::string> screen(const std::string& title, std::size_t width, std::size_t height, Style style) const;

private:
    bool fits(const Event& event) const;
    void select(const Event* near);
    std::vector<std::string> panel(std::size_t width, Style style) const;
    std::string status() const;

    const Events& events_;
    std::vector<const Event*> shown_;
    std::size_t at_ = 0;  // index into shown_
    Filter filter_ = Filter::everything;
    std::string text_;   // packets must have it; empty: any
    std::string draft_;  // being typed
    bool typing_ = false;
    bool help_ = false;
    bool done_ = false;
};

}  // namespace scenarios::report
