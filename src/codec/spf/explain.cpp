#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/spf/record.hpp"

namespace assay::codec::spf {

namespace {

std::string_view verdict(Qualifier qualifier) {
    switch (qualifier) {
        case Qualifier::pass: return "passes";
        case Qualifier::fail: return "fails";
        case Qualifier::softfail:
            return "soft-fails: receivers are suspicious of it but mostly accept it";
        case Qualifier::neutral: return "is neither allowed nor refused";
    }
    return "passes";
}

std::string prefix_words(const Directive& directive) {
    std::string out;
    if (directive.prefix4)
        out += fmt::format(", and its neighbours in the same /{}", *directive.prefix4);
    if (directive.prefix6)
        out += fmt::format(", and its IPv6 neighbours in the same /{}", *directive.prefix6);
    return out;
}

}  // namespace

bool has_macro(std::string_view domain_spec) {
    return domain_spec.find("%{") != std::string_view::npos;
}

std::string explain(const Directive& directive) {
    const auto spec = base::quote_for_display(directive.domain_spec, 200);
    const auto domain = directive.domain_spec.empty() ? std::string("this domain") : spec;
    const auto result = verdict(directive.qualifier);
    switch (directive.mechanism) {
        case Mechanism::all: return fmt::format("Mail from anywhere else {}.", result);
        case Mechanism::include:
            return fmt::format(
                "Mail that the SPF record of {} lets pass {}; what it does not let pass goes on to "
                "the next term.",
                domain, result);
        case Mechanism::a:
            return fmt::format("Mail from an address of {}{} {}.", domain, prefix_words(directive),
                               result);
        case Mechanism::mx:
            return fmt::format("Mail from a host that receives mail for {}{} {}.", domain,
                               prefix_words(directive), result);
        case Mechanism::ptr:
            return fmt::format("Mail from an address whose reverse name is at or below {} {}.",
                               domain, result);
        case Mechanism::exists:
            return has_macro(directive.domain_spec)
                       ? fmt::format(
                             "The receiver builds a name from the mail by {}; if it exists, the "
                             "mail {}.",
                             spec, result)
                       : fmt::format("If the name {} exists, every mail {}.", spec, result);
        case Mechanism::ip4: {
            const auto address = dns::print_address(directive.ip4.value_or(dns::A()));
            return directive.prefix4 && *directive.prefix4 < 32
                       ? fmt::format("Mail from any address in {}/{} {}.", address,
                                     *directive.prefix4, result)
                       : fmt::format("Mail from {} {}.", address, result);
        }
        case Mechanism::ip6: {
            const auto address = dns::print_address(directive.ip6.value_or(dns::Aaaa()));
            return directive.prefix6 && *directive.prefix6 < 128
                       ? fmt::format("Mail from any address in {}/{} {}.", address,
                                     *directive.prefix6, result)
                       : fmt::format("Mail from {} {}.", address, result);
        }
    }
    return {};
}

std::string explain(const Modifier& modifier) {
    const auto value = base::quote_for_display(modifier.value, 200);
    if (modifier.name == "redirect") {
        return fmt::format(
            "If no term above matched, the SPF record of {} decides in place of this one.", value);
    }
    if (modifier.name == "exp")
        return fmt::format("When mail fails, the reason is the text published at {}.", value);
    return fmt::format("Receivers ignore this: '{}' is not a modifier that they know.",
                       base::quote_for_display(modifier.name, 60));
}

}  // namespace assay::codec::spf
