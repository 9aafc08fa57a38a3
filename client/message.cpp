#include "client/message.hpp"

#include <algorithm>

namespace client {

namespace {

// Section 8 of the port facts, row by row.
constexpr UserMessage network_problems{
    .words = "Network problems are preventing connection to the Microsoft Exchange Server computer",
    .also = "",
    .articles = "Q149692, Q194423"};
constexpr UserMessage server_unavailable{.words = "Your Microsoft Exchange Server is unavailable",
                                         .also = "The network did not respond in a timely fashion",
                                         .articles = "Q155048, Q194423"};
constexpr UserMessage check_no_path{
    .words = "The name could not be resolved. Network problems are preventing connection",
    .also = "",
    .articles = "Q194423, Q149596"};
constexpr UserMessage check_no_address_book{
    .words = "The name could not be resolved. The Microsoft Exchange address book was unable to log on",
    .also = "",
    .articles = "Q255843, Q163576"};
constexpr UserMessage could_not_connect{
    .words = "Could not connect to your Exchange server", .also = "", .articles = "Q174701"};
constexpr UserMessage default_folders{.words = "Unable to open your default e-mail folders",
                                      .also = "The information store could not be opened",
                                      .articles = "Q244523, Q222440"};
constexpr UserMessage item_not_sent{.words = "The item could not be sent. Network problems are preventing connection",
                                    .also = "",
                                    .articles = "Q149541"};
constexpr UserMessage down_for_maintenance{
    .words = "... not available. Either there are network problems or ... down for maintenance",
    .also = "0x8004011D",
    .articles = "Q148518, Q161889, Q175100"};
// Not a message but what the articles say is seen instead of one.
constexpr UserMessage administrator_hangs{
    .words = "The Administrator program hangs", .also = "", .articles = "Q240859"};
constexpr UserMessage no_more_endpoints{
    .words = "There are no more endpoints available from the endpoint mapper", .also = "", .articles = "Q245273"};

constexpr UserMessage likely(UserMessage message) {
    message.likely = true;
    return message;
}

bool no_path(const Failure& failure) {
    return failure.stage == Stage::lookup_connect || failure.stage == Stage::connect;
}

UserMessage at_logon(const Failure& failure) {
    // Pipes under another identity than the one typed in: the refusal that Q244523 describes.
    if (failure.cause == Cause::pipes_not_usable) return likely(default_folders);
    switch (failure.phase) {
        case Phase::name: return server_unavailable;
        case Phase::information_store: return likely(default_folders);
        case Phase::directory:
            if (no_path(failure)) return network_problems;
            break;
        case Phase::endpoint_mapper:
        case Phase::attendant:
            if (no_path(failure)) return likely(network_problems);
            break;
    }
    return likely(could_not_connect);
}

UserMessage at_check_name(const Failure& failure) {
    if (no_path(failure)) return check_no_path;
    if (failure.phase == Phase::name) return likely(check_no_path);
    return likely(check_no_address_book);
}

UserMessage in_administrator(const Failure& failure) {
    if (failure.phase != Phase::attendant) return likely(network_problems);
    if (failure.stage == Stage::connect) return administrator_hangs;
    // 1753 is what a missing attendant endpoint means by definition; the article reports its text for OWA's setup.
    if (failure.stage == Stage::lookup_answer) return likely(no_more_endpoints);
    return likely(administrator_hangs);
}

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view text, std::string_view words) {
    return std::search(text.begin(), text.end(), words.begin(), words.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

}  // namespace

std::optional<UserMessage> message_for(const ActionOutcome& outcome) {
    if (outcome.works || !outcome.failure) return std::nullopt;
    const Failure& failure = *outcome.failure;
    if (failure.stage == Stage::notice) return std::nullopt;
    switch (outcome.action) {
        case Do::logon: return at_logon(failure);
        case Do::check_name: return at_check_name(failure);
        case Do::admin: return in_administrator(failure);
        case Do::use: return item_not_sent;
        case Do::new_mail:
        case Do::public_folders: return outcome.in_logon ? at_logon(failure) : likely(down_for_maintenance);
    }
    return std::nullopt;
}

bool says(const ActionOutcome& outcome, std::string_view words) {
    const std::optional<UserMessage> message = message_for(outcome);
    return message && !words.empty() && (contains(message->words, words) || contains(message->also, words));
}

}  // namespace client
