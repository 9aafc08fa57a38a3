// What there is to say of one service, whatever is wrong with it: how it fared in this start, what its log says, and
// the value that would pin its port.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/needs.hpp"

#include <optional>
#include <string>

namespace scenarios::diagnosis {

// Borrows both; `need` is a service's.
class ServiceWords {
public:
    ServiceWords(const Situation& situation, const Need& need);

    // "the Directory", with its server where there are several.
    const std::string& name() const { return name_; }

    // The port it would get (choose.hpp), and the sentence that gives it: "write ... as REG_DWORD 5001 ...".
    std::optional<wire::Port> new_port() const;
    std::string pin() const;
    std::string pin_to(wire::Port port) const;

    // Adds what the server says of this start: the port or its absence, the event or the silence of the log.
    void add_state(Finding& found) const;

    // A finding of the registry's review, with the line as evidence.
    static Finding from_review(const fakeserver::RegistryFinding& reviewed, Effect effect);

private:
    const Situation& situation_;
    const Need& need_;
    const ServerSituation& server_;
    fakeserver::Service service_;
    std::string name_;
    std::string whose_, where_;  // "EXCH02: ", "on EXCH02, ": empty when there is one server
};

}  // namespace scenarios::diagnosis
