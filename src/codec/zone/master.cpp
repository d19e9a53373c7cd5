#include "codec/zone/master.hpp"

#include <fmt/format.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <unordered_set>

#include "base/text.hpp"
#include "codec/dns/tokens.hpp"

namespace assay::codec::zone {

namespace {

inline constexpr std::uint32_t ttl_max = 0x7fffffff;    // RFC 2181 section 8
inline constexpr std::size_t records_max = 20'000'000;  // ours: one file

struct FreeRr {
    void operator()(ldns_rr* rr) const { ldns_rr_free(rr); }
};
struct FreeRdf {
    void operator()(ldns_rdf* rdf) const { ldns_rdf_deep_free(rdf); }
};
struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
struct FreeBytes {
    void operator()(std::uint8_t* bytes) const { LDNS_FREE(bytes); }
};

using Done = std::expected<void, Problem>;

// The words of one record, from the start of its line on (RFC 1035 section 5.1).
class RecordWords {
  public:
    RecordWords(std::string_view text, std::size_t start) : text_(text), at_(start) {}

    struct Word {
        std::size_t begin = 0, end = 0;
    };
    // Nothing at the end of the record.
    std::optional<Word> next() {
        for (; at_ < text_.size() && (text_[at_] != '\n' || depth_ > 0); ++at_) {
            const char c = text_[at_];
            if (c == ';') {
                at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
            } else if (c == '(') {
                if (depth_++ == 0) opened_ = at_;
            } else if (c == ')' && depth_ > 0) {
                --depth_;
            } else if (!base::is_space(c) && c != ')') {
                return read_word();
            }
        }
        return std::nullopt;
    }
    // The start of the line after the record.
    std::size_t skip() {
        while (next()) {
        }
        return at_ + 1;
    }
    struct Flaw {
        std::size_t at = 0;
        std::string_view text;
    };
    // After skip(): what lets the record run on into others.
    std::optional<Flaw> flaw() const {
        if (unquoted_) {
            return Flaw{*unquoted_,
                        "A string has no closing quote. Write it on one line, with both quotes"};
        }
        if (depth_ > 0) return Flaw{opened_, "The '(' is not closed. Add the missing ')'"};
        return std::nullopt;
    }

  private:
    Word read_word() {
        const auto begin = at_;
        bool quoted = false;
        for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
            const char c = text_[at_];
            if (!quoted && (base::is_space(c) || std::string_view("();").contains(c))) break;
            if (c == '"') quoted = !quoted;
            if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
        }
        if (quoted && !unquoted_) unquoted_ = begin;
        return {begin, at_};
    }

