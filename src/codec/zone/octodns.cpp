#include "codec/zone/octodns.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <unordered_set>

#include "base/text.hpp"
#include "codec/dns/tokens.hpp"

namespace assay::codec::zone {

namespace {

inline constexpr std::size_t string_octets_max = 255;  // RFC 1035 section 3.3
inline constexpr std::uint32_t ttl_max = 0x7fffffff;   // RFC 2181 section 8
inline constexpr std::size_t records_max = 2'000'000;  // ours: one file

// What the reader stops with; caught in parse_octodns, never leaves this file.
struct Stop {
    Problem problem;
};

class OctodnsReader {
  public:
    OctodnsReader(const dns::Name& apex, std::string_view file) : file_(file) { data_.apex = apex; }

    ZoneData read(const YAML::Node& root) {
        if (!root.IsMap())
            stop(root, "This is not an OctoDNS zone: it is not a list of names with their records");
        for (const auto& entry : root)
            read_name(entry.first, entry.second);
        return std::move(data_);
    }

  private:
    [[noreturn]] void stop(const YAML::Node& at, std::string text) const {
        throw Stop{
            {file_, static_cast<std::size_t>(std::max(0, at.Mark().line) + 1), std::move(text)}};
    }
    void warn(const YAML::Node& at, std::string text) {
        data_.warnings.push_back(
            {file_, static_cast<std::size_t>(std::max(0, at.Mark().line) + 1), std::move(text)});
    }

    static std::string scalar(const YAML::Node& node) {
        return node && node.IsScalar() ? node.Scalar() : std::string();
    }

    void read_name(const YAML::Node& key, const YAML::Node& content) {
        if (!key.IsScalar()) stop(key, "This is not an OctoDNS zone: a name is missing here");
        const auto text = key.Scalar();
        dns::Name owner = data_.apex;
        if (!text.empty() && text != "@") {
            auto name = dns::parse_name(text, data_.apex);
            if (!name)
                stop(key, fmt::format("'{}' is not a name: {}", base::quote_for_display(text),
                                      name.error().detail));
            owner = *std::move(name);
            if (!owner.is_at_or_below(data_.apex)) {
                stop(key, fmt::format("'{}' is outside the zone {}. Names in this file stand below "
                                      "the zone: leave out the dot at the end",
                                      base::quote_for_display(text), data_.apex.text()));
            }
        }
        if (content.IsSequence()) {
            for (const auto& record : content)
                read_record(owner, record);
        } else {
            read_record(owner, content);
        }
    }

    void read_record(const dns::Name& owner, const YAML::Node& record) {
        if (!record.IsMap())
            stop(record, "This is not an OctoDNS zone: a record is a mapping with type and value");
        const auto type = scalar(record["type"]);
        if (type.empty()) stop(record, "This is not an OctoDNS zone: a record without a type");
        ttl_ = 3600;
        if (const auto ttl = scalar(record["ttl"]); !ttl.empty()) {
            const auto number = base::parse_decimal(ttl, ~std::uint64_t{0});
            if (!number)
                stop(record["ttl"],
                     fmt::format("The ttl '{}' is not a number", base::quote_for_display(ttl)));
            ttl_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, ttl_max));
        }
        const auto values = record["values"] ? record["values"] : record["value"];
        if (!values || values.IsNull())
            stop(record, fmt::format("The {} record has neither value nor values",
                                     base::quote_for_display(type)));
        if (values.IsSequence()) {
            for (const auto& value : values)
                read_value(owner, type, value);
        } else {
            read_value(owner, type, values);
        }
    }

    std::string member(const YAML::Node& value, std::initializer_list<const char*> names) const {
        if (value.IsMap()) {
            for (const auto* name : names) {
                if (value[name] && value[name].IsScalar()) return value[name].Scalar();
            }
        }
        stop(value, fmt::format("The record lacks '{}'", *names.begin()));
    }

