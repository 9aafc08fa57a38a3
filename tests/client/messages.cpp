// What the user reads, against section 8 of the port facts, and the sentences of reports.
#include "client/explain.hpp"
#include "client/message.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace client;

constexpr Failure dropped(Phase phase, Stage stage) { return {phase, stage, Cause::timed_out, 1722, 10060}; }
constexpr Failure missing(Phase phase) { return {phase, Stage::lookup_answer, Cause::not_registered, 1753, 0}; }
constexpr Failure faulted(Phase phase) { return {phase, Stage::call, Cause::fault, 5, 5}; }
constexpr Failure nameless{Phase::name, Stage::resolve, Cause::not_resolved, 1722, 11001};

ActionOutcome failed(Do action, Failure failure) {
    ActionOutcome outcome;
    outcome.action = action;
    outcome.failure = failure;
    outcome.shown_code = failure.code;
    return outcome;
}

struct Case {
    const char* name;
    Do action;
    Failure failure;
    const char* words;  // empty: nothing is shown
    const char* article;
    bool likely;
};

BOOST_AUTO_TEST_CASE(the_message_of_each_situation) {
    constexpr auto mapper = Phase::endpoint_mapper;
    constexpr auto directory = Phase::directory;
    constexpr auto store = Phase::information_store;
    constexpr auto attendant = Phase::attendant;
    const char* network = "Network problems are preventing connection to the Microsoft Exchange Server computer";
    const char* no_path = "The name could not be resolved. Network problems are preventing connection";
    const char* book = "The name could not be resolved. The Microsoft Exchange address book was unable to log on";
    const std::vector<Case> cases{
        {"no name", Do::logon, nameless, "Your Microsoft Exchange Server is unavailable", "Q155048", false},
        {"135 closed", Do::logon, dropped(mapper, Stage::lookup_connect), network, "Q149692", true},
        {"DS closed", Do::logon, dropped(directory, Stage::connect), network, "Q149692", false},
        {"DS not registered", Do::logon, missing(directory), "Could not connect to your Exchange server", "Q174701",
         true},
        {"IS closed", Do::logon, dropped(store, Stage::connect), "Unable to open your default e-mail folders",
         "Q244523", true},
        {"IS not registered", Do::logon, missing(store), "The information store could not be opened", "Q222440", true},
        {"check name, 135 closed", Do::check_name, dropped(mapper, Stage::lookup_connect), no_path, "Q194423", false},
        {"check name, DS closed", Do::check_name, dropped(directory, Stage::connect), no_path, "Q149596", false},
        {"check name, DS faults", Do::check_name, faulted(directory), book, "Q255843", true},
        {"administrator, SA closed", Do::admin, dropped(attendant, Stage::connect), "program hangs", "Q240859", false},
        {"administrator, SA missing", Do::admin, missing(attendant), "no more endpoints available", "Q245273", true},
        {"kept session",
         Do::use,
         {store, Stage::call, Cause::reset, 1726, 0},
         "The item could not be sent",
         "Q149541",
         false},
        {"public folders", Do::public_folders, dropped(store, Stage::connect), "Either there are network problems or",
         "Q175100", true},
        {"no notice", Do::new_mail, {store, Stage::notice, Cause::no_notice, 0, 0}, "", "", false},
    };
    for (const Case& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            const ActionOutcome outcome = failed(c.action, c.failure);
            const auto message = message_for(outcome);
            BOOST_TEST(message.has_value() == (std::string_view(c.words) != ""));
            if (!message) continue;
            BOOST_TEST(says(outcome, c.words));
            BOOST_TEST(message->articles.find(c.article) != std::string_view::npos);
            BOOST_TEST(message->likely == c.likely);
            BOOST_TEST((story(outcome).find("the user likely sees") != std::string::npos) == c.likely);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_failed_logon_in_front_shows_the_logon_s_message) {
    ActionOutcome mail = failed(Do::new_mail, dropped(Phase::information_store, Stage::connect));
    mail.in_logon = true;
    BOOST_TEST(says(mail, "default e-mail folders"));
    BOOST_TEST(summary(mail).find("the logon before it failed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_looks_for_words_in_any_case_and_never_for_nothing) {
    const ActionOutcome outcome = failed(Do::logon, dropped(Phase::directory, Stage::connect));
    BOOST_TEST(says(outcome, "network PROBLEMS"));
    BOOST_TEST(!says(outcome, ""));
    BOOST_TEST(!says(outcome, "default e-mail folders"));
    ActionOutcome working;
    working.works = true;
    BOOST_TEST(!message_for(working).has_value());
    BOOST_TEST(!says(working, "network problems"));
}

// Every combination has a sentence; codes are shown as administrators know them.
BOOST_AUTO_TEST_CASE(every_failure_has_its_sentence) {
    for (const Phase phase : all_phases)
        for (const Stage stage : all_stages)
            for (const Cause cause : all_causes)
                for (const Do action : all_do) {
                    const ActionOutcome outcome = failed(action, {phase, stage, cause, 1722, 3});
                    BOOST_TEST_REQUIRE(describe(*outcome.failure).size() > id(phase).size() + 10);
                    BOOST_TEST_REQUIRE(story(outcome).find("fails at") != std::string::npos);
                }
    const std::string text = describe(dropped(Phase::directory, Stage::connect));
    BOOST_TEST(text.find("directory: nobody answered") == 0U, text);
    BOOST_TEST(text.find("1722") != std::string::npos, text);
    BOOST_TEST(text.find("Winsock 10060") != std::string::npos, text);
    BOOST_TEST(describe(Failure{Phase::directory, Stage::bind, Cause::bind_nak, 1728, 0}).find("bind_nak reason 0") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_last_protocol_s_code_is_told_apart) {
    ActionOutcome outcome = failed(Do::logon, dropped(Phase::directory, Stage::connect));
    outcome.shown_code = 1753;
    BOOST_TEST(story(outcome).find("likely with the last protocol's code: 1753") != std::string::npos);
}

}  // namespace