    std::string_view text_;
    std::size_t at_;
    std::size_t depth_ = 0, opened_ = 0;   // of parentheses; the outermost
    std::optional<std::size_t> unquoted_;  // the first word whose quote is not closed on its line
};

// Seconds, or numbers with units: "3600", "1h30m".
std::optional<std::uint32_t> parse_period(std::string_view text) {
    if (const auto seconds = base::parse_decimal(text, ttl_max))
        return static_cast<std::uint32_t>(*seconds);
    std::uint64_t sum = 0;
    while (!text.empty()) {
        const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
        const auto number = base::parse_decimal(text.substr(0, digits), ttl_max);
        if (!number || digits == text.size()) return std::nullopt;
        constexpr std::pair<char, std::uint64_t> units[] = {
            {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
        const auto unit = std::ranges::find(units, base::to_lower(text[digits]),
                                            &std::pair<char, std::uint64_t>::first);
        if (unit == std::end(units)) return std::nullopt;
        sum += *number * unit->second;
        if (sum > ttl_max) return std::nullopt;
        text.remove_prefix(digits + 1);
    }
    return sum == 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(sum));
}

// ldns wants the TTL before the class; RFC 1035 section 5.1 allows both orders. The text keeps its
// size and its lines. Gives the first flaw, and stops there.
std::optional<RecordWords::Flaw> put_ttl_first(std::string& text) {
    const auto is_class = [&](const RecordWords::Word& word) {
        const auto shown = std::string_view(text).substr(word.begin, word.end - word.begin);
        return std::ranges::any_of(
            std::initializer_list<std::string_view>{"IN", "CH", "HS"},
            [&](std::string_view known) { return base::equals_ignoring_case(shown, known); });
    };
    for (std::size_t at = 0; at < text.size();) {
        RecordWords words(text, at);
        const bool has_owner = !base::is_space(text[at]);
        const auto owner = has_owner ? words.next() : std::nullopt;
        const auto first = has_owner && !owner ? std::nullopt : words.next();
        if (first && is_class(*first)) {
            const auto second = words.next();
            if (second && parse_period(std::string_view(text).substr(
                              second->begin, second->end - second->begin))) {
                const auto klass = text.substr(first->begin, first->end - first->begin);
                const auto between = text.substr(first->end, second->begin - first->end);
                const auto ttl = text.substr(second->begin, second->end - second->begin);
                text.replace(first->begin, second->end - first->begin, ttl + between + klass);
            }
        }
        at = words.skip();
        if (const auto flaw = words.flaw()) return flaw;
    }
    return std::nullopt;
}

class MasterReader {
  public:
    MasterReader(const Includer& include) : include_(include) {}

    Done read(std::string_view text, const std::string& file, std::size_t depth);
    void set_origin(const dns::Name& origin);
    std::expected<ZoneData, Problem> finish(const std::optional<dns::Name>& origin,
                                            const std::string& file);

  private:
    std::unexpected<Problem> problem(const std::string& file, int line, std::string text) const {
        return std::unexpected(
            Problem{file, static_cast<std::size_t>(std::max(line, 1)), std::move(text)});
    }
    std::expected<bool, Problem> read_directive(std::string_view line, const std::string& file,
                                                int number, std::size_t depth);
    Done read_include(std::string_view line, const std::string& file, int number,
                      std::size_t depth);
    Done read_origin(std::string_view word, const std::string& file, int number);
    Done read_ttl(std::string_view line, const std::string& file, int number);
    std::expected<ldns_status, Problem> read_record(std::FILE* stream, const std::string& file,
                                                    int& line);
    Done read_again(std::string_view text, const std::string& file, int number,
                    ldns_status refused);
    void set_owner(const dns::Name& owner);
    dns::Name owner() const;
    Done add(const ldns_rr& rr, const std::string& file, int line);
    Done keep(dns::Record record, const std::string& file, int line);

    const Includer& include_;
    std::vector<dns::Record> records_;
    std::uint32_t ttl_ = 3600;
    dns::Name origin_name_;
    std::unique_ptr<ldns_rdf, FreeRdf> origin_, previous_;
};

void MasterReader::set_origin(const dns::Name& origin) {
    origin_name_ = origin;
    const auto wire = origin.wire();
    origin_.reset(ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, wire.size(), wire.data()));
}

void MasterReader::set_owner(const dns::Name& owner) {
    const auto wire = owner.wire();
    previous_.reset(ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, wire.size(), wire.data()));
}

// Of the record before: a line that begins with a blank is about it too.
dns::Name MasterReader::owner() const {
    const auto size = previous_ == nullptr ? 0 : ldns_rdf_size(previous_.get());
    if (size == 0 || size > dns::name_octets_max) return origin_name_;
    const auto* octets = reinterpret_cast<const char*>(ldns_rdf_data(previous_.get()));
    return dns::Name::from_wire(std::string(octets, size));
}

// RFC 2308 section 4
Done MasterReader::read_ttl(std::string_view line, const std::string& file, int number) {
    const auto words = dns::tokenise(line.substr(std::string_view("$TTL").size()));
    const auto ttl = words && words->size() == 1 ? parse_period(words->front().text) : std::nullopt;
    if (!ttl) {
        return problem(
            file, number,
            fmt::format("$TTL takes a number of seconds, at most {}, such as 3600 or 1h", ttl_max));
    }
    ttl_ = *ttl;
    return {};
}

// RFC 1035 section 5.1: a name without a dot at its end stands below the current origin.
Done MasterReader::read_origin(std::string_view word, const std::string& file, int number) {
    const auto name = dns::parse_name(word, origin_name_);
    if (!name) {
        return problem(file, number,
                       fmt::format("The origin '{}' is not a name: {}",
                                   base::quote_for_display(word), name.error().detail));
    }
    set_origin(*name);
    return {};
}

Done MasterReader::keep(dns::Record record, const std::string& file, int line) {
    if (records_.size() >= records_max)
        return problem(file, line, fmt::format("More than {} records", records_max));
    records_.push_back(std::move(record));
    return {};
}

// ldns hands over uncompressed RDATA octets; our decoder makes the value, so that there is one
// reader of them.
Done MasterReader::add(const ldns_rr& rr, const std::string& file, int line) {
    std::vector<std::uint8_t> rdata;
    for (std::size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
        const auto* rdf = ldns_rr_rdf(&rr, i);
        const auto* bytes = ldns_rdf_data(rdf);
        rdata.insert(rdata.end(), bytes, bytes + ldns_rdf_size(rdf));
    }
    const auto* owner = ldns_rr_owner(&rr);
    const auto* octets = reinterpret_cast<const char*>(ldns_rdf_data(owner));
    if (ldns_rr_get_class(&rr) != LDNS_RR_CLASS_IN)
        return problem(file, line, "Only class IN is read");
    if (ldns_rdf_size(owner) > dns::name_octets_max)
        return problem(file, line, "The name is longer than 255 octets");
    if (ldns_rr_ttl(&rr) > ttl_max)
        return problem(file, line, fmt::format("A TTL is at most {} seconds", ttl_max));
    auto name = dns::Name::from_wire(std::string(octets, ldns_rdf_size(owner)));
    auto data =
        dns::decode_rdata(static_cast<dns::Type>(ldns_rr_get_type(&rr)), rdata, 0, rdata.size());
    if (!data) return problem(file, line, data.error().detail);
    return keep({std::move(name), ldns_rr_ttl(&rr), *std::move(data)}, file, line);
}

