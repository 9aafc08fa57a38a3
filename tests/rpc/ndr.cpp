// NDR: alignment from the start of the stub, strings, handles, and readers that do not run off their end.
#include "sim/rpc/ndr.hpp"

#include "tests/rpc/rig.hpp"

using namespace rig;

BOOST_AUTO_TEST_SUITE(ndr)

BOOST_AUTO_TEST_CASE(integers_are_aligned_from_the_start_of_the_stub_not_of_the_buffer) {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        base::Bytes out{9, 9, 9};
        NdrWriter writer(out, order);
        writer.u8(1);
        writer.u16(0x0203);
        writer.u8(4);
        writer.u32(0x05060708);
        writer.uuid(epm_interface.uuid);
        const std::string expected =
            order == ByteOrder::little ? "01 00 03 02 04 00 00 00 08 07 06 05" : "01 00 02 03 04 00 00 00 05 06 07 08";
        BOOST_TEST(to_hex(base::ByteView(out).subspan(3, 12)) == expected);
        const Tight stub(base::ByteView(out).subspan(3));
        NdrReader in(stub, order);
        BOOST_TEST(in.u8() == 1);
        BOOST_TEST(in.u16() == 0x0203);
        BOOST_TEST(in.u8() == 4);
        BOOST_TEST(in.u32() == 0x05060708U);
        BOOST_TEST((in.uuid() == epm_interface.uuid));
        BOOST_TEST(in.ok());
        BOOST_TEST(in.left() == 0U);
        BOOST_TEST(in.u8() == 0);
        BOOST_TEST(!in.ok());
    }
}

BOOST_AUTO_TEST_CASE(handles_are_20_octets_and_null_when_all_zero) {
    const ContextHandle handle{3, echo_interface.uuid};
    base::Bytes out;
    NdrWriter(out).handle(handle);
    BOOST_TEST(out.size() == ContextHandle::wire_size);
    BOOST_TEST((NdrReader(out).handle() == handle));
    BOOST_TEST(!handle.is_null());
    BOOST_TEST((!ContextHandle{1, {}}.is_null()));
    BOOST_TEST(ContextHandle{}.is_null());
}

BOOST_AUTO_TEST_CASE(strings_come_back) {
    for (const std::string_view text : {"", "a", "abc", "abcd"}) {
        base::Bytes out;
        NdrWriter writer(out);
        writer.conformant_string(text);
        writer.u32(0x01020304);
        const Tight tight(out);
        NdrReader in(tight);
        BOOST_TEST(in.conformant_string() == text);
        BOOST_TEST(in.u32() == 0x01020304U);
        for (std::size_t size = 0; size < 12 + text.size() + 1; ++size) {
            const Tight cut(base::ByteView(out).first(size));
            NdrReader short_of(cut);
            BOOST_TEST(short_of.conformant_string().empty());
            BOOST_TEST(!short_of.ok());
        }
    }
}

BOOST_AUTO_TEST_CASE(strings_that_lie) {
    struct Case {
        const char* name;
        const char* octets;
    };
    for (const Case& c : {Case{"no NUL", "04000000 00000000 04000000 61626364"},
                          Case{"offset not 0", "04000000 01000000 02000000 61000000"},
                          Case{"more than the maximum", "01000000 00000000 02000000 61000000"},
                          Case{"empty without NUL", "01000000 00000000 00000000"},
                          Case{"longer than the stub", "ffffffff 00000000 ffffffff 61000000"}})
        BOOST_TEST_CONTEXT(c.name) {
            const Tight tight(from_hex(c.octets));
            NdrReader in(tight);
            BOOST_TEST(in.conformant_string().empty());
            BOOST_TEST(!in.ok());
        }
}

BOOST_AUTO_TEST_SUITE_END()
