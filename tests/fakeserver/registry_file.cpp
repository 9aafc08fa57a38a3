// The reader of `.reg` files: what parses, what must not, and where it says the trouble is.
#include "fakeserver/registry_file.hpp"

#include "registry_support.hpp"

#include <array>

namespace fakeserver::testing {
namespace {

const std::string key = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Test]\n";

const RegistryValue* only_value(const base::Result<RegistryFile, base::Diagnostics>& file) {
    if (!file) return nullptr;
    for (const RegistryEdit& edit : file->edits)
        if (const auto* set = std::get_if<SetValue>(&edit)) return &set->value;
    return nullptr;
}

std::string utf16le(std::string_view ascii) {
    std::string out;
    for (const char c : ascii) {
        out += c;
        out += '\0';
    }
    return out;
}

struct Good {
    const char* name;
    std::string line;
    std::string expected;  // format_data
};

BOOST_AUTO_TEST_CASE(values_of_every_type) {
    const std::array cases{
        Good{"dword", "\"v\"=dword:00001388", "REG_DWORD 5000 (0x00001388)"},
        Good{"short dword", "\"v\"=dword:1", "REG_DWORD 1 (0x00000001)"},
        Good{"dword with comment", "\"v\"=dword:00001388;5000", "REG_DWORD 5000 (0x00001388)"},
        Good{"spaces around", "  \"v\" = dword:00001388  ; five thousand", "REG_DWORD 5000 (0x00001388)"},
        Good{"text", "\"v\"=\"Y\"", "REG_SZ \"Y\""},
        Good{"escapes", R"("v"="a\\b\"c")", R"(REG_SZ "a\b"c")"},
        Good{"semicolon in text", "\"v\"=\"a;b\" ; c", "REG_SZ \"a;b\""},
        Good{"default", "@=\"x\"", "REG_SZ \"x\""},
        Good{"empty name is the default", "\"\"=\"x\"", "REG_SZ \"x\""},
        Good{"binary", "\"v\"=hex:0a,0B", "REG_BINARY 2 octets: 0a 0b"},
        Good{"empty binary", "\"v\"=hex:", "REG_BINARY 0 octets:"},
        Good{"dword as octets", "\"v\"=hex(4):88,13,00,00", "REG_DWORD 5000 (0x00001388)"},
        Good{"short dword as octets", "\"v\"=hex(4):88,13", "REG_DWORD 2 octets: 88 13"},
        Good{"qword", "\"v\"=hex(b):01,00,00,00,00,00,00,00", "REG_QWORD 1 (0x0000000000000001)"},
        Good{"list", "\"v\"=hex(7):35,30,00,36,00,00", "REG_MULTI_SZ \"50\", \"6\""},
        Good{"empty list", "\"v\"=hex(7):00,00", "REG_MULTI_SZ (empty)"},
        Good{"unterminated list", "\"v\"=hex(7):35", "REG_MULTI_SZ \"5\""},
        Good{"expandable", "\"v\"=hex(2):25,41,25,00", "REG_EXPAND_SZ \"%A%\""},
        Good{"none", "\"v\"=hex(0):01", "REG_NONE 1 octets: 01"},
        Good{"unnamed type", "\"v\"=hex(ffff):01", "type 0xffff 1 octets: 01"},
        Good{"continued", "\"v\"=hex(7):35,\\\n  30,00,\\\n00", "REG_MULTI_SZ \"50\""},
        Good{"continued with comments", "\"v\"=hex(7):35,\\;c\n ; c\n\n  30,00,00", "REG_MULTI_SZ \"50\""},
        Good{"continued at once", "\"v\"=hex(7):\\\n35,00", "REG_MULTI_SZ \"5\""},
        Good{"UTF-16 octets in REGEDIT4 end at each zero", "\"v\"=hex(7):35,00,30,00,00,00",
             "REG_MULTI_SZ \"5\", \"0\""},
    };
    for (const Good& c : cases) BOOST_TEST_CONTEXT(c.name) {
            for (const std::string_view end : {"\n", "\r\n", "\r", ""}) {
                std::string text = "REGEDIT4\n\n" + key + c.line + "\n";
                if (end == "") {
                    text.pop_back();
                } else if (end != "\n") {
                    std::string converted;
                    for (const char ch : text) converted += ch == '\n' ? std::string(end) : std::string(1, ch);
                    text = converted;
                }
                const auto file = parse_text(text);
                const RegistryValue* value = only_value(file);
                BOOST_REQUIRE(value != nullptr);
                BOOST_TEST(format_data(*value) == c.expected);
                BOOST_TEST(value->written.place.line == 4U);
                BOOST_TEST(value->written.place.file == "test.reg");
            }
        }
}

struct Bad {
    const char* name;
    std::string text;
    std::string id;
    std::uint32_t line;
    std::uint32_t column;
};

BOOST_AUTO_TEST_CASE(what_must_not_parse) {
    const std::string head = "REGEDIT4\n" + key;
    const std::array cases{
        Bad{"empty", "", "reg-empty", 0, 0},
        Bad{"binary", std::string("regf\x01\x02\x7f", 7), "reg-not-text", 0, 0},
        Bad{"zero inside", head + std::string("\"a\0b\"=\"c\"\n", 11), "reg-nul", 3, 3},
        Bad{"no header", key + "\"v\"=dword:1\n", "reg-header-missing", 1, 1},
        Bad{"comment before the header", "; x\nREGEDIT4\n" + key, "reg-header-missing", 1, 1},
        Bad{"lower-case header", "regedit4\n" + key, "reg-header-wrong", 1, 1},
        Bad{"other version", "Windows Registry Editor Version 6.00\n" + key, "reg-header-wrong", 1, 1},
        Bad{"header with more", "REGEDIT4 x\n" + key, "reg-header-wrong", 1, 1},
        Bad{"a scenario", "title = \"x\"\n[server]\nregistry = \"a.reg\"\n", "reg-not-a-reg-file", 1, 1},
        Bad{"prose", "Dear administrator,\n", "reg-not-a-reg-file", 1, 1},
        Bad{"UTF-16 without BOM", utf16le("REGEDIT4\n" + key), "reg-utf16-without-bom", 0, 0},
        Bad{"big-endian UTF-16", "\xfe\xff" + std::string("\0R", 2), "reg-utf16-big-endian", 0, 0},
        Bad{"odd UTF-16", "\xff\xfe" + utf16le("REGEDIT4\n") + "[", "reg-utf16-odd", 2, 1},
        Bad{"half a pair", "\xff\xfe" + utf16le("REGEDIT4\n;") + std::string("\0\xd8\n\0", 4), "reg-utf16-bad", 2, 2},
        Bad{"unclosed key", "REGEDIT4\n[HKEY_LOCAL_MACHINE\\A\n", "reg-key-unclosed", 2, 1},
        Bad{"text behind the key", "REGEDIT4\n[HKEY_LOCAL_MACHINE\\A] x\n", "reg-key-text", 2, 23},
        Bad{"unknown root", "REGEDIT4\n[HKEY_LOCAL_MASCHINE\\A]\n", "reg-key-root", 2, 2},
        Bad{"slashes", "REGEDIT4\n[HKEY_LOCAL_MACHINE/A]\n", "reg-key-root", 2, 2},
        Bad{"space before the root", "REGEDIT4\n[ HKEY_LOCAL_MACHINE\\A]\n", "reg-key-root", 2, 2},
        Bad{"empty level", "REGEDIT4\n[HKEY_LOCAL_MACHINE\\\\A]\n", "reg-key-empty", 2, 21},
        Bad{"empty key", "REGEDIT4\n[]\n", "reg-key-empty", 2, 1},
        Bad{"deleted root", "REGEDIT4\n[-HKEY_LOCAL_MACHINE]\n", "reg-key-root", 2, 3},
        Bad{"long level", "REGEDIT4\n[HKEY_LOCAL_MACHINE\\" + std::string(256, 'a') + "]\n", "reg-key-long", 2, 21},
        Bad{"value first", "REGEDIT4\n\"v\"=dword:1\n", "reg-value-before-key", 2, 1},
        Bad{"value under a deleted key", "REGEDIT4\n[-HKEY_LOCAL_MACHINE\\A]\n\"v\"=dword:1\n",
            "reg-value-under-deleted-key", 3, 1},
        Bad{"unquoted name", head + "v=dword:1\n", "reg-line", 3, 1},
        Bad{"no equals sign", head + "\"v\" dword:1\n", "reg-value-equals", 3, 5},
        Bad{"nothing behind it", head + "\"v\"=\n", "reg-value-kind", 3, 5},
        Bad{"plain number", head + "\"v\"=5000\n", "reg-value-kind", 3, 5},
        Bad{"capital DWORD", head + "\"v\"=DWORD:1388\n", "reg-value-kind", 3, 5},
        Bad{"unclosed name", head + "\"v=dword:1\n", "reg-string-unclosed", 3, 1},
        Bad{"unclosed text", head + "\"v\"=\"abc\n", "reg-string-unclosed", 3, 5},
        Bad{"text ends in backslash", head + "\"v\"=\"abc\\", "reg-string-unclosed", 3, 5},
        Bad{"text behind text", head + "\"v\"=\"abc\"d\n", "reg-value-text", 3, 10},
        Bad{"hash is no trailing comment", head + "\"v\"=\"abc\"#d\n", "reg-value-text", 3, 10},
        Bad{"empty dword", head + "\"v\"=dword:\n", "reg-dword", 3, 11},
        Bad{"0x in a dword", head + "\"v\"=dword:0x1388\n", "reg-dword", 3, 11},
        Bad{"nine digits", head + "\"v\"=dword:000001388\n", "reg-dword", 3, 11},
        Bad{"not hexadecimal", head + "\"v\"=dword:50o0\n", "reg-dword", 3, 11},
        Bad{"octet of three digits", head + "\"v\"=hex:123\n", "reg-hex", 3, 9},
        Bad{"no comma", head + "\"v\"=hex:12 34\n", "reg-hex", 3, 12},
        Bad{"two commas", head + "\"v\"=hex:12,,34\n", "reg-hex", 3, 12},
        Bad{"no comma before the backslash", head + "\"v\"=hex:12\\\n34\n", "reg-hex", 3, 11},
        Bad{"broken octet", head + "\"v\"=hex:12,3\\\n4\n", "reg-hex", 3, 13},
        Bad{"text behind the backslash", head + "\"v\"=hex:12,\\34\n", "reg-hex", 3, 12},
        Bad{"next value instead of octets", head + "\"v\"=hex:12,\\\n\"w\"=dword:1\n", "reg-hex", 4, 1},
        Bad{"file ends in a continuation", head + "\"v\"=hex:12,\\\n", "reg-hex-cut", 3, 12},
        Bad{"bad type", head + "\"v\"=hex(7:12\n", "reg-hex-type", 3, 5},
        Bad{"type too large", head + "\"v\"=hex(100000000):12\n", "reg-hex-type", 3, 5},
        Bad{"deletion with more", head + "\"v\"=-1\n", "reg-value-text", 3, 6},
    };
    for (const Bad& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const auto file = parse_text(c.text);
            BOOST_REQUIRE(!file.has_value());
            const base::Diagnostic first = file.error().front();  // error() gives a copy
            BOOST_TEST(first.id == c.id);
            BOOST_TEST(first.place.line == c.line);
            BOOST_TEST(first.place.column == c.column);
            BOOST_TEST((first.severity == base::Severity::error));
            BOOST_TEST(!base::format(first).empty());
        }
}

BOOST_AUTO_TEST_CASE(all_errors_of_a_file_at_once) {
    const auto file =
        parse_text("REGEDIT4\n" + key + "\"a\"=dword:zz\n\"b\"=dword:2\nrubbish\n[HKEY_NOWHERE\\x]\n\"c\"=hex:1g\n");
    BOOST_REQUIRE(!file.has_value());
    std::string ids;
    for (const base::Diagnostic& d : file.error()) ids += d.id + ":" + std::to_string(d.place.line) + " ";
    BOOST_TEST(ids == "reg-dword:3 reg-line:5 reg-key-root:6 reg-hex:7 ");
    BOOST_TEST(file.error()[0].source_line == "\"a\"=dword:zz");
}

BOOST_AUTO_TEST_CASE(encodings_give_the_same_edits) {
    const std::string body = "\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\T\"st]\n\"v\"=\"x\"\n";
    const std::string header5 = "Windows Registry Editor Version 5.00";
    for (const std::string& text :
         {"REGEDIT4" + body, "\xef\xbb\xbfREGEDIT4" + body, header5 + body, "\xff\xfe" + utf16le(header5 + body)}) {
        const auto file = parse_text(text);
        BOOST_REQUIRE(file.has_value());
        BOOST_TEST(file->edits.size() == 2U);
        BOOST_TEST(format_data(*only_value(file)) == "REG_SZ \"x\"");
    }
    // 0xe4 alone is no UTF-8, so the file is Windows-1252; the column counts in the UTF-8 shown.
    const auto ansi = parse_text("REGEDIT4\n" + key + "\"\xe4\"=\"\x80\"\n\"\xe4\"=dword:g\n");
    BOOST_REQUIRE(!ansi.has_value());
    BOOST_TEST(ansi.error().back().place.column == 12U);
    BOOST_TEST(ansi.error().back().source_line == "\"\u00e4\"=dword:g");
    const auto version5 = parse_text(header5 + "\n" + key + "\"v\"=hex(7):35,00,30,00,00,00,00,00\n");
    BOOST_REQUIRE(version5.has_value());
    BOOST_TEST(format_data(*only_value(version5)) == "REG_MULTI_SZ \"50\"");
}

BOOST_AUTO_TEST_CASE(warnings_do_not_refuse) {
    struct Case {
        const char* name;
        std::string text;
        std::string id;
    };
    const std::array cases{
        Case{"abbreviated", "REGEDIT4\n[HKLM\\A]\n", "reg-root-abbreviated"},
        Case{"space in the key", "REGEDIT4\n[HKEY_LOCAL_MACHINE\\A ]\n", "reg-key-space"},
        Case{"escape", "REGEDIT4\n" + key + "\"v\"=\"C:\\temp\"\n", "reg-escape"},
        Case{"dword size", "REGEDIT4\n" + key + "\"v\"=hex(4):01\n", "reg-dword-size"},
        Case{"UTF-16 octets", "REGEDIT4\n" + key + "\"v\"=hex(7):35,00,30,00,00,00\n", "reg-text-encoding"},
        Case{"single octets in version 5",
             "Windows Registry Editor Version 5.00\n" + key + "\"v\"=hex(7):35,30,00,00\n", "reg-text-encoding"},
        Case{"twice", "REGEDIT4\n" + key + "\"v\"=dword:1\n\"V\"=dword:2\n", "reg-duplicate-value"},
        Case{"trailing comma", "REGEDIT4\n" + key + "\"v\"=hex:01,\n", "reg-hex-comma"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const auto file = parse_text(c.text);
            BOOST_REQUIRE(file.has_value());
            BOOST_REQUIRE(file->remarks.size() == 1U);
            BOOST_TEST(file->remarks.front().id == c.id);
        }
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_file_is_survived) {
    const std::string text = "Windows Registry Editor Version 5.00\r\n\r\n" + key +
                             "\"v\"=hex(7):35,00,\\\r\n  30,00,00,00,00,00\r\n\"w\"=\"a\\\\b\"\r\n[-HKEY_USERS\\x]\r\n";
    for (const std::string& whole : {text, "\xff\xfe" + utf16le(text)})
        for (std::size_t length = 0; length <= whole.size(); ++length) {
            const auto file = parse_text(whole.substr(0, length));
            BOOST_TEST((file.has_value() || base::has_errors(file.error())));
        }
}

BOOST_AUTO_TEST_CASE(bounds_hold) {
    BOOST_TEST(parse_text(std::string(file_octets_max + 1, ' ')).error().front().id == "reg-too-large");
    std::string many = "REGEDIT4\n";
    for (std::size_t i = 0; i < edits_max + 1; ++i) many += "[HKEY_USERS\\" + std::to_string(i) + "]\n";
    BOOST_TEST(parse_text(many).error().back().id == "reg-too-many");
    std::string wrong = "REGEDIT4\n";
    for (std::size_t i = 0; i < 1000; ++i) wrong += "x\n";
    BOOST_TEST(parse_text(wrong).error().size() == diagnostics_max + 1);
    std::string deep = "REGEDIT4\n[HKEY_USERS";
    for (std::size_t i = 0; i <= key_depth_max; ++i) deep += "\\a";
    BOOST_TEST(parse_text(deep + "]\n").error().front().id == "reg-key-deep");
}

BOOST_AUTO_TEST_CASE(the_registry_is_what_was_imported_last) {
    Registry registry = registry_of(
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\A]\n\"Port\"=dword:1\n"
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\a]\n\"PORT\"=dword:2\n"
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet002\\Services\\A]\n\"Port\"=dword:3\n"
        "[HKEY_USERS\\x\\y]\n\"z\"=dword:1\n[HKEY_USERS\\xx]\n\"z\"=dword:1\n");
    const auto number = [&registry](std::string_view path, std::string_view name) -> std::int64_t {
        const RegistryValue* value = registry.value(path, name);
        return value == nullptr ? -1 : static_cast<std::int64_t>(as_dword(*value).value_or(0));
    };
    BOOST_TEST(number("hklm\\system\\currentcontrolset\\services\\a", "port") == 2);
    BOOST_TEST(number("HKLM\\SYSTEM\\ControlSet001\\Services\\A", "port") == 2);
    BOOST_TEST(number("HKLM\\SYSTEM\\ControlSet002\\Services\\A", "port") == 3);
    BOOST_TEST(registry.value("HKLM\\SYSTEM\\CurrentControlSet\\Services\\A", "port")->name == "PORT");
    BOOST_TEST(registry.value("HKLM\\SYSTEM\\CurrentControlSet\\Services\\A", "port")->written.place.line == 6U);
    registry.import(
        *parse_text("REGEDIT4\n[-HKEY_USERS\\X]\n[HKLM\\SYSTEM\\CurrentControlSet\\Services\\A]\n\"port\"=-\n"));
    BOOST_TEST((registry.key("HKEY_USERS\\x\\y") == nullptr));
    BOOST_TEST((registry.key("HKEY_USERS\\xx") != nullptr));
    BOOST_TEST(number("HKLM\\SYSTEM\\CurrentControlSet\\Services\\A", "port") == -1);
    BOOST_TEST((registry.key("HKLM\\SYSTEM\\CurrentControlSet\\Services") != nullptr));
}

}  // namespace
}  // namespace fakeserver::testing
