// The ladder and the walk through it: what covers what, what fits, where the keys lead.
#include "scenarios/report/ladder.hpp"

#include "scenarios/report/stepper.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace scenarios::report;

Events events_between(std::vector<std::string> lanes) {
    Events events;
    events.lanes = std::move(lanes);
    return events;
}

Event& add(Events& events, std::size_t from, std::size_t to, std::size_t end, std::string what,
           Ending ending = Ending::arrived) {
    Event event;
    event.number = static_cast<std::uint32_t>(events.events.size() + 1);
    event.time = sim::base::SimTime{std::chrono::milliseconds{10} * event.number};
    event.from = from;
    event.to = to;
    event.end = end;
    event.what = std::move(what);
    event.packet = "TCP packet " + std::to_string(event.number);
    event.ending = ending;
    events.events.push_back(std::move(event));
    return events.events.back();
}

Word said(std::size_t lane, std::string action, std::string rule, std::string place) {
    Word word;
    word.lane = lane;
    word.firewall = "fw" + std::to_string(lane);
    word.action = std::move(action);
    word.reason = rule.empty() ? "no-rule-matched" : "rule";
    word.sentence = "No rule matched, so the default decided.";
    word.rule = std::move(rule);
    word.place = std::move(place);
    return word;
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        all.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return all;
}

std::string shown_at(const Stepper& stepper) { return stepper.current() == nullptr ? "" : stepper.current()->what; }

Events walk() {
    Events events = events_between({"PC", "fw", "SRV"});
    add(events, 0, 2, 2, "SYN to 135");
    add(events, 2, 0, 0, "SYN-ACK from 135");
    add(events, 0, 2, 2, "ACK");
    add(events, 0, 2, 2, "ept_map: where is the directory (NSPI)?");
    add(events, 0, 2, 1, "SYN to 4316", Ending::dropped).deciding = true;
    add(events, 0, 2, 1, "SYN to 4316, 2nd try", Ending::dropped);
    return events;
}

