#include "scenarios/report/stepper.hpp"

#include "scenarios/report/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

namespace scenarios::report {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

bool bare(const Event& event) {
    return event.ending == Ending::arrived && (event.what.starts_with("ACK") || event.what.starts_with("FIN"));
}

std::string cut(const std::string& line, std::size_t width) {
    return line.size() > width ? line.substr(0, width) : line;
}

std::string_view name_of(Stepper::Filter filter) {
    switch (filter) {
        case Stepper::Filter::everything: return "every packet";
        case Stepper::Filter::meaning: return "without bare ACK and FIN";
        case Stepper::Filter::stopped: return "only what did not arrive";
    }
    return {};
}

constexpr std::string_view keys = "space next  b back  d deciding  s stopped  f filter  / find  ? help  q quit";

const std::vector<std::string> help_lines{
    "space, n, j, right, down     the next packet",
    "b, p, k, left, up            the one before",
    "PgDn, PgUp                   ten on, ten back",
    "Home g, End G                the first, the last",
    "d                            the packet that decided",
    "s                            the next one that did not arrive",
    "f                            every packet / without bare ACK and FIN / only what did not arrive",
    "/                            only packets with this text (Enter; an empty text shows all again)",
    "q                            leave",
};

}  // namespace

std::pair<StepKey, std::size_t> step_key(std::string_view octets) {
    if (octets.empty()) return {StepKey::none, 0};
    struct Sequence {
        std::string_view octets;
        StepKey key;
    };
    static constexpr Sequence sequences[] = {
        {"\x1b[C", StepKey::forward},
        {"\x1b[B", StepKey::forward},
        {"\x1bOC", StepKey::forward},
        {"\x1bOB", StepKey::forward},
        {"\x1b[D", StepKey::back},
        {"\x1b[A", StepKey::back},
        {"\x1bOD", StepKey::back},
        {"\x1bOA", StepKey::back},
        {"\x1b[6~", StepKey::page_forward},
        {"\x1b[5~", StepKey::page_back},
        {"\x1b[H", StepKey::first},
        {"\x1bOH", StepKey::first},
        {"\x1b[1~", StepKey::first},
        {"\x1b[F", StepKey::last},
        {"\x1bOF", StepKey::last},
        {"\x1b[4~", StepKey::last},
        {" ", StepKey::forward},
        {"\r", StepKey::forward},
        {"\n", StepKey::forward},
        {"n", StepKey::forward},
        {"j", StepKey::forward},
        {"b", StepKey::back},
        {"p", StepKey::back},
        {"k", StepKey::back},
        {"\x7f", StepKey::back},
        {"g", StepKey::first},
        {"G", StepKey::last},
        {"d", StepKey::deciding},
        {"s", StepKey::stopped},
        {"f", StepKey::filter},
        {"/", StepKey::search},
        {"?", StepKey::help},
        {"h", StepKey::help},
        {"q", StepKey::quit},
        {"Q", StepKey::quit},
        {"\x03", StepKey::quit},
        {"\x04", StepKey::quit},
    };
    for (const Sequence& known : sequences)
        if (octets.starts_with(known.octets)) return {known.key, known.octets.size()};
    for (const Sequence& known : sequences)
        if (known.octets.starts_with(octets)) return {StepKey::none, 0};
    if (octets.front() != '\x1b') return {StepKey::none, 1};
    // An unknown sequence is passed over up to its final octet.
    std::size_t end = 1;
    if (octets.size() > 1 && (octets[1] == '[' || octets[1] == 'O')) ++end;
    while (end > 1 && end < octets.size() && !std::isalpha(static_cast<unsigned char>(octets[end])) &&
           octets[end] != '~')
        ++end;
    return {StepKey::none, std::min(octets.size(), end > 1 ? end + 1 : end)};
}

Stepper::Stepper(const Events& events) : events_(events) { select(nullptr); }

const Event* Stepper::current() const { return shown_.empty() ? nullptr : shown_[at_]; }

bool Stepper::fits(const Event& event) const {
    if (event.note) return false;
    if (filter_ == Filter::meaning && bare(event)) return false;
    if (filter_ == Filter::stopped && !event.stopped()) return false;
    if (text_.empty()) return true;
    const std::string wanted = lower(text_);
    return lower(event.what + "\n" + event.packet + "\n" + verdict_in_words(event)).find(wanted) != std::string::npos;
}

// Filters anew, and stays at the packet, or at the next one after it that is still shown.
void Stepper::select(const Event* near) {
    shown_.clear();
    at_ = 0;
    for (const Event& event : events_.events) {
        if (!fits(event)) continue;
        if (near != nullptr && event.number <= near->number) at_ = shown_.size();
        shown_.push_back(&event);
    }
}