    void read_value(const dns::Name& owner, const std::string& type, const YAML::Node& value) {
        if (type == "ALIAS" || type.ends_with("/ALIAS")) {
            const auto target = value.IsMap() ? member(value, {"name"}) : scalar(value);
            data_.aliases.push_back({owner, absolute(value, target)});
            return;
        }
        if (type == "TXT") {
            add(owner, value, read_txt(value));
            return;
        }
        const auto known = dns::parse_type(type);
        const auto text = known ? rdata_text(*known, value) : std::string();
        if (!known || text.empty()) {
            data_.others.push_back(owner);
            warn(value,
                 fmt::format("Records of type {} are not read", base::quote_for_display(type)));
            return;
        }
        auto data = dns::parse_rdata(*known, text);
        if (!data)
            stop(value, fmt::format("The {} record cannot be read: {}", type, data.error().detail));
        add(owner, value, *std::move(data));
    }

    // The record as master file text; names count as absolute whether or not they end in a dot.
    std::string rdata_text(dns::Type type, const YAML::Node& value) const {
        using dns::Type;
        switch (type) {
            case Type::A:
            case Type::AAAA: return scalar(value);
            case Type::NS:
            case Type::CNAME:
            case Type::DNAME:
            case Type::PTR: return dotted(absolute(value, scalar(value)));
            case Type::MX:
                return fmt::format("{} {}", member(value, {"preference", "priority"}),
                                   dotted(absolute(value, member(value, {"exchange", "value"}))));
            case Type::SRV:
                return fmt::format("{} {} {} {}", member(value, {"priority"}),
                                   member(value, {"weight"}), member(value, {"port"}),
                                   dotted(absolute(value, member(value, {"target"}))));
            case Type::CAA:
                return fmt::format("{} {} {}", value["flags"] ? member(value, {"flags"}) : "0",
                                   dns::quote(member(value, {"tag"})),
                                   dns::quote(unescape(member(value, {"value"}))));
            case Type::TLSA:
                return fmt::format("{} {} {} {}", member(value, {"certificate_usage"}),
                                   member(value, {"selector"}), member(value, {"matching_type"}),
                                   member(value, {"certificate_association_data"}));
            case Type::DS:
                return fmt::format("{} {} {} {}", member(value, {"key_tag"}),
                                   member(value, {"algorithm"}), member(value, {"digest_type"}),
                                   member(value, {"digest"}));
            case Type::HTTPS: return https_text(value);
            default: return {};
        }
    }

    std::string https_text(const YAML::Node& value) const {
        auto out = fmt::format("{} {}", member(value, {"svcpriority"}),
                               dotted(absolute(value, member(value, {"targetname"}))));
        for (const auto& parameter : value["svcparams"]) {
            const auto key = scalar(parameter.first);
            std::string joined;
            if (parameter.second.IsSequence()) {
                for (const auto& item : parameter.second)
                    joined += (joined.empty() ? "" : ",") + scalar(item);
            } else {
                joined = scalar(parameter.second);
            }
            out += joined.empty() ? " " + key : fmt::format(" {}={}", key, joined);
        }
        return out;
    }

    static std::string dotted(const dns::Name& name) {
        return name.is_root() ? "." : name.text() + ".";
    }

    dns::Name absolute(const YAML::Node& at, const std::string& text) const {
        auto name = dns::parse_name(text);
        if (!name)
            stop(at, fmt::format("'{}' is not a name: {}", base::quote_for_display(text),
                                 name.error().detail));
        return *std::move(name);
    }

