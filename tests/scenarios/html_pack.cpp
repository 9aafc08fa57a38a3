// Packed values read back as what they were: by a reader of this test's own, written from the description in pack.hpp.
#include "scenarios/report/pack.hpp"
#include "sim/base/random.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <map>

namespace {

namespace json = boost::json;
using scenarios::report::Packer;

class Reader {
public:
    explicit Reader(const Packer::Packed& packed) {
        const json::value whole = json::parse("{" + packed.json + "}");
        shapes_ = whole.at("shapes").as_array();
        texts_ = whole.at("texts").as_array();
        for (const json::value& line : whole.at("values").as_array()) signs_ += line.as_string();
        while (at_ < signs_.size()) values_.push_back(next_value(number()));
        BOOST_TEST(next_text_ == texts_.size());
    }
    const json::array& values() const { return values_; }

    json::value get(const json::value& place) const {
        const json::value& value = at(place);
        if (!value.is_array()) return value;
        const json::array& items = value.as_array();
        const auto kind = items[0].as_int64();
        if (kind == -2) return ladder(items);
        if (kind == -1) return json::value(filled(at(items[1]).as_string(), rest(items, 2)));
        json::array list;
        for (std::size_t i = 1; i < items.size(); ++i) list.push_back(get(items[i]));
        if (kind == 0) return list;
        json::object object;
        const json::array& keys = shapes_[static_cast<std::size_t>(kind - 1)].as_array();
        for (std::size_t i = 0; i < keys.size(); ++i) object[keys[i].as_string()] = list[i];
        return object;
    }

private:
    std::int64_t number() {
        static const std::string alphabet = [] {
            std::string all;
            for (char c = '#'; c <= '~'; ++c)
                if (c != '<' && c != '\\') all += c;
            return all;
        }();
        const auto digit = static_cast<std::int64_t>(alphabet.find(signs_.at(at_++)));
        BOOST_REQUIRE(digit < 90);
        return digit < 63 ? digit : 63 + (digit - 63) + 27 * number();
    }
    json::value next_value(std::int64_t first) {
        if (first == 0) return texts_.at(next_text_++);
        const std::int64_t kind = first - 6;
        json::array made{kind};
        const std::size_t count = kind > 0 ? shapes_[static_cast<std::size_t>(kind - 1)].as_array().size()
                                           : static_cast<std::size_t>(number());
        static const std::map<std::int64_t, std::string> ways{
            {-1, "vw"}, {-2, "vw"}, {-3, "ivi"}, {-4, "w"}, {-5, "iiiv"}};  // the last one for all others
        const std::string way = kind < 0 ? ways.at(kind) : "v";
        for (std::size_t i = 0; i < count; ++i) made.push_back(item(kind, way[std::min(i, way.size() - 1)]));
        return made;
    }
    json::value item(std::int64_t kind, char way) {
        const std::int64_t n = number();
        if (way == 'i') return n - 1;
        if (way == 'v') return n == 0 ? next_value(0) : n == 1 ? next_value(number()) : json::value(n - 2);
        if (n == 0) return next_value(number());
        if (n % 2 == 1) return (n - 1) / 2;
        const std::int64_t place = (n - 2) / 2;
        return kind == -4 ? place : -place - 1;  // among the words a number is a number
    }

    const json::value& at(const json::value& place) const {
        return place.is_int64() ? values_[static_cast<std::size_t>(place.as_int64())] : place;
    }
    static std::vector<json::value> rest(const json::array& items, std::size_t from) {
        return {items.begin() + static_cast<std::ptrdiff_t>(from), items.end()};
    }
    std::string word(const json::value& item) const {
        if (item.is_string()) return std::string(item.as_string());
        const auto number = item.as_int64();
        return number < 0 ? std::string(values_[static_cast<std::size_t>(-number - 1)].as_string())
                          : std::to_string(number);
    }
    std::string filled(std::string_view shape, const std::vector<json::value>& words) const {
        std::string text;
        std::size_t next = 0;
        for (const char c : shape) text += c == '#' && !words.empty() ? word(words.at(next++)) : std::string(1, c);
        return text;
    }

    json::array ladder(const json::array& items) const {
        const std::vector<json::value> words = rest(items, 2);
        const json::array& course = at(items[1]).as_array();
        json::array events;
        std::int64_t time = 0;
        for (std::size_t i = 1; i < course.size();) {
            const json::array& piece = at(course[i++]).as_array();
            std::vector<json::value> lists[3];
            for (std::size_t l = 0; l < 3; ++l)
                for (auto n = piece[l + 1].as_int64(); n > 0; --n) lists[l].push_back(course[i++]);
            for (std::size_t r = 4; r < piece.size(); ++r) {
                const json::array& row = at(piece[r]).as_array();
                json::object event = get(row[2]).as_object();
                time += row[1].as_int64();
                std::vector<json::value> mine;
                for (std::size_t w = 5; w < row.size(); ++w)
                    mine.push_back(words.at(
                        static_cast<std::size_t>(lists[2].at(static_cast<std::size_t>(row[w].as_int64())).as_int64())));
                event["what"] = filled(event["what"].as_string(), mine);
                event["t"] = time;
                if (row[3].as_int64() >= 0) event["verdict"] = lists[0].at(static_cast<std::size_t>(row[3].as_int64()));
                if (row[4].as_int64() >= 0) event["flow"] = lists[1].at(static_cast<std::size_t>(row[4].as_int64()));
                events.push_back(std::move(event));
            }
        }
        return events;
    }

