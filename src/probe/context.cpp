#include "probe/context.hpp"

#include <fmt/format.h>

namespace assay::probe {

base::Error unreadable(const dns::Record& record) {
    return {base::ErrorKind::malformed,
            fmt::format("the {} record of {} is there, but its data is not that of a {} record",
                        dns::print(record.type()), record.name.text(), dns::print(record.type()))};
}

Observed<bool> observe_existence(const Asked& asked) {
    if (!asked) return asked.error();
    if ((*asked)->broken) return true;  // a CNAME stands there: the name exists
    if ((*asked)->existence == net::Existence::nx_domain && (*asked)->aliases.empty()) {
        return fact::Absence::nx_domain;
    }
    return true;
}

Observed<std::vector<std::string>> observe_texts(const Asked& asked) {
    const auto records = observe<dns::Txt>(asked);
    if (records.is_error()) return records.error();
    if (records.is_absent()) return records.absence();
    std::vector<std::string> out;
    for (const auto& txt : *records)
        out.push_back(txt.joined());
    return out;
}

Task<std::vector<dns::Name>> own_aliases(Context& context, dns::Name name, Asked asked) {
    if (!asked || (*asked)->aliases.empty()) co_return std::vector<dns::Name>();
    // RFC 4592 section 3.3.1: what a wildcard answers for the name, it answers for the names beside
    // it.
    const auto control = name.parent().child(context.control_label);
    if (!control) co_return (*asked)->aliases;
    const auto beside = co_await context.resolver.resolve(*control, dns::Type::TXT);
    if (beside && (*beside)->aliases == (*asked)->aliases) co_return std::vector<dns::Name>();
    co_return (*asked)->aliases;
}

Task<fact::Host> host(Context& context, dns::Name name) {
    fact::Host out;
    out.name = name;
    std::vector<Task<Asked>> questions;
    questions.push_back(context.resolver.resolve(name, dns::Type::A));
    questions.push_back(context.resolver.resolve(name, dns::Type::AAAA));
    const auto answers = co_await net::gather(std::move(questions));
    out.ipv4 = observe<dns::A>(answers[0]);
    out.ipv6 = observe<dns::Aaaa>(answers[1]);
    for (const auto& asked : answers) {
        if (asked && out.aliases.empty()) out.aliases = (*asked)->aliases;
    }
    co_return out;
}

std::optional<dns::Name> below(const dns::Name& name,
                               std::initializer_list<std::string_view> labels) {
    std::optional<dns::Name> out = name;
    for (const auto label : labels) {
        auto child = out->child(label);
        if (!child) return std::nullopt;
        out = *std::move(child);
    }
    return out;
}

}  // namespace assay::probe