    // OctoDNS writes ';' as '\;' in TXT and CAA values; every other backslash stands for itself.
    static std::string unescape(std::string_view text) {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ';') ++i;
            out += text[i];
        }
        return out;
    }

    dns::Rdata read_txt(const YAML::Node& value) const {
        if (!value.IsScalar()) stop(value, "The value of a TXT record is a text");
        const auto text = unescape(value.Scalar());
        dns::Txt out;
        if (text.starts_with('"')) {
            const auto tokens = dns::tokenise(text);
            const bool chunks = tokens && std::ranges::all_of(*tokens, &dns::Token::quoted);
            if (chunks) {
                for (const auto& token : *tokens)
                    push_chunks(token.text, out);
                return out;
            }
        }
        push_chunks(text, out);
        return out;
    }

    static void push_chunks(std::string_view text, dns::Txt& out) {
        do {
            out.strings.emplace_back(text.substr(0, string_octets_max));
            text.remove_prefix(std::min(text.size(), string_octets_max));
        } while (!text.empty());
    }

    void add(const dns::Name& owner, const YAML::Node& at, dns::Rdata data) {
        if (data_.records.size() >= records_max)
            stop(at, fmt::format("The file holds more than {} records", records_max));
        if (dns::encode_rdata(data).size() > 65535)
            stop(at, "The record is longer than 65,535 octets");
        data_.records.push_back({owner, ttl_, std::move(data)});
    }

    std::string file_;
    ZoneData data_;
    std::uint32_t ttl_ = 3600;
};

// Counts nesting and aliases before yaml-cpp builds anything: a few bytes of YAML can stand for
// gigabytes. And finds keys that stand twice, which yaml-cpp merges.
class Guard : public YAML::EventHandler {
  public:
    explicit Guard(std::string_view file) : file_(file) {}
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { node(mark, nullptr); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        refuse(mark, "YAML aliases (*name) are not read in zone files");
    }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  const std::string& text) override {
        node(mark, &text);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        enter(mark, false);
    }
    void OnSequenceEnd() override { open_.pop_back(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        enter(mark, true);
    }
    void OnMapEnd() override { open_.pop_back(); }

  private:
    struct Open {
        bool is_map = false;
        bool at_key = true;  // the next node is a key, not a value
        std::unordered_set<std::string> keys;
    };

    void enter(const YAML::Mark& mark, bool is_map) {
        node(mark, nullptr);
        if (open_.size() >= octodns_depth_max)
            refuse(mark, fmt::format("The YAML nests deeper than {}", octodns_depth_max));
        open_.push_back({is_map, true, {}});
    }
    void node(const YAML::Mark& mark, const std::string* scalar) {
        if (open_.empty() || !open_.back().is_map) return;
        auto& map = open_.back();
        const bool twice = map.at_key && scalar != nullptr && !map.keys.insert(*scalar).second;
        map.at_key = !map.at_key;
        if (!twice) return;
        const auto shown = base::quote_for_display(*scalar);
        refuse(mark,
               open_.size() > 1
                   ? fmt::format("'{}' stands twice in one record", shown)
                   : fmt::format("The name '{}' stands twice in the file. Put all its records "
                                 "into one list",
                                 shown));
    }
    [[noreturn]] void refuse(const YAML::Mark& mark, std::string text) const {
        throw Stop{{file_, static_cast<std::size_t>(mark.line + 1), std::move(text)}};
    }

    std::string file_;
    std::vector<Open> open_;
};

}  // namespace

std::expected<ZoneData, Problem> parse_octodns(std::string_view text, const dns::Name& apex,
                                               std::string_view file) {
    const auto problem = [&](std::size_t line, std::string what) {
        return std::unexpected(Problem{std::string(file), line, std::move(what)});
    };
    if (text.size() > octodns_file_octets_max) return problem(0, "The file is too large");
    try {
        const std::string copy(text);
        std::istringstream first(copy);
        YAML::Parser parser(first);
        Guard guard(file);
        parser.HandleNextDocument(guard);
        return OctodnsReader(apex, file).read(YAML::Load(copy));
    } catch (const Stop& stop) {
        return std::unexpected(stop.problem);
    } catch (const YAML::Exception& failure) {
        return problem(static_cast<std::size_t>(std::max(0, failure.mark.line) + 1),
                       "This is not YAML: " + failure.msg);
    }
}

}  // namespace assay::codec::zone