void Stepper::press(StepKey key) {
    if (help_ && key != StepKey::quit) {
        help_ = false;
        return;
    }
    const std::size_t last = shown_.empty() ? 0 : shown_.size() - 1;
    switch (key) {
        case StepKey::forward: at_ = std::min(at_ + 1, last); break;
        case StepKey::back: at_ -= std::min<std::size_t>(at_, 1); break;
        case StepKey::page_forward: at_ = std::min(at_ + 10, last); break;
        case StepKey::page_back: at_ -= std::min<std::size_t>(at_, 10); break;
        case StepKey::first: at_ = 0; break;
        case StepKey::last: at_ = last; break;
        case StepKey::deciding:
            for (std::size_t i = 0; i < shown_.size(); ++i)
                if (shown_[i]->deciding) at_ = i;
            break;
        case StepKey::stopped: {
            const auto after = shown_.begin() + static_cast<std::ptrdiff_t>(std::min(at_ + 1, shown_.size()));
            const auto next = std::find_if(after, shown_.end(), [](const Event* e) { return e->stopped(); });
            if (next != shown_.end()) at_ = static_cast<std::size_t>(next - shown_.begin());
            break;
        }
        case StepKey::filter: {
            const Event* const here = current();
            filter_ = filter_ == Filter::everything ? Filter::meaning
                      : filter_ == Filter::meaning  ? Filter::stopped
                                                    : Filter::everything;
            select(here);
            break;
        }
        case StepKey::search:
            typing_ = true;
            draft_.clear();
            break;
        case StepKey::help: help_ = true; break;
        case StepKey::quit: done_ = true; break;
        case StepKey::none: break;
    }
}

void Stepper::type(char octet) {
    if (octet == '\x1b' || octet == '\x03') {
        typing_ = false;
    } else if (octet == '\r' || octet == '\n') {
        typing_ = false;
        const Event* const here = current();
        text_ = draft_;
        select(here);
    } else if (octet == '\x7f' || octet == '\b') {
        if (!draft_.empty()) draft_.pop_back();
    } else if (octet >= ' ' && draft_.size() < 60) {
        draft_ += octet;
    }
}

std::string Stepper::status() const {
    if (typing_) return "packets with: " + draft_ + "_";
    const std::string which = std::string(name_of(filter_)) + (text_.empty() ? "" : ", with '" + text_ + "'");
    if (shown_.empty()) return "no packet (" + which + ")";
    return fmt::format("{} of {} ({})", at_ + 1, shown_.size(), which);
}

// What there is to say of the current packet.
std::vector<std::string> Stepper::panel(std::size_t width, Style style) const {
    std::vector<std::string> lines;
    const auto say = [&](const std::string& text, std::size_t indent, Tone tone) {
        std::string rest = wrapped(std::string(indent, ' ') + text, width - 1, indent);
        for (std::size_t at = 0; at <= rest.size();) {
            const std::size_t end = std::min(rest.size(), rest.find('\n', at));
            lines.push_back(style(tone, cut(rest.substr(at, end - at), width)));
            at = end + 1;
        }
    };
    const Event* const event = current();
    if (event == nullptr) return lines;
    say(fmt::format("packet {}: {}{}", event->number, event->what, event->deciding ? "   (this one decided)" : ""), 0,
        Tone::strong);
    say(event->packet, 2, Tone::quiet);
    for (const Verdict& said : verdicts_in_words(*event, false))
        say((said.firewall.empty() || said.text.find(said.firewall) != std::string::npos ? "" : said.firewall + ": ") +
                said.text,
            2, said.stopped ? Tone::bad : Tone::plain);
    for (const Word& word : event->words)
        if (!word.rule_text.empty()) say(word.rule_text, 6, Tone::quiet);
    if (event->ending == Ending::dropped) say("The sender hears nothing.", 2, Tone::plain);
    if (event->ending == Ending::rejected) say("The sender is told at once.", 2, Tone::plain);
    return lines;
}

std::vector<std::string> Stepper::screen(const std::string& title, std::size_t width, std::size_t height,
                                         Style style) const {
    LadderOptions options;
    options.width = width;
    options.style = style;
    const Ladder drawn(events_, options);
    std::vector<std::string> below = help_ ? help_lines : panel(width, style);
    for (std::string& line : below) line = help_ ? cut(line, width) : line;

    std::vector<std::string> lines{style(Tone::strong, cut(title, width)), drawn.heading()};
    const std::size_t fixed = lines.size() + 3;  // a blank, the status, the keys
    if (below.size() + fixed + 2 > height) below.resize(height > fixed + 2 ? height - fixed - 2 : 0);
    const std::size_t room = height > fixed + below.size() ? height - fixed - below.size() : 1;

    std::vector<std::string> rows;  // the last `room` of those up to the current packet, the current one marked
    for (std::size_t i = at_ + 1; i-- > 0 && i < shown_.size() && rows.size() < room;) {
        std::vector<std::string> of_packet = drawn.lines_of(*shown_[i]);
        if (i == at_ && !style.color && !of_packet.empty() && of_packet.front().starts_with(' '))
            of_packet.front()[0] = '>';
        if (i == at_ && style.color && !of_packet.empty())
            of_packet.front() = "\x1b[7m" + of_packet.front() + "\x1b[0m";
        rows.insert(rows.begin(), std::make_move_iterator(of_packet.begin()), std::make_move_iterator(of_packet.end()));
    }
    if (rows.size() > room) rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(room));
    rows.resize(room);
    lines.insert(lines.end(), rows.begin(), rows.end());
    lines.emplace_back();
    lines.insert(lines.end(), below.begin(), below.end());
    lines.push_back(style(Tone::strong, cut(status(), width)));
    lines.push_back(style(Tone::quiet, cut(std::string(keys), width)));
    if (lines.size() > height)
        lines.erase(lines.begin() + 2,
                    lines.begin() + 2 + static_cast<std::ptrdiff_t>(std::min(lines.size() - height, lines.size() - 2)));
    return lines;
}

}  // namespace scenarios::report
