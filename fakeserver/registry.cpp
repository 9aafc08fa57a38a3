#include "fakeserver/registry.hpp"

#include <algorithm>
#include <utility>

namespace fakeserver {
namespace {

constexpr std::string_view local_machine = "hkey_local_machine\\";
constexpr std::string_view local_machine_short = "hklm\\";
constexpr std::string_view system_prefix = "hkey_local_machine\\system\\";
constexpr std::string_view numbered_set = "controlset";
constexpr std::string_view current_set = "currentcontrolset";
constexpr std::string_view select_key = "hkey_local_machine\\system\\select";

std::string set_name(std::uint32_t number) {
    std::string digits = std::to_string(number);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    return std::string(numbered_set) + digits;
}

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string folded(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string Registry::canonical(std::string_view path) const {
    std::string out = folded(path);
    if (out.starts_with(local_machine_short)) out.replace(0, local_machine_short.size(), local_machine);
    if (out.starts_with(system_prefix)) {
        const std::size_t begin = system_prefix.size();
        const std::size_t end = std::min(out.find('\\', begin), out.size());
        if (std::string_view(out).substr(begin, end - begin) == set_name(current_control_set_))
            out.replace(begin, end - begin, current_set);
    }
    return out;
}

RegistryKey& Registry::create(std::string_view path) {
    // Parents exist too, as in a real registry: deleting one takes the children along, and listings show them.
    const std::string full = canonical(path);
    if (const auto known = keys_.find(full); known != keys_.end()) return known->second;
    // The canonical path differs from the written one at its head only, so cutting both at the n-th separator
    // from the end gives the same key.
    for (std::size_t at = path.find('\\'), to = full.find('\\');
         at != std::string_view::npos && to != std::string::npos;
         at = path.find('\\', at + 1), to = full.find('\\', to + 1))
        keys_.try_emplace(full.substr(0, to), RegistryKey{.path = std::string(path.substr(0, at)), .values = {}});
    return keys_.try_emplace(full, RegistryKey{.path = std::string(path), .values = {}}).first->second;
}

void Registry::apply(const RegistryEdit& edit) {
    struct Apply {
        Registry& self;

        void operator()(const CreateKey& e) const { self.create(e.path); }
        void operator()(const DeleteKey& e) const {
            const std::string path = self.canonical(e.path);
            self.keys_.erase(path);
            // All paths below are those between "path\" and "path]": ']' follows '\' in ASCII.
            self.keys_.erase(self.keys_.lower_bound(path + '\\'), self.keys_.lower_bound(path + ']'));
        }
        void operator()(const SetValue& e) const {
            self.create(e.path).values.insert_or_assign(folded(e.value.name), e.value);
            const auto number = as_dword(e.value);
            if (number && same_name(e.value.name, "Current") && self.canonical(e.path) == select_key)
                self.current_control_set_ = *number;
        }
        void operator()(const DeleteValue& e) const {
            const auto key = self.keys_.find(self.canonical(e.path));
            if (key != self.keys_.end()) key->second.values.erase(folded(e.name));
        }
    };
    std::visit(Apply{*this}, edit);
}

void Registry::import(const RegistryFile& file) {
    for (const RegistryEdit& edit : file.edits) apply(edit);
}

const RegistryKey* Registry::key(std::string_view path) const {
    const auto at = keys_.find(canonical(path));
    return at == keys_.end() ? nullptr : &at->second;
}

const RegistryValue* Registry::value(std::string_view path, std::string_view name) const {
    const RegistryKey* found = key(path);
    if (found == nullptr) return nullptr;
    const auto at = found->values.find(folded(name));
    return at == found->values.end() ? nullptr : &at->second;
}

}  // namespace fakeserver