void press(Stepper& stepper, std::string_view octets) {
    std::string left(octets);
    while (!left.empty()) {
        if (stepper.typing()) {
            stepper.type(left.front());
            left.erase(0, 1);
            continue;
        }
        const auto [key, length] = step_key(left);
        BOOST_REQUIRE(length > 0U);
        stepper.press(key);
        left.erase(0, length);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ladder_text)

BOOST_AUTO_TEST_CASE(the_end_of_a_dropped_packet_is_seen_whatever_the_words_and_the_number_of_firewalls) {
    for (const std::size_t firewalls : {1U, 2U, 3U, 4U}) {
        std::vector<std::string> lanes{"PC"};
        for (std::size_t i = 1; i <= firewalls; ++i) lanes.push_back("fw" + std::to_string(i));
        lanes.emplace_back("SRV");
        for (std::size_t end = 1; end <= firewalls; ++end)
            for (const bool to_server : {true, false})
                for (const std::size_t length : {3U, 12U, 40U, 90U}) {
                    Events events = events_between(lanes);
                    const std::size_t last = lanes.size() - 1;
                    Event& event =
                        add(events, to_server ? 0 : last, to_server ? last : 0, end,
                            std::string(length / 2, 'w') + " " + std::string(length / 2, 'v'), Ending::dropped);
                    event.words.push_back(said(end, "drop", "", ""));
                    const auto drawn = lines(ladder(events, {}));
                    std::size_t crosses = 0;
                    bool words = false;
                    for (const std::string& line : drawn) {
                        BOOST_TEST(line.size() <= 80U, line);
                        crosses += line.find(to_server ? ">X" : "X<") != std::string::npos ? 1U : 0U;
                        words = words || line.find(std::string(length / 2, 'v')) != std::string::npos;
                    }
                    BOOST_TEST(crosses == 1U, "firewalls " << firewalls << " end " << end << " words " << length);
                    BOOST_TEST(words);
                }
    }
}

BOOST_AUTO_TEST_CASE(what_a_firewall_says_names_the_rule_and_where_it_was_written) {
    Events events = events_between({"PC", "fw1", "fw2", "SRV"});
    Event& event = add(events, 0, 3, 3, "SYN to 135");
    event.words.push_back(said(1, "accept", "rule 4", "some/where/branch.rules:9"));
    event.words.push_back(said(2, "accept", "rule 1", "some/where/a-long-name-of-a-file.rules:7"));
    const std::string text = ladder(events, {});
    BOOST_TEST(text.find("rule 4 (branch.rules:9) lets it") != std::string::npos, text);
    BOOST_TEST(text.find("fw2: rule 1 (a-long-name-of-a-file.rules:7) lets it pass") != std::string::npos,
               text);
}

BOOST_AUTO_TEST_CASE(remarks_stay_within_the_page) {
    Events events = events_between({"PC", "fw", "SRV"});
    Event note;
    note.note = true;
    note.what = "endpoint-mapper: nobody answered the connect attempt (1722 (RPC_S_SERVER_UNAVAILABLE); Winsock 10060)";
    for (const std::size_t lane : {0U, 2U}) {
        note.from = lane;
        events.events.push_back(note);
    }
    LadderOptions options;
    BOOST_TEST(lines(ladder(events, options)).size() == 1U);
    options.notes = true;
    const auto drawn = lines(ladder(events, options));
    BOOST_TEST(drawn.size() >= 5U);
    for (const std::string& line : drawn) BOOST_TEST(line.size() <= 80U, line);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(stepping)

BOOST_AUTO_TEST_CASE(keys_lead_where_they_say) {
    struct Row {
        const char* keys;
        const char* where;
    };
    const Row rows[] = {
        {"", "SYN to 135"},
        {"n", "SYN-ACK from 135"},
        {" \x1b[C\x1b[B", "ept_map: where is the directory (NSPI)?"},
        {"nnb", "SYN-ACK from 135"},
        {"b", "SYN to 135"},
        {"G", "SYN to 4316, 2nd try"},
        {"Gn", "SYN to 4316, 2nd try"},
        {"\x1b[F\x1b[H", "SYN to 135"},
        {"\x1b[6~", "SYN to 4316, 2nd try"},
        {"d", "SYN to 4316"},
        {"s", "SYN to 4316"},
        {"ss", "SYN to 4316, 2nd try"},
        {"sss", "SYN to 4316, 2nd try"},
        {"nnf", "SYN-ACK from 135"},  // the ACK is no longer shown
        {"nfn", "ept_map: where is the directory (NSPI)?"},
        {"ff", "SYN to 4316"},
        {"fffG", "SYN to 4316, 2nd try"},
        {"/DIRECTORY\r", "ept_map: where is the directory (NSPI)?"},
        {"/nothing has this\r", ""},
        {"/nothing has this\r/\r", "SYN to 135"},
        {"n/4316\x1bn", "ACK"},  // Escape: as before
        {"/13x\x7f"
         "5\rG",
         "SYN-ACK from 135"},
        {"?n", "SYN to 135"},  // the first key after the help closes it
        {"xyzn", "SYN-ACK from 135"},
        {"\x1b[99~n", "SYN-ACK from 135"},
    };
    const Events events = walk();
    for (const Row& row : rows) {
        Stepper stepper(events);
        press(stepper, row.keys);
        BOOST_TEST(shown_at(stepper) == row.where, row.keys);
        BOOST_TEST(!stepper.done());
    }
    for (const char* keys : {"q", "nn?q", "\x03", "\x04"}) {
        Stepper stepper(events);
        press(stepper, keys);
        BOOST_TEST(stepper.done());
    }
}

BOOST_AUTO_TEST_CASE(half_a_key_waits_for_the_rest) {
    for (const char* half : {"\x1b", "\x1b[", "\x1bO", "\x1b[6"}) BOOST_TEST(step_key(half).second == 0U);
    BOOST_TEST(step_key("").second == 0U);
    BOOST_TEST(step_key("\x1b[6~n").second == 4U);
    BOOST_TEST(step_key("\x1bx").second == 1U);
}

BOOST_AUTO_TEST_CASE(every_screen_fits_and_shows_where_one_stands) {
    const Events events = walk();
    const Events none = events_between({"PC", "fw", "SRV"});
    for (const std::size_t width : {60U, 80U, 132U})
        for (const std::size_t height : {12U, 24U, 50U})
            for (const char* keys : {"", "n", "d", "G", "ff", "?", "/not there\r", "/4"}) {
                Stepper stepper(events);
                press(stepper, keys);
                const auto screen = stepper.screen(
                    "A title that is long enough to be cut on any narrow page, it seems, "
                    "and then some more",
                    width, height, {});
                BOOST_TEST(screen.size() <= height);
                for (const std::string& line : screen) BOOST_TEST(line.size() <= width, line);
                if (stepper.current() == nullptr || stepper.typing() || *keys == '?') continue;
                std::size_t marks = 0;
                for (const std::string& line : screen) marks += line.starts_with('>') ? 1U : 0U;
                BOOST_TEST(marks == 1U, keys << " at " << width << "x" << height);
            }
    Stepper empty(none);
    press(empty, "nbdsGgff");
    BOOST_TEST(empty.current() == nullptr);
    BOOST_TEST(empty.screen("nothing", 80, 24, {}).size() <= 24U);
}

BOOST_AUTO_TEST_SUITE_END()
