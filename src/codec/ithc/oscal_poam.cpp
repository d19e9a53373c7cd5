#include "codec/ithc/oscal_poam.hpp"

#include <boost/json.hpp>
#include <unordered_map>

#include "base/text.hpp"
#include "codec/json_member.hpp"

namespace assay::codec::ithc {

namespace {

namespace json = boost::json;

constexpr std::string_view oscal_version = "1.2.0";
constexpr std::string_view name_space = "urn:assay:rap";
constexpr std::string_view root = "plan-of-action-and-milestones";

struct Prop {
    std::string_view name;
    std::string RapItem::* member;
    bool date;
};
constexpr Prop props[] = {{"finding-key", &RapItem::finding_key, false},
                          {"planned-start", &RapItem::planned_start, true},
                          {"planned-finish", &RapItem::planned_finish, true},
                          {"owner", &RapItem::owner, false}};

// OSCAL's datatype: RFC 4122 version 4 or 5.
bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = base::to_lower(text[i]);
        if (dash ? c != '-' : !(base::is_digit(c) || (c >= 'a' && c <= 'f'))) return false;
    }
    return (text[14] == '4' || text[14] == '5') && std::string_view("89abAB").contains(text[19]);
}

// OSCAL's "string": one line, not empty, no blanks around it.
bool is_line(std::string_view text) {
    return !text.empty() && text.find_first_of("\r\n") == std::string_view::npos &&
           base::trim(text) == text && base::is_utf8(text);
}

std::unexpected<base::Error> wrong(std::string_view what, std::string_view text) {
    return base::fail(base::ErrorKind::usage,
                      "the plan cannot be printed as OSCAL: " + std::string(what) + " \"" +
                          base::quote_for_display(text, 60) + "\"");
}

base::Result<json::array> print_props(const RapItem& plan) {
    json::array out;
    for (const auto& prop : props) {
        const auto& value = plan.*prop.member;
        if (value.empty()) continue;
        if (prop.date && parse_day(value) != value) return wrong("this is no day:", value);
        if (!is_line(value)) return wrong("this is not one line:", value);
        out.push_back({{"name", prop.name}, {"ns", name_space}, {"value", value}});
    }
    return out;
}

base::Result<void> print_item(const PoamItem& item, json::array& items, json::array& risks) {
    for (const auto& uuid : {item.uuid, item.risk_uuid}) {
        if (!is_uuid(uuid)) return wrong("this is no UUID of version 4 or 5:", uuid);
    }
    if (!is_line(item.title)) return wrong("this is not one line:", item.title);
    if (item.plan.finding_key.empty()) return wrong("there is no finding key for", item.title);
    ASSAY_TRY(auto item_props, print_props(item.plan));
    json::object out{{"uuid", item.uuid},
                     {"title", item.title},
                     {"description", item.plan.actions},
                     {"props", std::move(item_props)},
                     {"related-risks", json::array{{{"risk-uuid", item.risk_uuid}}}}};
    if (!item.plan.lessons_learnt.empty()) out["remarks"] = item.plan.lessons_learnt;
    items.push_back(std::move(out));
    json::object risk{{"uuid", item.risk_uuid},
                      {"title", item.title},
                      {"description", item.title},
                      {"statement", item.title},
                      {"status", item.open ? "open" : "closed"}};
    if (!item.plan.planned_finish.empty())
        risk["deadline"] = item.plan.planned_finish + "T00:00:00Z";
    risks.push_back(std::move(risk));
    return {};
}

const json::array& array_of(const json::object& object, std::string_view member) {
    static const json::array none;
    const auto* value = object.if_contains(member);
    const auto* array = value == nullptr ? nullptr : value->if_array();
    return array == nullptr ? none : *array;
}

std::unexpected<base::Error> malformed(std::string detail) {
    return base::fail(base::ErrorKind::malformed, "the OSCAL plan cannot be read: " + detail);
}

using Risks = std::unordered_map<std::string, const json::object*>;

