// The JSON Schema for editors knows exactly the keys and words that the loader knows.
#include "scenarios/runner/load_keys.hpp"
#include "scenarios/runner/load_words.hpp"
#include "tests/scenarios/load_support.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace load_tests;
namespace json = boost::json;

namespace {

json::object schema() {
    std::ifstream file(FIREDRILL_SOURCE_DIR "/scenarios/schema/scenario-v1.schema.json");
    std::ostringstream text;
    text << file.rdbuf();
    return json::parse(text.str()).as_object();
}

std::string joined(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    std::string text;
    for (const std::string& word : words) text += word + " ";
    return text;
}

// Every "$ref" below a value.
void collect_references(const json::value& value, std::vector<std::string>& found) {
    if (const auto* object = value.if_object())
        for (const auto& [key, below] : *object) {
            if (key == "$ref") found.emplace_back(below.as_string());
            collect_references(below, found);
        }
    if (const auto* array = value.if_array())
        for (const auto& below : *array) collect_references(below, found);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(load_schema)

BOOST_AUTO_TEST_CASE(tables_have_the_same_keys) {
    const json::object whole = schema();
    const json::object& definitions = whole.at("definitions").as_object();
    for (const TableKeys& table : known_tables()) BOOST_TEST_CONTEXT(table.name) {
            const json::object& described =
                table.kind == TableKind::scenario
                    ? whole
                    : definitions.at(json::string_view(table.name.data(), table.name.size())).as_object();
            BOOST_TEST(described.at("additionalProperties").as_bool() == false);
            std::vector<std::string> in_schema;
            for (const auto& property : described.at("properties").as_object()) in_schema.emplace_back(property.key());
            BOOST_TEST(joined(in_schema) == joined({table.keys.begin(), table.keys.end()}));
        }
}

BOOST_AUTO_TEST_CASE(vocabularies_have_the_same_words) {
    const json::object whole = schema();
    const json::object& definitions = whole.at("definitions").as_object();
    std::size_t lists = 0;
    for (const auto& definition : definitions) lists += definition.value().as_object().contains("enum") ? 1U : 0U;
    BOOST_TEST(lists == vocabularies().size());
    for (const Vocabulary& vocabulary : vocabularies()) BOOST_TEST_CONTEXT(vocabulary.name) {
            const json::string_view name(vocabulary.name.data(), vocabulary.name.size());
            BOOST_TEST_REQUIRE(definitions.contains(name));
            std::vector<std::string> in_schema;
            for (const json::value& word : definitions.at(name).at("enum").as_array())
                in_schema.emplace_back(word.as_string());
            BOOST_TEST(joined(in_schema) == joined({vocabulary.words.begin(), vocabulary.words.end()}));
        }
}

BOOST_AUTO_TEST_CASE(every_reference_leads_somewhere_and_every_definition_is_used) {
    const json::object whole = schema();
    BOOST_TEST(whole.at("$schema").as_string() == "http://json-schema.org/draft-07/schema#");
    std::vector<std::string> references;
    collect_references(whole, references);
    for (const auto& definition : whole.at("definitions").as_object()) {
        const std::string name(definition.key());
        BOOST_TEST((std::find(references.begin(), references.end(), "#/definitions/" + name) != references.end()),
                   name);
    }
    for (const std::string& reference : references)
        BOOST_TEST(whole.at("definitions").as_object().contains(reference.substr(14)), reference);
}

BOOST_AUTO_TEST_CASE(words_are_found_by_their_values) {
    for (const auto& word : words_of<FailsAt>()) BOOST_TEST(id(word.value) == word.text);
    for (const auto& word : words_of<Windows>()) BOOST_TEST(id(word.value) == word.text);
    for (const auto& word : words_of<StepKind>()) BOOST_TEST(id(word.value) == word.text);
}

BOOST_AUTO_TEST_SUITE_END()
