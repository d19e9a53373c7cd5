// Names as people type and read them (UTS 46, IDNA 2008: RFC 5890 to 5893), through libidn2.
#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "codec/dns/name.hpp"

namespace assay::codec::dns {

namespace {

inline constexpr std::size_t typed_octets_max =
    2048;  // ours: 255 octets as A-labels, each written at most as UTF-8

struct Free {
    void operator()(void* text) const { idn2_free(text); }
};
using Text = std::unique_ptr<char, Free>;

std::unexpected<base::Fault> fault(std::string_view rule, std::size_t offset, std::string detail) {
    return std::unexpected(
        base::Fault{std::string(rule), "RFC 5891 section 5", offset, std::move(detail)});
}

bool is_allowed(char c) {
    return base::is_alnum(c) || c == '-' || c == '_' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::expected<Name, base::Fault> parse_domain(std::string_view text) {
    if (text.empty()) return fault("empty-name", 0, "The name is empty");
    if (text.size() > typed_octets_max) {
        return fault("name-too-long", 0,
                     fmt::format("The name is longer than {} octets", name_octets_max));
    }
    bool ascii = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        ascii = ascii && byte < 0x80;
        if (byte < 0x20 || byte == 0x7f) {
            return fault("control-byte", i,
                         fmt::format("There is a control byte (0x{:02x}) in the name", byte));
        }
        if (!is_allowed(text[i])) {
            const bool whole = text.find("://") != std::string_view::npos ||
                               text.find('/') != std::string_view::npos;
            const bool mail = text[i] == '@';
            return fault(
                "forbidden-character", i,
                fmt::format("A domain name cannot contain '{}'{}", text[i],
                            mail    ? ". Leave out what stands before the @"
                            : whole ? ". Write only the name, without https:// and without a path"
                                    : ""));
        }
    }
    if (ascii && !base::lower(text).contains("xn--")) return parse_name(text);
    if (!base::is_utf8(text)) return fault("not-utf8", 0, "The name is not valid UTF-8");
    if (text.find("..") != std::string_view::npos) {
        return fault("empty-label", text.find(".."),
                     "There are two dots with nothing between them");
    }
    const bool dot = text.ends_with('.');
    const std::string typed(dot ? text.substr(0, text.size() - 1) : text);
    char* raw = nullptr;
    const int code = idn2_to_ascii_8z(typed.c_str(), &raw, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    const Text converted(raw);
    if (code != IDN2_OK) {
        return fault("idna", 0,
                     fmt::format("The name is not allowed in the DNS: {}", idn2_strerror(code)));
    }
    // UTS 46 maps fullwidth forms and the like to ASCII, also to characters that no name may have.
    const std::string_view ascii_name = converted.get();
    if (!std::ranges::all_of(ascii_name, is_allowed)) {
        return fault("forbidden-character", 0,
                     fmt::format("The name becomes '{}', which no domain name can be", ascii_name));
    }
    auto name = parse_name(ascii_name);
    if (!name) name.error().offset = 0;  // it counts in the converted text
    return name;
}

std::string print_unicode(const Name& name) {
    const auto ascii = name.text();
    if (ascii.find("xn--") == std::string::npos) return ascii;
    char* raw = nullptr;
    if (idn2_to_unicode_8z8z(ascii.c_str(), &raw, IDN2_NONTRANSITIONAL) != IDN2_OK) return ascii;
    const Text shown(raw);
    const auto back = parse_domain(shown.get());
    return back && *back == name ? std::string(shown.get()) : ascii;
}

}  // namespace assay::codec::dns