base::Result<PoamItem> parse_item(const json::object& object, const Risks& risks,
                                  std::size_t number) {
    PoamItem item;
    item.uuid = base::lower(text_member(object, "uuid"));
    item.title = base::trim(text_member(object, "title"));
    const auto where = "item " + std::to_string(number) + " ";
    // Required by OSCAL since version 1.1.
    if (!is_uuid(item.uuid)) return malformed(where + "has no UUID of version 4 or 5");
    if (item.title.empty()) return malformed(where + "has no title");
    item.plan.actions = text_member(object, "description");
    item.plan.lessons_learnt = text_member(object, "remarks");
    for (const auto& value : array_of(object, "props")) {
        const auto* prop = value.if_object();
        if (prop == nullptr || text_member(*prop, "ns") != name_space) continue;
        for (const auto& known : props) {
            if (text_member(*prop, "name") != known.name) continue;
            auto text = text_member(*prop, "value");
            if (known.date && !parse_day(text))
                return malformed(where + "has \"" + base::quote_for_display(text, 40) + "\" as " +
                                 std::string(known.name) + ", which is no day");
            item.plan.*known.member = known.date ? *parse_day(text) : base::trim(text);
        }
    }
    for (const auto& value : array_of(object, "related-risks")) {
        if (const auto* related = value.if_object(); related != nullptr && item.risk_uuid.empty())
            item.risk_uuid = base::lower(text_member(*related, "risk-uuid"));
    }
    if (item.plan.finding_key.empty()) item.plan.finding_key = item.uuid;
    const auto risk = risks.find(item.risk_uuid);
    if (risk == risks.end()) return item;
    item.open = text_member(*risk->second, "status") != "closed";
    const auto deadline = text_member(*risk->second, "deadline").substr(0, 10);
    if (item.plan.planned_finish.empty())
        item.plan.planned_finish = parse_day(deadline).value_or("");
    return item;
}

}  // namespace

base::Result<std::string> print_poam(const Poam& poam) {
    if (!is_uuid(poam.uuid)) return wrong("this is no UUID of version 4 or 5:", poam.uuid);
    for (const auto& line : {poam.title, poam.version, poam.last_modified}) {
        if (!is_line(line)) return wrong("title, version and time need one line, not", line);
    }
    json::array items;
    json::array risks;
    for (const auto& item : poam.items) {
        if (auto done = print_item(item, items, risks); !done) return std::unexpected(done.error());
    }
    json::object plan{{"uuid", poam.uuid},
                      {"metadata",
                       {{"title", poam.title},
                        {"last-modified", poam.last_modified},
                        {"version", poam.version},
                        {"oscal-version", oscal_version}}}};
    if (!risks.empty()) plan["risks"] = std::move(risks);
    plan["poam-items"] = std::move(items);
    return json::serialize(json::object{{root, std::move(plan)}});
}

base::Result<Poam> parse_poam(std::string_view text) {
    if (text.size() > rap_length_max)
        return base::fail(base::ErrorKind::limit,
                          "the plan is longer than " + std::to_string(rap_length_max) + " bytes");
    json::error_code code;
    const auto document = json::parse(text, code);
    if (code) return malformed("it is not valid JSON: " + code.message());
    const auto* top = document.if_object();
    const auto* value = top == nullptr ? nullptr : top->if_contains(root);
    const auto* plan = value == nullptr ? nullptr : value->if_object();
    if (plan == nullptr) return malformed("it has no \"" + std::string(root) + "\"");
    Poam out;
    out.uuid = base::lower(text_member(*plan, "uuid"));
    if (!is_uuid(out.uuid)) return malformed("its UUID is not one of version 4 or 5");
    if (const auto* metadata = plan->if_contains("metadata"); metadata && metadata->is_object()) {
        out.title = base::trim(text_member(metadata->get_object(), "title"));
        out.version = base::trim(text_member(metadata->get_object(), "version"));
        out.last_modified = base::trim(text_member(metadata->get_object(), "last-modified"));
    }
    Risks risks;
    for (const auto& risk : array_of(*plan, "risks")) {
        if (const auto* object = risk.if_object())
            risks.emplace(base::lower(text_member(*object, "uuid")), object);
    }
    const auto& items = array_of(*plan, "poam-items");
    if (items.size() > rap_items_max)
        return base::fail(base::ErrorKind::limit,
                          "the plan has more than " + std::to_string(rap_items_max) + " items");
    for (const auto& item : items) {
        const auto* object = item.if_object();
        if (object == nullptr) return malformed("an item is not an object");
        ASSAY_TRY(auto one, parse_item(*object, risks, out.items.size() + 1));
        out.items.push_back(std::move(one));
    }
    return out;
}

}  // namespace assay::codec::ithc
