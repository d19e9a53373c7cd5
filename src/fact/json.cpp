#include "fact/json.hpp"

#include <fmt/format.h>

#include <boost/describe.hpp>
#include <boost/json.hpp>

#include "base/text.hpp"

namespace json = boost::json;

// Which members make up a fact's JSON, in this order. Values of the DNS are written as their text.
namespace assay::base {
BOOST_DESCRIBE_STRUCT(Fault, (), (rule, cite, offset, detail))
}  // namespace assay::base

namespace assay::fact {
BOOST_DESCRIBE_ENUM(Absence, no_data, nx_domain)
BOOST_DESCRIBE_ENUM(ReferenceKind, cname, ns, mx, spf_include, dmarc_report, tls_report)
BOOST_DESCRIBE_ENUM(ReportKind, aggregate, failure)
BOOST_DESCRIBE_ENUM(SelectorSource, user, provider, common, zone)
BOOST_DESCRIBE_ENUM(Source, live, zones)
BOOST_DESCRIBE_STRUCT(Host, (), (name, aliases, ipv4, ipv6))
BOOST_DESCRIBE_STRUCT(ServerAnswer, (), (server, address, authoritative, serial))
BOOST_DESCRIBE_STRUCT(Zone, (), (soa, nameservers, servers))
BOOST_DESCRIBE_STRUCT(Dnssec, (), (status, reason, ds, keys, nsec3))
BOOST_DESCRIBE_STRUCT(Caa, (), (found_at, properties))
BOOST_DESCRIBE_STRUCT(Wildcard, (), (txt, mx, addresses, aliases))
BOOST_DESCRIBE_STRUCT(Reference, (),
                      (kind, owner, target, exists, registrable_domain, registrable_exists))
BOOST_DESCRIBE_STRUCT(MxHost, (), (preference, host, tlsa, tlsa_security))
BOOST_DESCRIBE_STRUCT(Mx, (), (hosts, security))
BOOST_DESCRIBE_STRUCT(SpfTerm, (),
                      (text, lookups, void_lookups, lookups_after, void_lookups_after,
                       depends_on_message, resolves, child))
BOOST_DESCRIBE_STRUCT(SpfNode, (), (domain, texts, record, terms, answered_with_text, loop))
BOOST_DESCRIBE_STRUCT(Spf, (), (nodes, lookups, void_lookups, complete, txt_octets, misspelt, keys))
BOOST_DESCRIBE_STRUCT(DmarcStep, (), (domain, records, mistaken, aliases))
BOOST_DESCRIBE_STRUCT(ReportDestination, (), (kind, uri, mailbox, host, external, authorized))
BOOST_DESCRIBE_STRUCT(Dmarc, (),
                      (walk, exists, suffix_organizational_domain, public_suffixes, destinations))
BOOST_DESCRIBE_STRUCT(Selector, (), (name, source, provider, aliases, records))
BOOST_DESCRIBE_STRUCT(Dkim, (), (domainkey_exists, wildcard, selectors, guesses_absent, complete))
BOOST_DESCRIBE_STRUCT(TextPolicy, (), (name, records, other, aliases))
BOOST_DESCRIBE_STRUCT(Domain, (),
                      (name, source, measured_at, zone, dnssec, caa, wildcard, mx, spf, dmarc, dkim,
                       mta_sts, tls_rpt, references))
}  // namespace assay::fact

