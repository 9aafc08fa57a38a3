// base::Reader and base::Writer: every read whole, one octet short, and after a failure.
#include "sim/base/bytes.hpp"

#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sim::base;
using support::from_hex;
using support::Tight;

const Bytes eight = from_hex("01 02 03 04 05 06 07 08");

struct Number {
    const char* name;
    std::size_t size;
    std::uint64_t (*read)(Reader&);
    std::uint64_t expected;
    void (*write)(Writer&, std::uint64_t);
};

const Number numbers[] = {
    {"u8", 1, [](Reader& r) { return std::uint64_t{r.u8()}; }, 0x01,
     [](Writer& w, std::uint64_t v) { w.u8(static_cast<std::uint8_t>(v)); }},
    {"u16be", 2, [](Reader& r) { return std::uint64_t{r.u16be()}; }, 0x0102,
     [](Writer& w, std::uint64_t v) { w.u16be(static_cast<std::uint16_t>(v)); }},
    {"u16le", 2, [](Reader& r) { return std::uint64_t{r.u16le()}; }, 0x0201,
     [](Writer& w, std::uint64_t v) { w.u16le(static_cast<std::uint16_t>(v)); }},
    {"u32be", 4, [](Reader& r) { return std::uint64_t{r.u32be()}; }, 0x01020304,
     [](Writer& w, std::uint64_t v) { w.u32be(static_cast<std::uint32_t>(v)); }},
    {"u32le", 4, [](Reader& r) { return std::uint64_t{r.u32le()}; }, 0x04030201,
     [](Writer& w, std::uint64_t v) { w.u32le(static_cast<std::uint32_t>(v)); }},
    {"u64be", 8, [](Reader& r) { return r.u64be(); }, 0x0102030405060708,
     [](Writer& w, std::uint64_t v) { w.u64be(v); }},
    {"u64le", 8, [](Reader& r) { return r.u64le(); }, 0x0807060504030201,
     [](Writer& w, std::uint64_t v) { w.u64le(v); }},
};

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(numbers_are_read_whole_one_short_and_with_one_to_spare) {
    for (const Number& number : numbers) BOOST_TEST_CONTEXT(number.name) {
            const ByteView all(eight);
            const Tight whole(all.first(number.size));
            Reader reader(whole);
            BOOST_TEST(number.read(reader) == number.expected);
            BOOST_TEST(reader.ok());
            BOOST_TEST(reader.left() == 0U);

            const Tight cut(all.first(number.size - 1));
            Reader failing(cut);
            BOOST_TEST(number.read(failing) == 0U);
            BOOST_TEST(!failing.ok());

            if (number.size == 8) continue;
            const Tight longer(all.first(number.size + 1));
            Reader spare(longer);
            BOOST_TEST(number.read(spare) == number.expected);
            BOOST_TEST(spare.left() == 1U);
        }
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back) {
    for (const Number& number : numbers) BOOST_TEST_CONTEXT(number.name) {
            Bytes out;
            Writer writer(out);
            number.write(writer, number.expected);
            BOOST_TEST(support::to_hex(out) == support::to_hex(ByteView(eight).first(number.size)));
        }
}

BOOST_AUTO_TEST_CASE(a_failed_reader_stays_failed) {
    const Tight input(eight);
    Reader reader(input);
    reader.skip(6);
    BOOST_TEST(reader.u32be() == 0U);
    BOOST_TEST(!reader.ok());
    BOOST_TEST(reader.u8() == 0U);
    BOOST_TEST(reader.take(1).empty());
    BOOST_TEST(reader.rest().empty());
    BOOST_TEST(!reader.ok());
}

BOOST_AUTO_TEST_CASE(a_claimed_length_cannot_overflow) {
    const Tight input(eight);
    Reader reader(input);
    reader.u8();
    BOOST_TEST(reader.take(SIZE_MAX).empty());
    BOOST_TEST(!reader.ok());
}

BOOST_AUTO_TEST_CASE(alignment_counts_from_the_start) {
    const Tight input(eight);
    Reader reader(input);
    reader.align(4);
    BOOST_TEST(reader.offset() == 0U);
    reader.u8();
    reader.align(4);
    BOOST_TEST(reader.offset() == 4U);
    reader.align(4);
    BOOST_TEST(reader.offset() == 4U);

    Bytes out = from_hex("ff");
    Writer writer(out);
    writer.align(4);
    BOOST_TEST(writer.size() == 0U);
    writer.u8(7);
    writer.align(4);
    BOOST_TEST(support::to_hex(out) == "ff 07 00 00 00");
}

BOOST_AUTO_TEST_CASE(patches_count_from_where_the_writer_began) {
    Bytes out = from_hex("aa bb");
    Writer writer(out);
    writer.zeros(8);
    writer.patch_u32le(4, 0x05060708);
    BOOST_TEST(support::to_hex(out) == "aa bb 00 00 00 00 08 07 06 05");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
