// RDATA as text (RFC 1035 section 5.1, RFC 3597 section 5, and the RFC of each type).
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "base/time.hpp"
#include "codec/dns/record.hpp"
#include "codec/dns/service_parameters.hpp"
#include "codec/dns/tokens.hpp"

namespace assay::codec::dns {

namespace {

// The printed form of what is read below; octets of TXT and CAA are quoted.
struct Printer {
    std::string operator()(const A& data) const { return print_address(data); }
    std::string operator()(const Aaaa& data) const { return print_address(data); }
    std::string operator()(const Ns& data) const { return absolute(data.host); }
    std::string operator()(const Cname& data) const { return absolute(data.target); }
    std::string operator()(const Dname& data) const { return absolute(data.target); }
    std::string operator()(const Ptr& data) const { return absolute(data.target); }
    std::string operator()(const Soa& data) const {
        return fmt::format("{} {} {} {} {} {} {}", absolute(data.primary), absolute(data.mailbox),
                           data.serial, data.refresh, data.retry, data.expire, data.minimum);
    }
    std::string operator()(const Mx& data) const {
        return fmt::format("{} {}", data.preference, absolute(data.host));
    }
    std::string operator()(const Txt& data) const {
        std::string out;
        for (const auto& string : data.strings)
            out += (out.empty() ? "" : " ") + quote(string);
        return out;
    }
    std::string operator()(const Srv& data) const {
        return fmt::format("{} {} {} {}", data.priority, data.weight, data.port,
                           absolute(data.target));
    }
    std::string operator()(const Caa& data) const {
        return fmt::format("{} {} {}", data.flags, escape_word(data.tag), quote(data.value));
    }
    std::string operator()(const Tlsa& data) const {
        return fmt::format("{} {} {} {}", data.usage, data.selector, data.matching,
                           hex_or_dash(data.data));
    }
    std::string operator()(const Ds& data) const {
        return fmt::format("{} {} {} {}", data.key_tag, data.algorithm, data.digest_type,
                           hex_or_dash(data.digest));
    }
    std::string operator()(const Dnskey& data) const {
        return fmt::format("{} {} {} {}", data.flags, data.protocol, data.algorithm,
                           base64_or_dash(data.key));
    }
    std::string operator()(const Rrsig& data) const {
        return fmt::format("{} {} {} {} {} {} {} {} {}", print(data.covered), data.algorithm,
                           data.labels, data.original_ttl, data.expiration, data.inception,
                           data.key_tag, absolute(data.signer), base64_or_dash(data.signature));
    }
    std::string operator()(const Nsec& data) const {
        std::string out = absolute(data.next);
        for (const auto type : data.types)
            out += " " + print(type);
        return out;
    }
    std::string operator()(const Nsec3Param& data) const {
        return fmt::format("{} {} {} {}", data.hash, data.flags, data.iterations,
                           hex_or_dash(data.salt));
    }
    std::string operator()(const Https& data) const {
        auto out = fmt::format("{} {}", data.priority, absolute(data.target));
        for (const auto& [key, value] : data.parameters)
            out += " " + print_service_parameter(key, value);
        return out;
    }
    std::string operator()(const Opaque& data) const { return print_opaque(data.data); }

    static std::string absolute(const Name& name) {
        return name.is_root() ? "." : name.text() + ".";
    }
    static std::string hex_or_dash(const std::vector<std::uint8_t>& bytes) {
        return bytes.empty() ? "-" : base::hex_encode(bytes);
    }
    static std::string base64_or_dash(const std::vector<std::uint8_t>& bytes) {
        return bytes.empty() ? "-" : base::base64_encode(bytes);
    }
    static std::string print_opaque(const std::vector<std::uint8_t>& bytes) {
        return fmt::format("\\# {}{}{}", bytes.size(), bytes.empty() ? "" : " ",
                           base::hex_encode(bytes));
    }
};

// Reads field after field; the first that does not fit becomes the fault, and the rest is skipped.
class FieldReader {
  public:
    FieldReader(const std::vector<Token>& tokens, const Name& origin)
        : tokens_(tokens), origin_(origin) {}