namespace assay::fact {

namespace {

// Found by parse(); Boost.JSON reports only error codes, so the words travel by exception inside
// this file.
struct BadFacts {
    std::string what;
};

[[noreturn]] void bad(std::string_view what, std::string_view text) {
    throw BadFacts{fmt::format("'{}' is not {}", base::quote_for_display(text), what)};
}

// Every type has one overload; as members of a class they all see one another. Boost.Describe
// supplies the members of the facts' own structures.
struct Writer {
    // What others publish may be any octets; JSON texts are UTF-8 (RFC 8259 section 8.1).
    static json::value write(const std::string& text) {
        if (base::is_utf8(text)) return json::string(text);
        const std::vector<std::uint8_t> octets(text.begin(), text.end());
        return {{"octets", json::string(base::base64_encode(octets))}};
    }
    static json::value write(bool value) { return value; }
    static json::value write(const dns::Name& name) {
        return json::string(name.is_root() ? "." : name.text());
    }
    static json::value write(const base::Moment& moment) {
        return json::string(base::print(moment));
    }
    static json::value write(const dns::Security& security) {
        return json::string(dns::print(security));
    }
    static json::value write(const base::Error& error) {
        return {{"kind", json::string(base::print(error.kind))}, {"detail", write(error.detail)}};
    }
    template <class T>
        requires std::is_arithmetic_v<T>
    static json::value write(const T& number) {
        return static_cast<std::uint64_t>(number);
    }
    template <class T>
        requires requires(const T& value) { dns::Rdata(value); }
    static json::value write(const T& rdata) {
        return json::string(dns::print_rdata(rdata));
    }
    template <class T>
    static json::value write(const std::optional<T>& value) {
        return value ? write(*value) : json::value(nullptr);
    }
    template <class T>
    static json::value write(const std::vector<T>& values) {
        json::array out;
        out.reserve(values.size());
        for (const auto& value : values)
            out.push_back(write(static_cast<const T&>(value)));
        return out;
    }
    template <class T>
    static json::value write(const Observed<T>& observed) {
        if (observed.is_absent()) return {{"absent", write(observed.absence())}};
        if (observed.is_error()) return {{"error", write(observed.error())}};
        if (observed.is_fault()) return {{"fault", write(observed.fault())}};
        return {{"value", write(observed.value())}};
    }
    template <class T>
    static json::value write(const T& value) {
        if constexpr (std::is_enum_v<T>) {
            return json::string(boost::describe::enum_to_string(value, ""));
        } else {
            json::object out;
            using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
            boost::mp11::mp_for_each<Members>(
                [&](auto member) { out[member.name] = write(value.*member.pointer); });
            return out;
        }
    }
};

struct Reader {
    static const json::string& text_of(const json::value& in) {
        const auto* text = in.if_string();
        if (text == nullptr) bad("a text", json::serialize(in));
        return *text;
    }

    static void read(const json::value& in, std::string& out) {
        if (!in.is_object()) {
            out = text_of(in);
            return;
        }
        const auto octets = base::base64_decode(text_of(member(in, "octets")));
        if (!octets) bad("base64", text_of(member(in, "octets")));
        out.assign(octets->begin(), octets->end());
    }
    static void read(const json::value& in, bool& out) {
        if (!in.is_bool()) bad("true or false", json::serialize(in));
        out = in.get_bool();
    }
    static void read(const json::value& in, dns::Name& out) {
        auto name = dns::parse_name(text_of(in));
        if (!name) bad("a domain name", text_of(in));
        out = *std::move(name);
    }
    static void read(const json::value& in, base::Moment& out) {
        const auto moment = base::parse_moment(text_of(in));
        if (!moment) bad("a time such as 2026-11-23T10:00:00Z", text_of(in));
        out = *moment;
    }
    static void read(const json::value& in, dns::Security& out) {
        using dns::Security;
        for (const auto security :
             {Security::secure, Security::insecure, Security::bogus, Security::indeterminate}) {
            if (dns::print(security) == text_of(in)) {
                out = security;
                return;
            }
        }
        bad("a DNSSEC status", text_of(in));
    }
    template <class T>
        requires std::is_arithmetic_v<T>
    static void read(const json::value& in, T& out) {
        boost::system::error_code failure;
        out = in.to_number<T>(failure);
        if (failure) bad("a number in range", json::serialize(in));
    }

