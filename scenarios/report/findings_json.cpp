#include "scenarios/report/findings_json.hpp"

#include <boost/json/object.hpp>

namespace scenarios::report {

namespace json = boost::json;

json::array findings_json(const diagnosis::Findings& findings) {
    json::array array;
    for (const diagnosis::Finding& finding : findings) {
        json::object entry;
        entry["id"] = finding.id;
        entry["effect"] = id(finding.effect);
        entry["what"] = sentence(finding);
        entry["likely"] = finding.likely;
        json::array evidence;
        for (const diagnosis::Evidence& one : finding.evidence) {
            json::object seen;
            seen["text"] = one.text;
            if (!one.place.file.empty()) {
                json::object place;
                place["file"] = one.place.file;
                if (one.place.line != 0) place["line"] = one.place.line;
                if (one.place.column != 0) place["column"] = one.place.column;
                seen["place"] = std::move(place);
            }
            evidence.push_back(std::move(seen));
        }
        entry["evidence"] = std::move(evidence);
        json::array mend;
        for (const std::string& one : finding.mend) mend.emplace_back(one);
        entry["mend"] = std::move(mend);
        entry["articles"] = finding.articles;
        array.push_back(std::move(entry));
    }
    return array;
}

}  // namespace scenarios::report
