#include "codec/mta_sts/record.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/tags/field_list.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::mta_sts {

namespace {

using tags::quoted;

constexpr std::size_t id_length_max = 32;  // RFC 8461 section 3.1
constexpr std::string_view cite = "RFC 8461 section 3.1";
constexpr std::string_view names[] = {"v", "id"};
constexpr tags::Language language{"v=STSv1", "stsv", names, cite};

struct Reading {
    Record record;
    std::vector<base::Fault> faults;
    std::optional<base::Fault> stop;  // why senders do not use the record, if so
};

std::optional<base::Fault> check_id(const tags::Part& part) {
    const auto fault = [](std::string_view rule, std::size_t offset, std::string detail) {
        return base::Fault{std::string(rule), std::string(cite), offset, std::move(detail)};
    };
    const auto id = part.value;
    if (id.empty()) return fault("bad-id", part.value_offset, "The tag \"id\" has no value.");
    const auto bad = std::ranges::find_if_not(id, base::is_alnum);
    if (bad != id.end()) {
        return fault("bad-id", part.value_offset + static_cast<std::size_t>(bad - id.begin()),
                     "The id " + quoted(id) +
                         " may have letters and digits only. Remove or replace " +
                         quoted(std::string_view(&*bad, 1)) + ".");
    }
    if (id.size() <= id_length_max) return std::nullopt;
    return fault("bad-id", part.value_offset + id_length_max,
                 "The id " + quoted(id) + " has " + std::to_string(id.size()) +
                     " characters. It may have up to " + std::to_string(id_length_max) + ".");
}

Reading read(std::string_view text) {
    Reading out;
    tags::FaultList faults;
    auto list = tags::read_fields(text, language, faults);
    out.record.extensions = std::move(list.extensions);
    std::optional<base::Fault> id_fault;
    if (const auto* id = list.find("id")) {
        out.record.id = std::string(id->part.value);
        // Where the shape of the tag is wrong, that explains the value.
        if (!id->explained) id_fault = check_id(id->part);
        if (id_fault) faults.add(*id_fault);
    } else if (const auto* attempt = list.find_attempt("id")) {
        id_fault = *attempt;
    } else if (!list.version_fault || resembles(text)) {
        id_fault = base::Fault{"missing-id", std::string(cite), text.size(),
                               "There is no id. Add one such as \"id=20260101T000000\" and change "
                               "it whenever the policy changes."};
        faults.add(*id_fault);
    }
    // RFC 8461 section 3.1: a record that is syntactically invalid is no record.
    for (const auto& fault : {list.version_fault, list.syntax_fault, id_fault}) {
        if (!out.stop) out.stop = fault;
    }
    out.faults = faults.take();
    return out;
}

}  // namespace

bool claims(std::string_view text) {
    return tags::claims(text, language);
}

bool resembles(std::string_view text) {
    return tags::resembles(text, language);
}

bool is_error(const base::Fault& fault) {
    return tags::is_field_error(fault);
}

base::Linted<Record> lint(std::string_view text) {
    auto reading = read(text);
    base::Linted<Record> out;
    if (!reading.stop) out.record = std::move(reading.record);
    out.faults = std::move(reading.faults);
    return out;
}

std::expected<Record, base::Fault> parse(std::string_view text) {
    auto reading = read(text);
    if (reading.stop) return std::unexpected(*std::move(reading.stop));
    return std::move(reading.record);
}

std::string print(const Record& record) {
    std::string out(language.version);
    if (!record.id.empty()) out += "; id=" + record.id;
    for (const auto& [name, value] : record.extensions)
        out += "; " + name + '=' + value;
    return out;
}

}  // namespace assay::codec::mta_sts
