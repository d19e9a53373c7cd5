#include "codec/zone/master.hpp"

#include <fmt/format.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/text.hpp"
#include "codec/dns/tokens.hpp"

namespace assay::codec::zone {

namespace {

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

class MasterReader {
  public:
    MasterReader(const Includer& include) : include_(include) {}

    Done read(std::string_view text, const std::string& file, std::size_t depth);
    Done set_origin(const std::string& text) {
        origin_.reset(ldns_rdf_new_frm_str(LDNS_RDF_TYPE_DNAME, text.c_str()));
        return {};
    }
    std::expected<ZoneData, Problem> finish(const std::optional<dns::Name>& origin,
                                            const std::string& file);

  private:
    std::unexpected<Problem> problem(const std::string& file, int line, std::string text) const {
        return std::unexpected(
            Problem{file, static_cast<std::size_t>(std::max(line, 1)), std::move(text)});
    }
    Done read_include(std::string_view line, const std::string& file, int number,
                      std::size_t depth);
    Done add(const ldns_rr& rr, const std::string& file, int line);

    const Includer& include_;
    std::vector<dns::Record> records_;
    std::uint32_t ttl_ = 3600;
    std::unique_ptr<ldns_rdf, FreeRdf> origin_, previous_;
};

// ldns hands over uncompressed RDATA octets; our decoder makes the value, so that there is one
// reader of them.
Done MasterReader::add(const ldns_rr& rr, const std::string& file, int line) {
    if (records_.size() >= records_max)
        return problem(file, line, fmt::format("More than {} records", records_max));
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
    auto name = dns::Name::from_wire(std::string(octets, ldns_rdf_size(owner)));
    auto data =
        dns::decode_rdata(static_cast<dns::Type>(ldns_rr_get_type(&rr)), rdata, 0, rdata.size());
    if (!data) return problem(file, line, data.error().detail);
    records_.push_back({std::move(name), ldns_rr_ttl(&rr), *std::move(data)});
    return {};
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
    // it.
    std::unique_ptr<ldns_rdf, FreeRdf> saved(origin_ ? ldns_rdf_clone(origin_.get()) : nullptr);
    if (words->size() > 1) {
        if (auto done = set_origin((*words)[1].text); !done) return done;
    }
    auto done = read(*text, words->front().text, depth + 1);
    origin_ = std::move(saved);
    return done;
}

// An $INCLUDE line is read here; the text between such lines goes to ldns in one piece.
Done MasterReader::read(std::string_view text, const std::string& file, std::size_t depth) {
    std::string copy(text);
    if (copy.empty()) return {};
    // ldns reads C strings: a zero byte would hide the rest of a line.
    if (const auto zero = copy.find('\0'); zero != std::string::npos) {
        const auto line =
            std::count(copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(zero), '\n') + 1;
        return problem(file, static_cast<int>(line), "There is a zero byte in the file");
    }
    const std::unique_ptr<std::FILE, CloseFile> stream(fmemopen(copy.data(), copy.size(), "r"));
    if (!stream) return problem(file, 1, "The file cannot be read");
    int line = 1;
    while (std::feof(stream.get()) == 0) {
        const auto start = static_cast<std::size_t>(std::ftell(stream.get()));
        const auto rest = std::string_view(copy).substr(std::min(start, copy.size()));
        if (base::starts_with_ignoring_case(rest, "$INCLUDE")) {
            const auto end = rest.find('\n');
            if (auto done = read_include(rest.substr(0, end), file, line, depth); !done)
                return done;
            if (end == std::string_view::npos) return {};
            std::fseek(stream.get(), static_cast<long>(start + end + 1), SEEK_SET);
            ++line;
            continue;
        }
        const int before = line;
        ldns_rr* raw = nullptr;
        ldns_rdf* origin = origin_.release();
        ldns_rdf* previous = previous_.release();
        const auto status =
            ldns_rr_new_frm_fp_l(&raw, stream.get(), &ttl_, &origin, &previous, &line);
        origin_.reset(origin);
        previous_.reset(previous);
        const std::unique_ptr<ldns_rr, FreeRr> rr(raw);
        switch (status) {
            case LDNS_STATUS_OK:
                if (auto done = add(*rr, file, before); !done) return done;
                break;
            case LDNS_STATUS_SYNTAX_TTL:
            case LDNS_STATUS_SYNTAX_ORIGIN:
            case LDNS_STATUS_SYNTAX_EMPTY: break;  // a directive or an empty line
            default:
                return problem(
                    file, before,
                    fmt::format("The record cannot be read: {}", ldns_get_errorstr_by_id(status)));
        }
    }
    return {};
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
    if (auto done = reader.set_origin(origin && !origin->is_root() ? origin->text() + "." : ".");
        !done) {
        return std::unexpected(done.error());
    }
    if (auto done = reader.read(text, name, 0); !done) return std::unexpected(done.error());
    return reader.finish(origin, name);
}

}  // namespace assay::codec::zone