Done MasterReader::read_include(std::string_view line, const std::string& file, int number,
                                std::size_t depth) {
    const auto words = dns::tokenise(line.substr(std::string_view("$INCLUDE").size()));
    if (!words || words->empty()) return problem(file, number, "$INCLUDE names no file");
    if (!include_) {
        return problem(file, number,
                       "$INCLUDE is not followed. If you trust the file, use --allow-include");
    }
    if (depth >= master_include_depth_max) {
        return problem(file, number,
                       fmt::format("$INCLUDE nests deeper than {}", master_include_depth_max));
    }
    auto text = include_(words->front().text);
    if (!text)
        return problem(file, number,
                       fmt::format("$INCLUDE {}: {}", words->front().text, text.error().text));
    // RFC 1035 section 5.1: the origin may change for the included file, and is the old one after
    // it. So is the owner, for a line that begins with a blank.
    const auto saved = origin_name_;
    const auto saved_owner =
        previous_ == nullptr ? std::nullopt : std::optional<dns::Name>(owner());
    if (words->size() > 1) {
        if (auto done = read_origin((*words)[1].raw, file, number); !done) return done;
    }
    auto done = read(*text, words->front().text, depth + 1);
    set_origin(saved);
    previous_.reset();
    if (saved_owner) set_owner(*saved_owner);
    return done;
}

// $INCLUDE, $ORIGIN and $TTL are read here, and so are lines without a record: ldns would count
// them to the next record. False: the line is one for ldns.
std::expected<bool, Problem> MasterReader::read_directive(std::string_view line,
                                                          const std::string& file, int number,
                                                          std::size_t depth) {
    const auto text = base::trim(line);
    if (text.empty() || text.starts_with(';')) return true;
    const bool include = base::starts_with_ignoring_case(text, "$INCLUDE");
    const bool origin = base::starts_with_ignoring_case(text, "$ORIGIN");
    const bool ttl = base::starts_with_ignoring_case(text, "$TTL");
    if (!include && !origin && !ttl) return false;
    if (ttl) {
        if (auto done = read_ttl(text, file, number); !done) return std::unexpected(done.error());
        return true;
    }
    if (include) {
        if (auto done = read_include(text, file, number, depth); !done)
            return std::unexpected(done.error());
        return true;
    }
    const auto words = dns::tokenise(text.substr(std::string_view("$ORIGIN").size()));
    if (!words || words->size() != 1) return problem(file, number, "$ORIGIN takes one name");
    if (auto done = read_origin(words->front().raw, file, number); !done)
        return std::unexpected(done.error());
    return true;
}

Done MasterReader::read(std::string_view text, const std::string& file, std::size_t depth) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // a byte order mark
    std::string copy(text);
    if (copy.empty()) return {};
    const auto line_of = [&](std::size_t at) {
        const auto end = copy.begin() + static_cast<std::ptrdiff_t>(at);
        return static_cast<int>(std::count(copy.begin(), end, '\n') + 1);
    };
    // ldns reads C strings: a zero byte would hide the rest of a line.
    if (const auto zero = copy.find('\0'); zero != std::string::npos)
        return problem(file, line_of(zero), "There is a zero byte in the file");
    if (const auto flaw = put_ttl_first(copy))
        return problem(file, line_of(flaw->at), std::string(flaw->text));
    const std::unique_ptr<std::FILE, CloseFile> stream(fmemopen(copy.data(), copy.size(), "r"));
    if (!stream) return problem(file, 1, "The file cannot be read");
    int line = 1;
    std::size_t at = 0, position = 0;  // in the text, and of the stream
    while (at < copy.size()) {
        const auto rest = std::string_view(copy).substr(at);
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto done = read_directive(rest.substr(0, end), file, line, depth);
        if (!done) return std::unexpected(done.error());
        if (*done) {
            at += end + 1;
            ++line;
            continue;
        }
        if (at != position) std::fseek(stream.get(), static_cast<long>(at), SEEK_SET);
        const int before = line;
        const auto status = read_record(stream.get(), file, line);
        if (!status) return std::unexpected(status.error());
        if (*status != LDNS_STATUS_OK) {
            auto again = read_again(rest.substr(0, end), file, before, *status);
            if (!again) return again;
            position = copy.size() + 1;  // unknown
            at += end + 1;
            line = before + 1;
            continue;
        }
        at = position = static_cast<std::size_t>(std::ftell(stream.get()));
        if (std::feof(stream.get()) != 0) break;
    }
    return {};
}

