// A stream in any split gives the same PDUs.
#include "sim/rpc/pdu_stream.hpp"

#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

base::Bytes three_pdus() {
    base::Bytes all;
    for (std::uint32_t id = 1; id <= 3; ++id) {
        const base::Bytes stub(id * 11, static_cast<base::Byte>(id));
        emit(all, {.drep = Drep::of(id == 2 ? ByteOrder::big : ByteOrder::little),
                   .call_id = id,
                   .body = Response{.stub = stub}});
    }
    return all;
}

std::vector<base::Bytes> drain(PduStream& stream) {
    std::vector<base::Bytes> pdus;
    while (const auto pdu = stream.next()) pdus.emplace_back(pdu->begin(), pdu->end());
    return pdus;
}

void check_all(const std::vector<base::Bytes>& pdus, base::ByteView all) {
    base::Bytes joined;
    for (const base::Bytes& pdu : pdus) joined.insert(joined.end(), pdu.begin(), pdu.end());
    BOOST_TEST(pdus.size() == 3U);
    BOOST_TEST(to_hex(joined) == to_hex(all));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pdu_stream)

BOOST_AUTO_TEST_CASE(any_two_cuts) {
    const base::Bytes all = three_pdus();
    for (std::size_t one = 0; one <= all.size(); ++one)
        for (std::size_t two = one; two <= all.size(); ++two) {
            PduStream stream;
            std::vector<base::Bytes> pdus;
            for (const auto& [from, to] : {std::pair{std::size_t{0}, one}, {one, two}, {two, all.size()}}) {
                const Tight piece(base::ByteView(all).subspan(from, to - from));
                stream.feed(piece);
                for (base::Bytes& pdu : drain(stream)) pdus.push_back(std::move(pdu));
            }
            check_all(pdus, all);
            BOOST_TEST(stream.waiting() == 0U);
        }
}

BOOST_AUTO_TEST_CASE(octet_by_octet) {
    const base::Bytes all = three_pdus();
    PduStream stream;
    std::vector<base::Bytes> pdus;
    for (const base::Byte octet : all) {
        stream.feed({&octet, 1});
        for (base::Bytes& pdu : drain(stream)) pdus.push_back(std::move(pdu));
    }
    check_all(pdus, all);
}

BOOST_AUTO_TEST_CASE(a_whole_pdu_is_not_copied) {
    const base::Bytes all = three_pdus();
    PduStream stream;
    stream.feed(all);
    BOOST_TEST((stream.next()->data() == all.data()));
    stream.keep();
}

BOOST_AUTO_TEST_CASE(what_was_kept_is_not_lost) {
    const base::Bytes all = three_pdus();
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        PduStream stream;
        std::vector<base::Bytes> pdus;
        const auto one = [&] {
            if (const auto pdu = stream.next()) pdus.emplace_back(pdu->begin(), pdu->end());
            stream.keep();
        };
        for (const base::ByteView piece : {base::ByteView(all).first(cut), base::ByteView(all).subspan(cut)}) {
            const Tight tight(piece);
            stream.feed(tight);
            stream.keep();
        }
        for (int i = 0; i < 3; ++i) {
            stream.feed({});
            one();
        }
        check_all(pdus, all);
    }
}

BOOST_AUTO_TEST_CASE(a_length_below_16_breaks_it_for_good) {
    for (const unsigned length : {0U, 1U, 15U}) {
        base::Bytes bad = from_hex("0500120310000000 00000000 01000000");
        bad[8] = static_cast<base::Byte>(length);
        for (std::size_t cut = 0; cut < bad.size(); ++cut) {
            PduStream stream;
            stream.feed(base::ByteView(bad).first(cut));
            BOOST_TEST(!stream.next().has_value());
            BOOST_TEST(!stream.broken());
            stream.feed(base::ByteView(bad).subspan(cut));
            BOOST_TEST(!stream.next().has_value());
            BOOST_TEST(stream.broken());
            stream.feed(three_pdus());
            BOOST_TEST(!stream.next().has_value());
            BOOST_TEST(stream.waiting() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_cut_stream_tells_how_much_waits) {
    const base::Bytes all = three_pdus();
    PduStream stream;
    stream.feed(base::ByteView(all).first(all.size() - 1));
    BOOST_TEST(drain(stream).size() == 2U);
    BOOST_TEST(stream.waiting() == 24U + 33U - 1U);
}

BOOST_AUTO_TEST_SUITE_END()
