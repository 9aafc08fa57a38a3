#include "sim/firewall/import/nft_text.hpp"

#include <utility>

namespace sim::firewall::import::nft {
namespace {

using Kind = Json::Kind;

class Writer {
public:
    explicit Writer(std::size_t longest) : longest_(longest) {}

    std::string take() {
        if (text_.size() > longest_) text_ = text_.substr(0, longest_) + "...";
        return std::move(text_);
    }
    void statements(const Json& list) {
        for (const Json& one : list.items) {
            if (full()) return;
            if (!text_.empty()) text_ += ' ';
            if (one.members.size() == 1) statement(one.members.front());
        }
    }
    void elements(const Json& list, bool names) {
        bool first = true;
        for (const Json& item : list.items) {
            if (full()) return;
            if (!std::exchange(first, false)) text_ += ", ";
            element(item, names);
        }
    }

private:
    bool full() const { return text_.size() > longest_; }

    void statement(const Json::Member& member) {
        const Json& value = member.value;
        if (member.name == "match") return match(value);
        if (member.name == "vmap") return verdict_map(value);
        if (member.name == "log") return log(value);
        if (member.name == "reject") return reject(value);
        text_ += member.name;
        if (member.name == "counter" && value.is(Kind::text)) text_ += " name " + quoted(value.text);
        if (const Json* target = value.find("target")) text_ += " " + target->text;
    }
    void match(const Json& match) {
        const Json* op = match.find("op");
        const Json* left = match.find("left");
        const Json* right = match.find("right");
        if (op == nullptr || left == nullptr || right == nullptr) return;
        key(*left);
        // Without an operator nft asks for any of the bits, where there are bits.
        const bool must_say = op->text == "==" && (left->find("&") != nullptr || has_bits(*left)) && !is_set(*right);
        if (must_say || (op->text != "==" && op->text != "in")) text_ += " " + op->text;
        text_ += ' ';
        value_of(*right, is_name(*left));
    }
    static bool is_set(const Json& right) { return right.find("set") != nullptr || right.text.substr(0, 1) == "@"; }
    static bool has_bits(const Json& left) {
        const Json* payload = left.find("payload");
        const Json* connection = left.find("ct");
        const Json* field = payload == nullptr ? nullptr : payload->find("field");
        const Json* key = connection == nullptr ? nullptr : connection->find("key");
        return (field != nullptr && field->text == "flags") || (key != nullptr && key->text == "state");
    }
    static bool is_name(const Json& left) {
        const Json* meta = left.find("meta");
        const Json* key = meta == nullptr ? nullptr : meta->find("key");
        return key != nullptr &&
               (key->text == "iifname" || key->text == "oifname" || key->text == "iif" || key->text == "oif");
    }
    void key(const Json& left) {
        if (const Json* payload = left.find("payload")) {
            const Json* protocol = payload->find("protocol");
            const Json* field = payload->find("field");
            if (protocol != nullptr && field != nullptr) text_ += protocol->text + " " + field->text;
        } else if (const Json* meta = left.find("meta")) {
            if (const Json* name = meta->find("key")) text_ += (is_name(left) ? "" : "meta ") + name->text;
        } else if (const Json* connection = left.find("ct")) {
            if (const Json* name = connection->find("key")) text_ += "ct " + name->text;
        } else if (const Json* masked = left.find("&"); masked != nullptr && masked->items.size() == 2) {
            key(masked->items[0]);
            text_ += " & ";
            const Json& mask = masked->items[1];
            const bool several = mask.is(Kind::list);
            if (several) text_ += '(';
            joined(mask, " | ");
            if (several) text_ += ')';
        }
    }
    void joined(const Json& value, const char* between) {
        if (!value.is(Kind::list)) return value_of(value, false);
        bool first = true;
        for (const Json& item : value.items) {
            if (!std::exchange(first, false)) text_ += between;
            value_of(item, false);
        }
    }

    void value_of(const Json& value, bool name) {
        if (value.is(Kind::text))
            text_ += name && value.text.substr(0, 1) != "@" && value.text != "*" ? quoted(value.text) : value.text;
        else if (value.is(Kind::number))
            text_ += value.text;
        else if (value.is(Kind::list))
            joined(value, ",");
        else if (const Json* set = value.find("set"))
            in_braces(*set, name);
        else if (const Json* range = value.find("range"); range != nullptr && range->items.size() == 2)
            value_of(range->items[0], name), text_ += '-', value_of(range->items[1], name);
        else if (const Json* prefix = value.find("prefix"))
            prefix_of(*prefix);
        else if (const Json* bits = value.find("|"))
            joined(*bits, " | ");
        else if (value.find("elem") != nullptr)
            element(value, name);
    }
    void prefix_of(const Json& prefix) {
        const Json* address = prefix.find("addr");
        const Json* length = prefix.find("len");
        if (address != nullptr && length != nullptr) text_ += address->text + "/" + length->text;
    }
    void in_braces(const Json& set, bool name) {
        text_ += "{ ";
        elements(set, name);
        text_ += " }";
    }
    // An element of a set, or a pair of a map.
    void element(const Json& item, bool name = false) {
        if (item.is(Kind::list) && item.items.size() == 2 && item.items[1].is(Kind::object) &&
            item.items[1].find("|") == nullptr) {
            element(item.items[0], name);
            text_ += " : ";
            if (item.items[1].members.size() == 1) statement(item.items[1].members.front());
            return;
        }
        const Json* elem = item.find("elem");
        if (elem == nullptr) return value_of(item, name);
        if (const Json* value = elem->find("val")) value_of(*value, name);
        if (const Json* comment = elem->find("comment")) text_ += " comment " + quoted(comment->text);
    }
    void verdict_map(const Json& map) {
        const Json* left = map.find("key");
        const Json* data = map.find("data");
        if (left == nullptr || data == nullptr) return;
        key(*left);
        text_ += " vmap ";
        value_of(*data, is_name(*left));
    }
    void log(const Json& log) {
        text_ += "log";
        for (const Json::Member& member : log.members) {
            text_ += " " + member.name + " ";
            if (member.name == "prefix")
                text_ += quoted(member.value.text);
            else if (member.name == "flags" && member.value.is(Kind::list))
                flags(member.value);
            else
                text_ += member.value.text;
        }
    }
    // "tcp sequence" and "tcp options" share their first word.
    void flags(const Json& list) {
        bool first = true;
        for (const Json& flag : list.items) {
            if (!std::exchange(first, false)) text_ += " flags ";
            text_ += flag.text;
        }
    }
    void reject(const Json& reject) {
        text_ += "reject";
        const Json* type = reject.find("type");
        const Json* with = reject.find("expr");
        if (type == nullptr) return;
        text_ += " with " + type->text;
        if (with != nullptr) text_ += " type " + with->text;
    }

    std::size_t longest_;
    std::string text_;
};

}  // namespace

std::string rule_text(const Json& statements, std::size_t longest) {
    Writer writer(longest);
    writer.statements(statements);
    return writer.take();
}

std::string elements_text(const Json& elements, bool names) {
    Writer writer(std::string::npos);
    writer.elements(elements, names);
    return writer.take();
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

}  // namespace sim::firewall::import::nft