// Problem: ldns could read the record, and we do not take it.
std::expected<ldns_status, Problem> MasterReader::read_record(std::FILE* stream,
                                                              const std::string& file, int& line) {
    const int before = line;
    ldns_rr* raw = nullptr;
    ldns_rdf* origin = origin_.release();
    ldns_rdf* previous = previous_.release();
    const auto status = ldns_rr_new_frm_fp_l(&raw, stream, &ttl_, &origin, &previous, &line);
    origin_.reset(origin);
    previous_.reset(previous);
    const std::unique_ptr<ldns_rr, FreeRr> rr(raw);
    if (status == LDNS_STATUS_SYNTAX_EMPTY) return LDNS_STATUS_OK;
    if (status != LDNS_STATUS_OK) return status;
    if (auto added = add(*rr, file, before); !added) return std::unexpected(added.error());
    return LDNS_STATUS_OK;
}

// A line that ldns refuses: our own reader may know the type, and says better what is wrong.
Done MasterReader::read_again(std::string_view text, const std::string& file, int number,
                              ldns_status refused) {
    if (text.starts_with('$')) {
        return problem(file, number,
                       fmt::format("'{}' is not a directive that is read",
                                   base::quote_for_display(text.substr(0, text.find(' ')))));
    }
    const bool blank = base::is_space(text.front());
    auto record =
        dns::parse_record(blank ? "@" + std::string(text) : std::string(text), origin_name_);
    if (!record) {
        // A record of several lines was not read as a whole.
        const bool part = record.error().rule == "open-parenthesis";
        return problem(
            file, number,
            fmt::format("The record cannot be read: {}",
                        part ? ldns_get_errorstr_by_id(refused) : record.error().detail));
    }
    if (blank) record->name = owner();
    set_owner(record->name);
    return keep(*std::move(record), file, number);
}

// RFC 1034 section 3.6.2, RFC 4034 sections 3 and 4: beside a CNAME there is nothing else, except
// what signs it.
void warn_of_cnames(ZoneData& data, const std::string& file) {
    std::unordered_set<dns::Name> owners;
    for (const auto& record : data.records) {
        if (record.type() == dns::Type::CNAME) owners.insert(record.name);
    }
    for (const auto& record : data.records) {
        const auto type = record.type();
        if (type == dns::Type::CNAME || type == dns::Type::RRSIG || type == dns::Type::NSEC)
            continue;
        if (owners.erase(record.name) == 0) continue;  // each name is told once
        data.warnings.push_back(
            {file, 0,
             fmt::format("{} has a CNAME and other records. Nameservers refuse that: keep the "
                         "CNAME or the others",
                         record.name.text())});
    }
}

std::expected<ZoneData, Problem> MasterReader::finish(const std::optional<dns::Name>& origin,
                                                      const std::string& file) {
    ZoneData out;
    std::optional<dns::Name> apex;
    for (const auto& record : records_) {
        if (record.type() != dns::Type::SOA) continue;
        if (apex && *apex != record.name) {
            return problem(
                file, 1,
                fmt::format("The file holds two zones, {} and {}: put each into a file of its own",
                            apex->text(), record.name.text()));
        }
        apex = record.name;
    }
    if (!apex) apex = origin;
    if (!apex) {
        return problem(
            file, 1,
            "The zone's name is not known: give the file an SOA record, or name it after the zone");
    }
    if (records_.empty()) return problem(file, 1, "There are no records in the file");
    out.apex = *apex;
    for (auto& record : records_) {
        if (record.name.is_at_or_below(*apex)) {
            out.records.push_back(std::move(record));
        } else {
            out.warnings.push_back({file, 0,
                                    fmt::format("{} is outside the zone {} and is not read",
                                                record.name.text(), apex->text())});
        }
    }
    warn_of_cnames(out, file);
    return out;
}

}  // namespace

std::expected<ZoneData, Problem> parse_master(std::string_view text,
                                              const std::optional<dns::Name>& origin,
                                              std::string_view file, const Includer& include) {
    const std::string name(file);
    if (text.size() > master_file_octets_max)
        return std::unexpected(Problem{name, 0, "The file is too large"});
    MasterReader reader(include);
    reader.set_origin(origin.value_or(dns::Name()));
    if (auto done = reader.read(text, name, 0); !done) return std::unexpected(done.error());
    return reader.finish(origin, name);
}

}  // namespace assay::codec::zone
