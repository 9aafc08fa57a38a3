// The closed vocabularies of the format: each word of a scenario file and the value it stands for, in one place for
// reading, writing and the schema's test.
#pragma once

#include "scenarios/runner/scenario.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace scenarios::runner {

template <class E>
struct Word {
    E value;
    std::string_view text;
};

// Every word of a vocabulary, in the order in which messages list them.
template <class E>
std::span<const Word<E>> words_of();
template <>
std::span<const Word<ServerVersion>> words_of();
template <>
std::span<const Word<Windows>> words_of();
template <>
std::span<const Word<DynamicPorts>> words_of();
template <>
std::span<const Word<Service>> words_of();
template <>
std::span<const Word<ClientAction>> words_of();
template <>
std::span<const Word<Binding>> words_of();
template <>
std::span<const Word<RuleAction>> words_of();
template <>
std::span<const Word<RuleProtocol>> words_of();
template <>
std::span<const Word<Direction>> words_of();
template <>
std::span<const Word<RejectWith>> words_of();
template <>
std::span<const Word<ImportFormat>> words_of();
template <>
std::span<const Word<Inspector>> words_of();
template <>
std::span<const Word<PinholeUses>> words_of();
template <>
std::span<const Word<Outcome>> words_of();
template <>
std::span<const Word<FailsAt>> words_of();
template <>
std::span<const Word<StepKind>> words_of();

// Windows as a server and as a client: neither knows all of them.
std::span<const Word<Windows>> server_windows();
std::span<const Word<Windows>> client_windows();

// A word that people write for another one ("deny" for "drop"); empty when there is none.
std::string_view usual_word(std::string_view typed);

// All vocabularies by the name that the schema gives them.
struct Vocabulary {
    std::string_view name;
    std::vector<std::string_view> words;
};
std::vector<Vocabulary> vocabularies();

}  // namespace scenarios::runner