    static const json::value& member(const json::value& in, std::string_view name) {
        const auto* object = in.if_object();
        if (object == nullptr) bad("an object", json::serialize(in));
        const auto* value = object->if_contains(name);
        if (value == nullptr) throw BadFacts{fmt::format("the member '{}' is missing", name)};
        return *value;
    }

    template <class T>
        requires requires(const T& value) { dns::Rdata(value); }
    static void read(const json::value& in, T& out) {
        auto rdata = dns::parse_rdata(dns::type_of(dns::Rdata(T())), text_of(in));
        if (!rdata || !std::holds_alternative<T>(*rdata))
            bad("record data of its type", text_of(in));
        out = std::get<T>(*std::move(rdata));
    }
    template <class T>
    static void read(const json::value& in, std::optional<T>& out) {
        out.reset();
        if (!in.is_null()) read(in, out.emplace());
    }
    template <class T>
    static void read(const json::value& in, std::vector<T>& out) {
        const auto* array = in.if_array();
        if (array == nullptr) bad("a list", json::serialize(in));
        out.clear();
        for (const auto& value : *array)
            read(value, out.emplace_back());
    }
    template <class T>
    static void read(const json::value& in, Observed<T>& out) {
        const auto* object = in.if_object();
        if (object == nullptr || object->size() != 1) bad("an observation", json::serialize(in));
        const auto& [state, content] = *object->begin();
        if (state == "absent") {
            Absence absence{};
            read(content, absence);
            out = absence;
        } else if (state == "error") {
            const auto kind = base::parse_error_kind(text_of(member(content, "kind")));
            if (!kind) bad("a kind of error", text_of(member(content, "kind")));
            base::Error error{*kind, {}};
            read(member(content, "detail"), error.detail);
            out = std::move(error);
        } else if (state == "fault") {
            base::Fault fault;
            read(content, fault);
            out = std::move(fault);
        } else if (state == "value") {
            T value{};
            read(content, value);
            out = std::move(value);
        } else {
            bad("absent, error, fault or value", state);
        }
    }
    template <class T>
    static void read(const json::value& in, T& out) {
        if constexpr (std::is_enum_v<T>) {
            if (!boost::describe::enum_from_string(text_of(in).c_str(), out))
                bad("a word known here", text_of(in));
        } else {
            using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
            boost::mp11::mp_for_each<Members>(
                [&](auto m) { read(member(in, m.name), out.*m.pointer); });
        }
    }
};

// The SPF tree is walked by index: a file must not point outside, or back up.
void check_tree(const Spf& spf) {
    if (spf.nodes.empty()) throw BadFacts{"spf has no nodes"};
    for (std::size_t i = 0; i < spf.nodes.size(); ++i) {
        for (const auto& term : spf.nodes[i].terms) {
            if (term.child && (*term.child <= i || *term.child >= spf.nodes.size())) {
                throw BadFacts{"an SPF term points at a node that is not below it"};
            }
        }
    }
}

}  // namespace

std::string print(const Domain& domain) {
    json::object out{{"schema", schema}};
    const auto facts = Writer::write(domain);
    for (const auto& [name, value] : facts.get_object())
        out[name] = value;
    return json::serialize(out);
}

base::Result<Domain> parse(std::string_view text) {
    const auto wrong = [](std::string_view what) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("This is not a facts file: {}", what));
    };
    if (text.size() > facts_octets_max) return wrong("a line is too long");
    boost::system::error_code failure;
    const auto value = json::parse(text, failure);
    if (failure) return wrong(failure.message());
    try {
        const std::string_view version = Reader::text_of(Reader::member(value, "schema"));
        if (version != schema) {
            return wrong(
                fmt::format("its schema is '{}', and this program reads '{}'. Measure again, or "
                            "use the version of the program that wrote it",
                            base::quote_for_display(version), schema));
        }
        Domain out;
        Reader::read(value, out);
        if (out.spf) check_tree(*out.spf);
        return out;
    } catch (const BadFacts& found) {
        return wrong(found.what);
    }
}

}  // namespace assay::fact
