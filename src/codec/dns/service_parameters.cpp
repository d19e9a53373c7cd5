#include "codec/dns/service_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "codec/dns/record.hpp"
#include "codec/dns/tokens.hpp"

namespace assay::codec::dns {

namespace {

using Value = std::expected<std::string, base::Fault>;

// IANA "DNS Service Bindings"; the others are key0 to key65535.
constexpr std::pair<std::uint16_t, std::string_view> names[] = {
    {0, "mandatory"}, {1, "alpn"}, {2, "no-default-alpn"}, {3, "port"},
    {4, "ipv4hint"},  {5, "ech"},  {6, "ipv6hint"},        {7, "dohpath"},
};

std::unexpected<base::Fault> bad(std::string_view what) {
    return std::unexpected(
        base::Fault{"bad-parameter", "RFC 9460 section 7", 0, std::string(what)});
}

std::optional<std::uint16_t> key_of(std::string_view name) {
    for (const auto& [key, known] : names) {
        if (name == known) return key;
    }
    if (!name.starts_with("key")) return std::nullopt;
    const auto number = base::parse_decimal(name.substr(3), 65535);
    if (!number || (name.size() > 4 && name[3] == '0')) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

void put16(std::string& out, unsigned value) {
    out += static_cast<char>(value >> 8);
    out += static_cast<char>(value);
}

// RFC 9460 appendix A.1: commas separate, "\," and "\\" inside an item are themselves.
std::optional<std::vector<std::string>> split_list(std::string_view text) {
    std::vector<std::string> out(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ',') {
            out.emplace_back();
        } else if (text[i] == '\\') {
            if (++i == text.size()) return std::nullopt;
            out.back() += text[i];
        } else {
            out.back() += text[i];
        }
    }
    return out;
}

Value read_mandatory(std::string_view text) {
    std::vector<std::uint16_t> keys;
    for (const auto part : base::split(text, ',')) {
        const auto key = key_of(part);
        if (!key || *key == 0) return bad("mandatory names a key that is none");
        keys.push_back(*key);
    }
    std::ranges::sort(keys);
    if (std::ranges::adjacent_find(keys) != keys.end()) return bad("mandatory names a key twice");
    std::string out;
    for (const auto key : keys)
        put16(out, key);
    return out;
}

Value read_alpn(std::string_view text) {
    const auto items = split_list(text);
    if (!items) return bad("alpn ends in a backslash");
    std::string out;
    for (const auto& item : *items) {
        if (item.empty() || item.size() > 255) return bad("alpn holds an empty or overlong name");
        out += static_cast<char>(item.size());
        out += item;
    }
    return out;
}

template <class Parse>
Value read_addresses(std::string_view text, Parse parse) {
    std::string out;
    for (const auto part : base::split(text, ',')) {
        const auto address = parse(part);
        if (!address) return bad("a hint is not an address of its family");
        out.append(address->address.begin(), address->address.end());
    }
    return out;
}

Value read_value(std::uint16_t key, std::string_view text, bool generic) {
    if (generic) return std::string(text);
    switch (key) {
        case 0: return read_mandatory(text);
        case 1: return read_alpn(text);
        case 2: return text.empty() ? Value(std::string()) : bad("no-default-alpn takes no value");
        case 3: {
            const auto port = base::parse_decimal(text, 65535);
            if (!port) return bad("port is not a number up to 65535");
            std::string out;
            put16(out, static_cast<unsigned>(*port));
            return out;
        }
        case 4: return read_addresses(text, parse_ipv4);
        case 5: {
            const auto bytes = base::base64_decode(text);
            if (!bytes || bytes->empty()) return bad("ech is not base64");
            return std::string(bytes->begin(), bytes->end());
        }
        case 6: return read_addresses(text, parse_ipv6);
        default: return std::string(text);
    }
}

unsigned get16(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(bytes[at]) << 8 |
                                 static_cast<unsigned char>(bytes[at + 1]));
}

std::optional<std::string> print_mandatory(std::string_view value) {
    if (value.empty() || value.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < value.size(); i += 2) {
        const auto key = get16(value, i);
        if (key == 0 || (i > 0 && get16(value, i - 2) >= key)) return std::nullopt;
        out += (i == 0 ? "" : ",") + service_parameter_name(static_cast<std::uint16_t>(key));
    }
    return out;
}

std::optional<std::string> print_alpn(std::string_view value) {
    std::string list;
    for (std::size_t i = 0; i < value.size();) {
        const std::size_t length = static_cast<unsigned char>(value[i]);
        if (length == 0 || i + 1 + length > value.size()) return std::nullopt;
        if (i != 0) list += ',';
        for (const char c : value.substr(i + 1, length)) {
            if (c == ',' || c == '\\') list += '\\';
            list += c;
        }
        i += 1 + length;
    }
    return value.empty() ? std::nullopt : std::optional(quote(list));
}

template <class Address>
std::optional<std::string> print_addresses(std::string_view value) {
    constexpr std::size_t size = sizeof(Address::address);
    if (value.empty() || value.size() % size != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < value.size(); i += size) {
        Address address;
        std::ranges::copy(value.substr(i, size), address.address.begin());
        out += (i == 0 ? "" : ",") + print_address(address);
    }
    return out;
}

std::optional<std::string> print_value(std::uint16_t key, std::string_view value) {
    switch (key) {
        case 0: return print_mandatory(value);
        case 1: return print_alpn(value);
        case 3:
            return value.size() == 2 ? std::optional(std::to_string(get16(value, 0)))
                                     : std::nullopt;
        case 4: return print_addresses<A>(value);
        case 5: {
            const std::vector<std::uint8_t> bytes(value.begin(), value.end());
            return value.empty() ? std::nullopt : std::optional(base::base64_encode(bytes));
        }
        case 6: return print_addresses<Aaaa>(value);
        default: return quote(value);
    }
}

}  // namespace

std::string service_parameter_name(std::uint16_t key) {
    for (const auto& [number, name] : names) {
        if (number == key) return std::string(name);
    }
    return fmt::format("key{}", key);
}

std::expected<std::pair<std::uint16_t, std::string>, base::Fault> parse_service_parameter(
    std::string_view word) {
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const auto key = key_of(name);
    if (!key) {
        return std::unexpected(
            base::Fault{"unknown-parameter", "RFC 9460 section 2.1", 0,
                        fmt::format("'{}' is not a parameter", base::quote_for_display(name, 40))});
    }
    std::string text;
    if (equals != std::string_view::npos) {
        const auto tokens = tokenise(word.substr(equals + 1));
        if (!tokens || tokens->size() > 1) return bad("the value cannot be read");
        if (!tokens->empty()) text = tokens->front().text;
    }
    auto value = read_value(*key, text, name.starts_with("key"));
    if (!value) return std::unexpected(value.error());
    if (value->size() > 65535) return bad("the value is too long");
    return std::pair(*key, *std::move(value));
}

std::string print_service_parameter(std::uint16_t key, std::string_view value) {
    if (key == 2 && value.empty()) return "no-default-alpn";
    const auto known = key == 2 ? std::nullopt : print_value(key, value);
    if (known) return service_parameter_name(key) + "=" + *known;
    return fmt::format("key{}={}", key, quote(value));
}

}  // namespace assay::codec::dns
