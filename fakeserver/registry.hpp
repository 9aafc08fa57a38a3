// A simulated registry: what is on the server's disk after `.reg` files were imported in order.
//
// Keys and values are found whatever their case (ASCII letters only; Windows folds more) and keep the spelling of their
// first writer (keys) or last writer (values), with the place that wrote them. Iteration is in path order.
//
// HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet is a link to one of ControlSet001, 002, ...: the one that
// SYSTEM\Select\Current names, 1 as installed. The tree keeps one copy under CurrentControlSet: whatever is written to
// the current numbered set lands there. Other numbered sets (the last known good one) are separate keys that nothing
// reads. Simplification: a change of Select\Current takes effect for later edits, not for keys already written.
#pragma once

#include "fakeserver/registry_file.hpp"
#include "fakeserver/registry_value.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace fakeserver {

struct RegistryKey {
    std::string path;                                          // as spelled by whoever created it
    std::map<std::string, RegistryValue, std::less<>> values;  // by case-folded name
};

class Registry {
public:
    // Carries out every edit of the file, in order.
    void import(const RegistryFile& file);
    void apply(const RegistryEdit& edit);

    // Null when there is none. Pointers are valid until the next import. The path may begin with HKLM.
    const RegistryKey* key(std::string_view path) const;
    const RegistryValue* value(std::string_view path, std::string_view name) const;

    // Every key by its case-folded path.
    const std::map<std::string, RegistryKey, std::less<>>& keys() const { return keys_; }
    bool empty() const { return keys_.empty(); }

private:
    std::string canonical(std::string_view path) const;  // folded, written out, current control set by its link name
    RegistryKey& create(std::string_view path);

    std::map<std::string, RegistryKey, std::less<>> keys_;
    std::uint32_t current_control_set_ = 1;
};

// ASCII lower case: how names are compared.
std::string folded(std::string_view text);
bool same_name(std::string_view a, std::string_view b);

}  // namespace fakeserver