    json::array values_, shapes_, texts_;
    std::string signs_;
    std::size_t at_ = 0;
    std::size_t next_text_ = 0;
};

void reads_back(const std::vector<json::value>& all) {
    Packer packer;
    std::vector<Packer::Ref> roots;
    for (const json::value& value : all) roots.push_back(packer.add(value));
    const Packer::Packed packed = packer.finish(roots);
    const Reader reader(packed);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const json::value read = reader.get(json::value(static_cast<std::int64_t>(packed.places[roots[i]])));
        // Objects are the same in any order of their keys.
        BOOST_TEST((read == all[i]), json::serialize(read) << "\n  is not\n" << json::serialize(all[i]));
    }
}

const char* const texts[] = {"",
                             "logon works",
                             "SYN to 135",
                             "SYN to 5001",
                             "SYN to 5001, 2nd try",
                             "rule 3 (a/b.rules:8) lets it pass",
                             "rule 4 (a/c.rules:12) lets it pass",
                             "# 1",
                             "#",
                             "5001",
                             "0x16c9a0d6",
                             "dword:00001389",
                             "007",
                             "1234567890123",
                             "1.5 s",
                             "10.0.0.10:135",
                             "a: 1",
                             "a:1:2",
                             "HKLM\\SOFTWARE\\X",
                             "\"quoted\\\" 5",
                             "\xe2\x80\xa8 7",
                             "DS and IS",
                             "-5",
                             "TCP 5001-5002, 135.",
                             "x.",
                             "1.",
                             ":8",
                             "tab\t4"};

json::value something(sim::base::Random& random, int depth) {
    switch (random.below(depth > 0 ? 6U : 4U)) {
        case 0: return static_cast<std::int64_t>(random.below(70000));
        case 1: return random.below(2) == 0;
        case 2:
        case 3: return json::value(texts[random.below(std::size(texts))]);
        case 4: {
            json::array array;
            for (auto n = random.below(4); n > 0; --n) array.push_back(something(random, depth - 1));
            return array;
        }
        default: break;
    }
    json::object object;
    for (auto n = random.below(4); n > 0; --n)
        object["k" + std::to_string(random.below(5))] = something(random, depth - 1);
    return object;
}

json::value some_events(sim::base::Random& random) {
    json::array events;
    std::int64_t time = 0;
    for (auto n = random.below(12); n > 0; --n) {
        json::object event{{"t", time += static_cast<std::int64_t>(random.below(3)) * 10},
                           {"from", static_cast<std::int64_t>(random.below(3))},
                           {"what", texts[random.below(std::size(texts))]}};
        if (random.below(3) == 0)
            event["note"] = true;
        else {
            if (random.below(4) > 0) event["verdict"] = static_cast<std::int64_t>(random.below(4));
            if (random.below(4) > 0) event["flow"] = static_cast<std::int64_t>(random.below(3));
            event["ending"] = "arrived";
        }
        events.push_back(std::move(event));
    }
    return json::object{{"events", std::move(events)}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(html_pack)

BOOST_AUTO_TEST_CASE(texts_read_back) {
    std::vector<json::value> all;
    for (const char* text : texts) all.emplace_back(text);
    reads_back(all);
    for (const char* text : texts) reads_back({json::value(text)});
}

BOOST_AUTO_TEST_CASE(anything_reads_back) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        sim::base::Random random(seed);
        std::vector<json::value> all;
        for (int i = 0; i < 6; ++i) all.push_back(something(random, 4));
        for (int i = 0; i < 3; ++i) all.push_back(some_events(random));
        BOOST_TEST_CONTEXT("seed " << seed) reads_back(all);
    }
}

BOOST_AUTO_TEST_CASE(what_is_the_same_stands_once) {
    const json::value long_text = "no rule matched, so the default decided, which takes some words to say";
    Packer packer;
    const auto once = packer.finish({packer.add(json::array{long_text, 1})}).json.size();
    std::vector<Packer::Ref> roots;
    for (int i = 0; i < 50; ++i) roots.push_back(packer.add(json::array{long_text, 1}));
    BOOST_TEST((packer.finish(roots).json.size() == once));
    BOOST_TEST(Reader(packer.finish({})).values().empty());
}

BOOST_AUTO_TEST_CASE(big_numbers_and_many_values_read_back) {
    std::vector<json::value> all;
    for (std::int64_t n = 0; n < 3000; ++n) all.emplace_back(json::array{n, n * n * n, "text " + std::to_string(n)});
    reads_back(all);
    reads_back({json::object{
        {"events", json::array{json::object{{"t", 123456789012345}, {"from", 0}, {"what", "x"}},
                               json::object{{"t", 123456789012345}, {"from", 0}, {"what", "port 999999999"}}}}}});
}

BOOST_AUTO_TEST_CASE(ladders_that_differ_in_ports_have_one_course) {
    Packer packer;
    std::vector<Packer::Ref> roots;
    for (const char* port : {"5001", "6002", "7003"})
        roots.push_back(packer.add(json::object{
            {"events",
             json::array{json::object{{"t", 0}, {"from", 0}, {"what", std::string("SYN to ") + port}},
                         json::object{{"t", 10}, {"from", 2}, {"what", std::string("SYN-ACK from ") + port}}}}}));
    const Packer::Packed packed = packer.finish(roots);
    BOOST_TEST(packed.json.find("SYN to #") != std::string::npos);
    BOOST_TEST((packed.json.find("SYN to #") == packed.json.rfind("SYN to #")));
    const Reader reader(packed);
    std::size_t courses = 0;
    for (const json::value& value : reader.values())
        if (value.is_array() && value.as_array()[0] == -4) ++courses;
    BOOST_TEST(courses == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
