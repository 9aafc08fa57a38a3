// The lookups with AVX-512 (F, BW, DQ, VL). Compiled for any processor, run only where variants() names it.
//
// Many packets: 32 at a time. Their addresses are searched side by side, 16 in a register; the first steps of a search
// stay in registers, where a permutation is a table of 64. What is found are cells; those that are not empty become a
// list of work, and that is gone through without a branch that could be guessed wrong. Four searches go on at once,
// because each is a chain of waits.
#include "sim/firewall/compiled/rounds.hpp"

#if defined(__x86_64__)

// The compiler's own header leaves lanes unset that a mask hides, and the compiler warns of it.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <algorithm>
#include <immintrin.h>

#define FIREDRILL_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2,popcnt,lzcnt")))
#define FIREDRILL_INLINE __attribute__((always_inline)) inline

namespace sim::firewall::compiled {
namespace {

constexpr std::size_t at_once = round_size;
constexpr std::size_t lanes = 16;
constexpr std::size_t groups = at_once / lanes;

FIREDRILL_AVX512 FIREDRILL_INLINE __m512i all(std::uint32_t value) {
    return _mm512_set1_epi32(static_cast<int>(value));
}

// ---- one block ----

FIREDRILL_AVX512 FIREDRILL_INLINE std::uint32_t line_in(const char* block, __m512i asked) {
    const auto* const b = reinterpret_cast<const Block*>(block);
    const __m512i above = _mm512_sub_epi16(asked, _mm512_load_si512(b->low));
    const __m512i misfit = _mm512_subs_epu16(above, _mm512_load_si512(b->length));
    const auto fits = static_cast<unsigned>(_cvtmask8_u32(_mm512_testn_epi64_mask(misfit, misfit)));
    return b->line[__builtin_ctz(fits | 1U << block_lines)];
}

// The blocks behind the first one.
FIREDRILL_AVX512 std::uint32_t line_behind(const char* block, std::uint64_t asked) {
    const __m512i a = _mm512_set1_epi64(static_cast<long long>(asked));
    std::uint32_t line = no_line;
    for (unsigned left = reinterpret_cast<const Block*>(block)->following; line == no_line && left != 0; --left) {
        block += sizeof(Block);
        line = line_in(block, a);
    }
    return line;
}

// All of a cell. Apart, so that nobody who asks for a short cell waits for the question whether it was found.
FIREDRILL_AVX512 __attribute__((noinline)) std::uint32_t line_in_all(const char* block, std::uint64_t asked) {
    const std::uint32_t line = line_in(block, _mm512_set1_epi64(static_cast<long long>(asked)));
    return line == no_line ? line_behind(block, asked) : line;
}

// ---- one packet ----

FIREDRILL_AVX512 FIREDRILL_INLINE unsigned not_above(const std::uint32_t* values, __m512i value) {
    return _cvtmask16_u32(_mm512_cmple_epu32_mask(_mm512_loadu_si512(values), value));
}

FIREDRILL_AVX512 FIREDRILL_INLINE std::uint32_t class_of(const Starts& starts, std::uint32_t value) {
    const std::uint32_t* const values = starts.values.data();
    const __m512i v = all(value);
    if (starts.bits == Starts::few_bits)
        return static_cast<std::uint32_t>(__builtin_popcount(not_above(values, v))) - 1U;
    const std::uint32_t* const pivots = starts.pivots.data();
    const int below = __builtin_popcount(not_above(pivots, v) | not_above(pivots + 16, v) << 16U) +
                      __builtin_popcount(not_above(pivots + 32, v) | not_above(pivots + 48, v) << 16U);
    unsigned rest = starts.bits - Starts::pivot_bits;
    std::uint32_t at = static_cast<std::uint32_t>(below - 1) << rest;
    while (rest > Starts::few_bits) {
        --rest;
        at += values[at + (1U << rest)] <= value ? 1U << rest : 0U;
    }
    const unsigned mine = not_above(values + at, v) & ((1U << (1U << rest)) - 1U);
    return at + static_cast<std::uint32_t>(__builtin_popcount(mine)) - 1U;
}

FIREDRILL_AVX512 FIREDRILL_INLINE std::uint32_t line_in_cell(const Layout& layout, Cell cell, std::uint64_t asked) {
    // An empty cell is gone through as well: guessing whether it is one costs more.
    const char* const block = reinterpret_cast<const char*>(layout.blocks.data()) + (cell & ~Cell{1});
    if ((cell & 1U) != 0) [[unlikely]]
        return line_in_all(block, asked);
    return line_in(block, _mm512_set1_epi64(static_cast<long long>(asked)));
}

FIREDRILL_AVX512 std::uint32_t one(const Layout& layout, const Key& key) {
    const std::uint32_t kind = layout.kind_of(key);
    const std::uint32_t target = class_of(layout.targets, key.target), source = class_of(layout.sources, key.source);
    std::uint32_t service = 0;
    if (layout.service_bits != 0) service = class_of(layout.services, kind << 16U | key.second);
    const std::uint64_t rest =
        static_cast<std::uint64_t>(kind) << 48U | static_cast<std::uint64_t>(key.second) << 16U | key.first;
    std::uint32_t line = line_in_cell(layout, layout.by_target[target << layout.service_bits | service],
                                      rest | static_cast<std::uint64_t>(source) << 32U);
    if (layout.uses_sources)
        line = std::min(line, line_in_cell(layout, layout.by_source[source << layout.service_bits | service],
                                           rest | static_cast<std::uint64_t>(target) << 32U));
    return line;
}

// ---- many packets ----

// Of 16 packets, by field.
struct Sixteen {
    __m512i source, target, ports, kind;  // ports: first, and second in the high half; kind: in the high half
};

FIREDRILL_AVX512 FIREDRILL_INLINE __m512i kinds_of(const Layout& layout, __m512i rest) {
    const __m512i protocol = _mm512_and_si512(rest, all(0xff));
    if (layout.named_protocols <= Layout::few_protocols) {
        __m512i kind = all(layout.kind_of_others);
        for (std::size_t i = 0; i < layout.named_protocols; ++i)
            kind = _mm512_mask_mov_epi32(kind, _mm512_cmpeq_epi32_mask(protocol, all(layout.protocols[i])),
                                         all(layout.kinds_of_protocols[i]));
        return kind;
    }
    __m512i at = _mm512_i32gather_epi32(protocol, layout.protocol_row.data(), 4);
    if (!layout.by_protocol) {
        const __m512i flags = _mm512_and_si512(_mm512_srli_epi32(rest, 8), all(0xff));
        at = _mm512_add_epi32(at, _mm512_i32gather_epi32(flags, layout.flags_column.data(), 4));
        at = _mm512_add_epi32(at, _mm512_srli_epi32(rest, 16));
    }
    return _mm512_slli_epi32(_mm512_i32gather_epi32(at, layout.kinds.data(), 4), 16);
}

FIREDRILL_AVX512 FIREDRILL_INLINE Sixteen load(const Layout& layout, const Key* keys) {
    // Four keys a register; the first and second, or third and fourth, words of eight keys are brought together.
    const __m512i low = _mm512_set_epi32(29, 25, 21, 17, 13, 9, 5, 1, 28, 24, 20, 16, 12, 8, 4, 0);
    const __m512i high = _mm512_set_epi32(31, 27, 23, 19, 15, 11, 7, 3, 30, 26, 22, 18, 14, 10, 6, 2);
    const __m512i a = _mm512_loadu_si512(keys), b = _mm512_loadu_si512(keys + 4), c = _mm512_loadu_si512(keys + 8),
                  d = _mm512_loadu_si512(keys + 12);
    const __m512i addresses_ab = _mm512_permutex2var_epi32(a, low, b),
                  addresses_cd = _mm512_permutex2var_epi32(c, low, d);
    const __m512i others_ab = _mm512_permutex2var_epi32(a, high, b), others_cd = _mm512_permutex2var_epi32(c, high, d);
    return {_mm512_shuffle_i64x2(addresses_ab, addresses_cd, 0x44),
            _mm512_shuffle_i64x2(addresses_ab, addresses_cd, 0xee), _mm512_shuffle_i64x2(others_ab, others_cd, 0x44),
            kinds_of(layout, _mm512_shuffle_i64x2(others_ab, others_cd, 0xee))};
}

// The first steps of a search, in registers: of 16 starts all of them, of more those between the pivots. `at` becomes
// the class, or the class of the pivots.
FIREDRILL_AVX512 FIREDRILL_INLINE void search_few(const Starts& starts, std::uint32_t first,
                                                  const __m512i (&values)[groups], __m512i (&at)[groups]) {
    const __m512i table = _mm512_loadu_si512(starts.values.data());
#pragma GCC unroll 2
    for (std::size_t g = 0; g < groups; ++g) at[g] = _mm512_setzero_si512();
#pragma GCC unroll 4
    for (std::uint32_t step = first; step != 0; step /= 2)
#pragma GCC unroll 2
        for (std::size_t g = 0; g < groups; ++g) {
            const __m512i next = _mm512_or_si512(at[g], all(step));
            const __m512i start = _mm512_permutexvar_epi32(next, table);
            at[g] = _mm512_mask_mov_epi32(at[g], _mm512_cmple_epu32_mask(start, values[g]), next);
        }
}

FIREDRILL_AVX512 FIREDRILL_INLINE void search_pivots(const Starts& starts, const __m512i (&values)[groups],
                                                     __m512i (&at)[groups]) {
    const std::uint32_t* const pivots = starts.pivots.data();
    const __m512i t0 = _mm512_load_si512(pivots), t1 = _mm512_load_si512(pivots + 16),
                  t2 = _mm512_load_si512(pivots + 32), t3 = _mm512_load_si512(pivots + 48);
    __mmask16 upper[groups];
#pragma GCC unroll 2
    for (std::size_t g = 0; g < groups; ++g) {
        upper[g] = _mm512_cmple_epu32_mask(all(pivots[32]), values[g]);
        at[g] = _mm512_setzero_si512();
    }
#pragma GCC unroll 5
    for (std::uint32_t step = 16; step != 0; step /= 2)
#pragma GCC unroll 2
        for (std::size_t g = 0; g < groups; ++g) {
            const __m512i next = _mm512_or_si512(at[g], all(step));
            const __m512i start = _mm512_mask_blend_epi32(upper[g], _mm512_permutex2var_epi32(t0, next, t1),
                                                          _mm512_permutex2var_epi32(t2, next, t3));
            at[g] = _mm512_mask_mov_epi32(at[g], _mm512_cmple_epu32_mask(start, values[g]), next);
        }
    const unsigned rest = starts.bits - Starts::pivot_bits;
    __mmask16 beyond[groups]{};  // past the middle between two pivots
    if (rest != 0) {
        const std::uint32_t* const middles = starts.middles.data();
        const __m512i m0 = _mm512_load_si512(middles), m1 = _mm512_load_si512(middles + 16),
                      m2 = _mm512_load_si512(middles + 32), m3 = _mm512_load_si512(middles + 48);
#pragma GCC unroll 2
        for (std::size_t g = 0; g < groups; ++g) {
            const __m512i middle = _mm512_mask_blend_epi32(upper[g], _mm512_permutex2var_epi32(m0, at[g], m1),
                                                           _mm512_permutex2var_epi32(m2, at[g], m3));
            beyond[g] = _mm512_cmple_epu32_mask(middle, values[g]);
        }
    }
#pragma GCC unroll 2
    for (std::size_t g = 0; g < groups; ++g) {
        at[g] = _mm512_sllv_epi32(_mm512_mask_or_epi32(at[g], upper[g], at[g], all(32)), all(rest));
        at[g] = _mm512_mask_or_epi32(at[g], beyond[g], at[g], all(1U << rest >> 1U));
    }
}

// One step of a search behind pivots and middles; none when `step` is 0.
FIREDRILL_AVX512 FIREDRILL_INLINE void search_step(const Starts& starts, std::uint32_t step,
                                                   const __m512i (&values)[groups], __m512i (&at)[groups]) {
    if (step == 0) return;
#pragma GCC unroll 2
    for (std::size_t g = 0; g < groups; ++g) {
        const __m512i next = _mm512_or_si512(at[g], all(step));
        const __m512i start = _mm512_i32gather_epi32(next, starts.values.data(), 4);
        at[g] = _mm512_mask_mov_epi32(at[g], _mm512_cmple_epu32_mask(start, values[g]), next);
    }
}

FIREDRILL_AVX512 FIREDRILL_INLINE void search(const Starts& starts, const __m512i (&values)[groups],
                                              __m512i (&at)[groups]) {
    if (starts.bits == Starts::few_bits)
        search_few(starts, 8, values, at);
    else
        search_pivots(starts, values, at);
}

constexpr std::uint32_t first_step(const Starts& starts) {
    return starts.bits == Starts::few_bits ? 0U : 1U << (starts.bits - Starts::pivot_bits) >> 2U;
}

// What is left to do for 32 packets. A slot is a packet's cell by target, or, behind those, by source.
struct Work {
    static constexpr std::size_t slots = 2 * at_once;
    alignas(64) std::uint64_t asked[slots];
    alignas(64) std::uint32_t cell[slots];
    alignas(64) std::uint32_t line[slots];
    alignas(64) std::uint32_t todo[slots + lanes];  // slots whose cell is not empty; and those of more than one block:
    alignas(64) std::uint32_t longer[slots + lanes];
    std::size_t todo_count = 0, longer_count = 0;
};

FIREDRILL_AVX512 FIREDRILL_INLINE void append(std::uint32_t* list, std::size_t& count, __mmask16 which, __m512i slots) {
    _mm512_storeu_si512(list + count, _mm512_maskz_compress_epi32(which, slots));
    count += static_cast<std::size_t>(__builtin_popcount(which));
}

FIREDRILL_AVX512 FIREDRILL_INLINE void enlist(const Layout& layout, Work& work, std::size_t slot,
                                              const std::vector<Cell>& cells, __m512i at, __m512i ports,
                                              __m512i other_and_kind) {
    const __m512i low = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    const __m512i high = _mm512_set_epi32(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8);
    const __m512i count = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    _mm512_store_si512(work.asked + slot, _mm512_permutex2var_epi32(ports, low, other_and_kind));
    _mm512_store_si512(work.asked + slot + 8, _mm512_permutex2var_epi32(ports, high, other_and_kind));
    const __m512i cell = _mm512_i32gather_epi32(at, cells.data(), 4);
    _mm512_store_si512(work.cell + slot, _mm512_andnot_si512(all(1), cell));
    const __m512i slots = _mm512_add_epi32(count, all(static_cast<std::uint32_t>(slot)));
    append(work.todo, work.todo_count, _mm512_test_epi32_mask(cell, cell), slots);
    if (layout.has_following) append(work.longer, work.longer_count, _mm512_test_epi32_mask(cell, all(1)), slots);
}

FIREDRILL_AVX512 FIREDRILL_INLINE void work_off(const Layout& layout, Work& work) {
    const char* const blocks = reinterpret_cast<const char*>(layout.blocks.data());
    constexpr std::size_t cached = 512 * 1024 / sizeof(Block);
    if (layout.blocks.size() > cached)
        for (std::size_t i = 0; i < work.todo_count; ++i) {
            const char* const block = blocks + work.cell[work.todo[i]];
            _mm_prefetch(block, _MM_HINT_T0);
            _mm_prefetch(block + 64, _MM_HINT_T0);
            _mm_prefetch(block + 128, _MM_HINT_T0);
        }
    for (std::size_t i = 0; i < work.todo_count; ++i) {
        const std::size_t slot = work.todo[i];
        const char* const block = blocks + work.cell[slot];
        work.line[slot] = line_in(block, _mm512_set1_epi64(static_cast<long long>(work.asked[slot])));
    }
    for (std::size_t i = 0; i < work.longer_count; ++i) {
        const std::size_t slot = work.longer[i];
        if (work.line[slot] == no_line) work.line[slot] = line_behind(blocks + work.cell[slot], work.asked[slot]);
    }
}

FIREDRILL_AVX512 void thirty_two(const Layout& layout, const Key* keys, std::uint32_t* lines) {
    __m512i sources[groups], targets[groups], ports[groups], kinds[groups], services[groups];
#pragma GCC unroll 2
    for (std::size_t g = 0; g < groups; ++g) {
        const Sixteen s = load(layout, keys + g * lanes);
        sources[g] = s.source;
        targets[g] = s.target;
        ports[g] = s.ports;
        kinds[g] = s.kind;
        services[g] = _mm512_or_si512(s.kind, _mm512_srli_epi32(s.ports, 16));
    }
    __m512i source[groups], target[groups], service[groups];  // classes
    search(layout.targets, targets, target);
    search(layout.sources, sources, source);
    // Side by side, because each step waits long for what it fetches.
    std::uint32_t step_t = first_step(layout.targets), step_s = first_step(layout.sources);
    for (; (step_t | step_s) != 0; step_t /= 2, step_s /= 2) {
        search_step(layout.targets, step_t, targets, target);
        search_step(layout.sources, step_s, sources, source);
    }
    if (layout.service_bits > Starts::few_bits)
        search(layout.services, services, service);
    else if (layout.service_bits != 0)
        search_few(layout.services, 1U << layout.service_bits >> 1U, services, service);

    Work work;
    const __m512i shift = all(layout.service_bits);
#pragma GCC unroll 2
    for (std::size_t g = 0; g < groups; ++g) {
        const std::size_t slot = g * lanes;
        if (layout.service_bits == 0) service[g] = _mm512_setzero_si512();
        _mm512_store_si512(work.line + slot, all(no_line));
        enlist(layout, work, slot, layout.by_target, _mm512_or_si512(_mm512_sllv_epi32(target[g], shift), service[g]),
               ports[g], _mm512_or_si512(kinds[g], source[g]));
        _mm512_store_si512(work.line + at_once + slot, all(no_line));
        if (layout.uses_sources)
            enlist(layout, work, at_once + slot, layout.by_source,
                   _mm512_or_si512(_mm512_sllv_epi32(source[g], shift), service[g]), ports[g],
                   _mm512_or_si512(kinds[g], target[g]));
    }
    work_off(layout, work);
    for (std::size_t i = 0; i < at_once; i += lanes)
        _mm512_storeu_si512(
            lines + i, _mm512_min_epu32(_mm512_load_si512(work.line + i), _mm512_load_si512(work.line + at_once + i)));
}

}  // namespace

const Lookup detail::avx512_lookup{one, in_rounds<thirty_two, one, 6>};

}  // namespace sim::firewall::compiled

#endif
