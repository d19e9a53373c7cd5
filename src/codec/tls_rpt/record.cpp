#include "codec/tls_rpt/record.hpp"

#include "base/text.hpp"
#include "codec/dns/record.hpp"
#include "codec/tags/field_list.hpp"
#include "codec/tags/mailto.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::tls_rpt {

namespace {

using tags::quoted;

constexpr std::string_view cite = "RFC 8460 section 3";
constexpr std::string_view names[] = {"v", "rua"};
constexpr tags::Language language{"v=TLSRPTv1", "tlsrpt", names, cite};

base::Fault fault_at(std::string_view rule, std::size_t offset, std::string detail) {
    return {std::string(rule), std::string(cite), offset, std::move(detail)};
}

// The authority of "https://user@host:port/path?query", from the host on.
std::string_view host_and_port(std::string_view uri) {
    constexpr std::string_view start = "https://";
    if (!base::starts_with_ignoring_case(uri, start)) return {};
    const auto authority =
        uri.substr(start.size(), uri.find_first_of("/?#", start.size()) - start.size());
    return authority.substr(authority.rfind('@') + 1);
}

// Nothing when the host is an address or no host name.
std::optional<dns::Name> host_of(std::string_view uri) {
    const auto authority = host_and_port(uri);
    auto host = dns::parse_domain(authority.substr(0, authority.find(':')));
    if (!host || !dns::is_host_name(*host)) return std::nullopt;
    return *std::move(host);
}

// RFC 3986 section 3.2.2: an address stands in square brackets if it is IPv6.
bool has_address_host(std::string_view uri) {
    const auto authority = host_and_port(uri);
    return (authority.starts_with('[') && authority.contains(']')) ||
           dns::parse_ipv4(authority.substr(0, authority.find(':')));
}

std::expected<Destination, base::Fault> read_destination(std::string_view uri) {
    Destination out{std::string(uri), std::nullopt, std::nullopt, 0};
    if (auto fault = tags::check_uri(uri)) return std::unexpected(*std::move(fault));
    const auto scheme = tags::uri_scheme(uri);
    if (scheme == "mailto") {
        auto mailto = tags::read_mailto(uri);
        if (!mailto) return std::unexpected(std::move(mailto.error()));
        out.mailbox = std::move(mailto->mailbox);
        out.host = std::move(mailto->host);
        return out;
    }
    if (scheme != "https") {
        // RFC 8460 section 3: two URI schemes are defined.
        return std::unexpected(fault_at("unsupported-scheme", 0,
                                        "Reports go to \"mailto:\" or \"https:\" addresses only, "
                                        "not to " +
                                            quoted(uri) + "."));
    }
    out.host = host_of(uri);
    if (out.host || has_address_host(uri)) return out;
    return std::unexpected(fault_at(
        "bad-uri", 0, quoted(uri) + " does not have a valid host name after \"https://\"."));
}

class Linter {
  public:
    explicit Linter(std::string_view text) : text_(text) {}

    void run();
    Record& record() { return record_; }
    std::vector<base::Fault> take_faults() { return faults_.take(); }
    const std::optional<base::Fault>& stop() const { return stop_; }

  private:
    void read_destinations(const tags::Field& field);

    std::string_view text_;
    Record record_;
    tags::FaultList faults_;
    std::optional<base::Fault> stop_;
};

void Linter::run() {
    auto list = tags::read_fields(text_, language, faults_);
    stop_ = list.version_fault;
    record_.extensions = std::move(list.extensions);
    if (const auto* rua = list.find("rua")) return read_destinations(*rua);
    if (stop_ && !resembles(text_)) return;
    // What went wrong with the rua that was meant says it all.
    if (const auto* attempt = list.find_attempt("rua")) {
        if (!stop_) stop_ = *attempt;
        return;
    }
    auto fault =
        fault_at("missing-rua", text_.size(),
                 "There is no address for reports. Add \"rua=mailto:\" and an email address.");
    faults_.add(fault);
    if (!stop_) stop_ = std::move(fault);
}

void Linter::read_destinations(const tags::Field& field) {
    const auto& part = field.part;
    std::optional<base::Fault> first = field.explained;
    if (part.value.empty()) {
        auto fault =
            fault_at("missing-rua", part.value_offset,
                     "The tag \"rua\" has no address. Add \"mailto:\" and an email address.");
        if (!first) first = fault;
        faults_.add(std::move(fault));
    }
    std::size_t offset = part.value_offset;
    for (const auto piece : base::split(part.value, ',')) {
        if (part.value.empty()) break;
        const auto item = tags::trim_blanks(piece);
        const auto at = offset + static_cast<std::size_t>(item.data() - piece.data());
        offset += piece.size() + 1;
        if (record_.destinations.size() == tags::destinations_max) {
            faults_.add("too-many-uris", cite, at,
                        "There are more than " + std::to_string(tags::destinations_max) +
                            " addresses in \"rua\". Senders use the first few.");
            break;
        }
        auto destination = read_destination(item);
        if (destination) {
            destination->offset = at;
            record_.destinations.push_back(*std::move(destination));
            continue;
        }
        // Where the shape of the tag is wrong, that explains an address that cannot be read.
        if (field.explained) continue;
        auto& fault = destination.error();
        fault.cite = std::string(cite);
        fault.offset += at;
        if (!first) first = fault;
        faults_.add(std::move(fault));
    }
    if (!stop_ && record_.destinations.empty()) stop_ = std::move(first);
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
    Linter linter(text);
    linter.run();
    base::Linted<Record> out;
    if (!linter.stop()) out.record = std::move(linter.record());
    out.faults = linter.take_faults();
    return out;
}

std::expected<Record, base::Fault> parse(std::string_view text) {
    Linter linter(text);
    linter.run();
    if (linter.stop()) return std::unexpected(*linter.stop());
    return std::move(linter.record());
}

std::string print(const Record& record) {
    std::string out(language.version);
    char separator = '=';
    if (!record.destinations.empty()) out += "; rua";
    for (const auto& destination : record.destinations) {
        out += separator;
        out += destination.text;
        separator = ',';
    }
    for (const auto& [name, value] : record.extensions) {
        out += "; ";
        out += name;
        out += '=';
        out += value;
    }
    return out;
}

}  // namespace assay::codec::tls_rpt