    template <class Number>
    void number(Number& out) {
        if (const auto* token = next("a number")) {
            const auto value = base::parse_decimal(token->text, std::numeric_limits<Number>::max());
            if (!value) return fail(*token, "bad-number", "is not a number in range");
            out = static_cast<Number>(*value);
        }
    }
    void name(Name& out) {
        if (const auto* token = next("a name")) {
            auto parsed = token->raw == "@" && !token->quoted
                              ? std::expected<Name, base::Fault>(origin_)
                              : parse_name(token->raw, origin_);
            if (!parsed)
                return fail(*token, parsed.error().rule, "is not a name: " + parsed.error().detail);
            out = *std::move(parsed);
        }
    }
    void type(Type& out) {
        if (const auto* token = next("a record type")) {
            const auto parsed = parse_type(token->text);
            if (!parsed) return fail(*token, "unknown-type", "is not a record type");
            out = *parsed;
        }
    }
    // RFC 4034 section 3.2: seconds since 1970, or YYYYMMDDHHmmSS.
    void signature_time(std::uint32_t& out) {
        if (at_ < tokens_.size() && tokens_[at_].text.size() == 14) {
            const auto& text = tokens_[at_].text;
            const auto iso = fmt::format("{}-{}-{}T{}:{}:{}Z", text.substr(0, 4), text.substr(4, 2),
                                         text.substr(6, 2), text.substr(8, 2), text.substr(10, 2),
                                         text.substr(12, 2));
            const auto moment = base::parse_moment(iso);
            if (!moment) return fail(tokens_[at_], "bad-time", "is not a time");
            ++at_;
            out = static_cast<std::uint32_t>(moment->time_since_epoch().count());
            return;
        }
        number(out);
    }
    const Token* next(std::string_view what) {
        if (fault_) return nullptr;
        if (at_ == tokens_.size()) {
            const auto offset =
                tokens_.empty() ? 0 : tokens_.back().offset + tokens_.back().raw.size();
            fault_ = base::Fault{"missing-field", "RFC 1035 section 5.1", offset,
                                 fmt::format("Here {} is missing", what)};
            return nullptr;
        }
        return &tokens_[at_++];
    }
    // All that is left, without the spaces between; "-" alone is nothing.
    std::string rest() {
        std::string out;
        while (at_ < tokens_.size())
            out += tokens_[at_++].text;
        return out == "-" ? std::string() : out;
    }
    void hex_rest(std::vector<std::uint8_t>& out) {
        decode(base::hex_decode(rest()), "hexadecimal digits", out);
    }
    void base64_rest(std::vector<std::uint8_t>& out) {
        decode(base::base64_decode(rest()), "base64", out);
    }

    void fail(const Token& token, std::string_view rule, std::string_view what) {
        if (fault_) return;
        fault_ = base::Fault{std::string(rule), "RFC 1035 section 5.1", token.offset,
                             fmt::format("'{}' {}", base::quote_for_display(token.text, 60), what)};
    }
    void fail(base::Fault fault) {
        if (!fault_) fault_ = std::move(fault);
    }
    bool at_end() const { return at_ == tokens_.size(); }
    std::expected<Rdata, base::Fault> finish(Rdata data) {
        if (!fault_ && at_ < tokens_.size())
            fail(tokens_[at_], "extra-field", "is one field too many");
        if (fault_) return std::unexpected(*std::move(fault_));
        return data;
    }
    const std::optional<base::Fault>& fault() const { return fault_; }

  private:
    void decode(std::optional<std::vector<std::uint8_t>> bytes, std::string_view what,
                std::vector<std::uint8_t>& out) {
        if (!bytes)
            return fail({"bad-data", "RFC 1035 section 5.1", 0,
                         fmt::format("The last field is not {}", what)});
        out = *std::move(bytes);
    }

    const std::vector<Token>& tokens_;
    const Name& origin_;
    std::size_t at_ = 0;
    std::optional<base::Fault> fault_;
};

Rdata read_txt(FieldReader& fields) {
    Txt out;
    do {
        const auto* token = fields.next("a text");
        if (token == nullptr) break;
        if (token->text.size() > 255) {
            fields.fail(
                {"string-too-long", "RFC 1035 section 3.3", token->offset,
                 fmt::format(
                     "A string of {} octets is too long: split it into strings of at most 255",
                     token->text.size())});
        }
        out.strings.push_back(token->text);
    } while (!fields.at_end());
    return out;
}

Rdata read_caa(FieldReader& fields) {
    Caa out;
    fields.number(out.flags);
    if (const auto* token = fields.next("a tag")) {
        out.tag = token->text;
        if (out.tag.empty() || out.tag.size() > 255)
            fields.fail(*token, "bad-tag", "is not a CAA tag");
    }
    if (const auto* token = fields.next("a value")) out.value = token->text;
    return out;
}

Rdata read_nsec(FieldReader& fields) {
    Nsec out;
    fields.name(out.next);
    while (!fields.at_end() && !fields.fault()) {
        Type type{};
        fields.type(type);
        out.types.push_back(type);
    }
    std::ranges::sort(out.types);
    const auto same = std::ranges::unique(out.types);
    out.types.erase(same.begin(), same.end());
    return out;
}

Rdata read_https(FieldReader& fields) {
    Https out;
    fields.number(out.priority);
    fields.name(out.target);
    while (!fields.at_end() && !fields.fault()) {
        const auto* token = fields.next("a parameter");
        auto parameter = parse_service_parameter(token->raw);
        if (!parameter) {
            parameter.error().offset += token->offset;
            fields.fail(parameter.error());
            break;
        }
        out.parameters.push_back(*std::move(parameter));
    }
    // RFC 9460 section 2.2: on the wire the keys ascend, each once.
    std::ranges::sort(out.parameters, {}, [](const auto& parameter) { return parameter.first; });
    const auto same =
        std::ranges::adjacent_find(out.parameters, {}, [](const auto& p) { return p.first; });
    if (same != out.parameters.end()) {
        fields.fail(
            {"duplicate-parameter", "RFC 9460 section 2.1", 0,
             fmt::format("The parameter {} stands twice", service_parameter_name(same->first))});
    }
    return out;
}

template <class Data>
Rdata read_name(FieldReader& fields, Name Data::* member) {
    Data out;
    fields.name(out.*member);
    return out;
}

template <class Address, class Parse>
Rdata read_address(FieldReader& fields, Parse parse) {
    Address out;
    if (const auto* token = fields.next("an address")) {
        auto parsed = parse(token->text);
        if (parsed) {
            out = *parsed;
        } else {
            fields.fail(*token, parsed.error().rule, "is not an address of this family");
        }
    }
    return out;
}

Rdata read_signature(FieldReader& fields) {
    Rrsig out;
    fields.type(out.covered);
    fields.number(out.algorithm);
    fields.number(out.labels);
    fields.number(out.original_ttl);
    fields.signature_time(out.expiration);
    fields.signature_time(out.inception);
    fields.number(out.key_tag);
    fields.name(out.signer);
    fields.base64_rest(out.signature);
    return out;
}

Rdata read_dnssec(Type type, FieldReader& fields) {
    switch (type) {
        case Type::DS: {
            Ds out;
            fields.number(out.key_tag);
            for (auto* value : {&out.algorithm, &out.digest_type})
                fields.number(*value);
            fields.hex_rest(out.digest);
            return out;
        }
        case Type::DNSKEY: {
            Dnskey out;
            fields.number(out.flags);
            for (auto* value : {&out.protocol, &out.algorithm})
                fields.number(*value);
            fields.base64_rest(out.key);
            return out;
        }
        default: {
            Nsec3Param out;
            for (auto* value : {&out.hash, &out.flags})
                fields.number(*value);
            fields.number(out.iterations);
            fields.hex_rest(out.salt);
            if (out.salt.size() > 255)
                fields.fail({"bad-salt", "RFC 5155 section 4.2", 0, "The salt is too long"});
            return out;
        }
    }
}

Rdata read(Type type, FieldReader& fields) {
    switch (type) {
        case Type::A: return read_address<A>(fields, parse_ipv4);
        case Type::AAAA: return read_address<Aaaa>(fields, parse_ipv6);
        case Type::NS: return read_name(fields, &Ns::host);
        case Type::CNAME: return read_name(fields, &Cname::target);
        case Type::DNAME: return read_name(fields, &Dname::target);
        case Type::PTR: return read_name(fields, &Ptr::target);
        case Type::TXT: return read_txt(fields);
        case Type::CAA: return read_caa(fields);
        case Type::NSEC: return read_nsec(fields);
        case Type::HTTPS: return read_https(fields);
        case Type::RRSIG: return read_signature(fields);
        case Type::SOA: {
            Soa out;
            fields.name(out.primary);
            fields.name(out.mailbox);
            for (auto* value : {&out.serial, &out.refresh, &out.retry, &out.expire, &out.minimum})
                fields.number(*value);
            return out;
        }
        case Type::MX: {
            Mx out;
            fields.number(out.preference);
            fields.name(out.host);
            return out;
        }
        case Type::SRV: {
            Srv out;
            for (auto* value : {&out.priority, &out.weight, &out.port})
                fields.number(*value);
            fields.name(out.target);
            return out;
        }
        case Type::TLSA: {
            Tlsa out;
            for (auto* value : {&out.usage, &out.selector, &out.matching})
                fields.number(*value);
            fields.hex_rest(out.data);
            return out;
        }
        case Type::DS:
        case Type::DNSKEY:
        case Type::NSEC3PARAM: return read_dnssec(type, fields);
        default: break;
    }
    fields.fail({"unknown-type", "RFC 3597 section 5", 0,
                 fmt::format("Write the data of a {} record as \\# LENGTH HEX", print(type))});
    return Opaque{type, {}};
}

// RFC 3597 section 5: "\# 4 c0000201" for any type.
std::expected<Rdata, base::Fault> read_opaque(Type type, FieldReader& fields) {
    std::uint16_t length = 0;
    std::vector<std::uint8_t> bytes;
    fields.next("\\#");
    fields.number(length);
    fields.hex_rest(bytes);
    if (bytes.size() != length) {
        fields.fail({"bad-length", "RFC 3597 section 5", 0, "The length does not fit the data"});
    }
    auto checked = fields.finish(Opaque{type, bytes});
    if (!checked) return checked;
    return decode_rdata(type, bytes, 0, bytes.size());
}

}  // namespace

std::expected<Rdata, base::Fault> parse_rdata(Type type, std::string_view text,
                                              const Name& origin) {
    const auto tokens = tokenise(text);
    if (!tokens) return std::unexpected(tokens.error());
    FieldReader fields(*tokens, origin);
    if (!tokens->empty() && tokens->front().raw == "\\#" && !tokens->front().quoted)
        return read_opaque(type, fields);
    auto data = read(type, fields);
    auto finished = fields.finish(std::move(data));
    if (finished && encode_rdata(*finished).size() > 65535) {
        return std::unexpected(base::Fault{"rdata-too-long", "RFC 1035 section 3.2.1", 0,
                                           "The record's data is longer than 65,535 octets"});
    }
    return finished;
}

std::string print_rdata(const Rdata& rdata) {
    return std::visit(Printer(), rdata);
}

std::expected<Record, base::Fault> parse_record(std::string_view line, const Name& origin) {
    const auto tokens = tokenise(line);
    if (!tokens) return std::unexpected(tokens.error());
    const auto fault = [&](std::size_t at, std::string detail) {
        return std::unexpected(
            base::Fault{"bad-record", "RFC 1035 section 5.1", at, std::move(detail)});
    };
    if (tokens->empty()) return fault(0, "The line is empty");
    Record out;
    const bool at_origin = tokens->front().raw == "@" && !tokens->front().quoted;
    auto name = at_origin ? std::expected<Name, base::Fault>(origin)
                          : parse_name(tokens->front().raw, origin);
    if (!name) return std::unexpected(name.error());
    out.name = *std::move(name);
    std::size_t at = 1;
    bool seen_class = false, seen_ttl = false;  // in either order, each at most once
    for (; at < tokens->size(); ++at) {
        const auto& token = (*tokens)[at];
        if (base::equals_ignoring_case(token.text, "IN") && !seen_class) {
            seen_class = true;
            continue;
        }
        const auto ttl = base::parse_decimal(token.text, 0x7fffffff);
        if (!ttl || seen_ttl) break;
        seen_ttl = true;
        out.ttl = static_cast<std::uint32_t>(*ttl);
    }
    if (at >= tokens->size()) return fault(line.size(), "The record has no type");
    auto type = parse_type((*tokens)[at].text);
    if (!type) {
        type.error().offset += (*tokens)[at].offset;
        return std::unexpected(type.error());
    }
    const auto start = (*tokens)[at].offset + (*tokens)[at].raw.size();
    auto data = parse_rdata(*type, line.substr(start), origin);
    if (!data) {
        data.error().offset += start;
        return std::unexpected(data.error());
    }
    out.data = *std::move(data);
    return out;
}

std::string print_record(const Record& record) {
    return fmt::format("{} {} IN {} {}", Printer::absolute(record.name), record.ttl,
                       print(record.type()), print_rdata(record.data));
}

}  // namespace assay::codec::dns
