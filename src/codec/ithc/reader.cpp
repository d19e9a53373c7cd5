#include "codec/ithc/reader.hpp"

#include <optional>
#include <utility>

#include "base/text.hpp"
#include "codec/ithc/mappers.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

constexpr std::size_t head_length_max = 64 * 1024;  // ours: where the kind of a file shows

// Does the XML say that it is in an encoding other than UTF-8? Expat reads those itself.
bool has_other_encoding(std::string_view head) {
    if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) return true;
    if (head.starts_with(std::string_view("<\0", 2)) || head.starts_with('\0')) return true;
    const auto declaration = head.substr(0, head.find("?>"));
    const auto at = declaration.find("encoding");
    if (!head.starts_with("<?xml") || at == std::string_view::npos) return false;
    return !base::lower(declaration.substr(at, 24)).contains("utf-8");
}

}  // namespace

struct Reader::State {
    State(Options given, Sink sink) : emitter(given, std::move(sink)) {}

    base::Result<void> begin();
    base::Result<void> pass(std::string_view chunk);
    base::Result<void> pass_clean(std::string_view chunk);
    base::Result<Summary> finish();

    Emitter emitter;
    bool begun = false;
    bool failed = false;
    std::string head;
    std::optional<Utf8Repair> repair;
    std::unique_ptr<XmlMapper> xml_mapper;
    std::unique_ptr<JsonMapper> json_mapper;
    std::optional<CsvMapper> csv_mapper;
    std::optional<XmlReader> xml;
    std::optional<JsonReader> json;
    std::optional<csv::Reader> csv;
};

base::Result<void> Reader::State::begin() {
    begun = true;
    const auto& options = emitter.options();
    auto format = options.format;
    // However the file was cut, the same bytes decide.
    if (format == Format::unknown)
        format = sniff(std::string_view(head).substr(0, head_length_max), options.filename);
    emitter.summary().format = format;
    if (format == Format::unknown)
        return base::fail(base::ErrorKind::usage,
                          "cannot tell what kind of report this is: name the format, or export it "
                          "as .nessus, XML, JSON or CSV with column names");
    xml_mapper = make_xml_mapper(format, emitter);
    json_mapper = make_json_mapper(format, emitter);
    if (xml_mapper) {
        if (!has_other_encoding(head)) repair.emplace(true);
        xml.emplace(*xml_mapper);
    } else if (json_mapper) {
        repair.emplace(false);
        json.emplace(*json_mapper);
        if (head.starts_with("\xef\xbb\xbf")) head.erase(0, 3);
    } else {
        csv_mapper.emplace(format, emitter);
        csv.emplace([this](const csv::Record& record) { return csv_mapper->row(record); });
    }
    const auto first = std::exchange(head, {});
    return pass(first);
}

base::Result<void> Reader::State::pass(std::string_view chunk) {
    if (!repair) return pass_clean(chunk);
    return pass_clean(repair->feed(chunk));
}

base::Result<void> Reader::State::pass_clean(std::string_view chunk) {
    if (xml) return xml->feed(chunk);
    if (json) return json->feed(chunk);
    return csv->feed(chunk);
}

base::Result<Summary> Reader::State::finish() {
    auto& summary = emitter.summary();
    if (!begun) {
        if (auto done = begin(); !done) return std::unexpected(done.error());
    }
    if (repair) {
        if (auto done = pass_clean(repair->finish()); !done) return std::unexpected(done.error());
        summary.repaired_bytes += repair->repaired();
    }
    base::Result<void> done;
    if (xml) done = xml->finish();
    if (json) done = json->finish();
    if (csv) done = csv->finish();
    if (done && csv_mapper) done = csv_mapper->finish();
    if (!done) return std::unexpected(done.error());
    if (xml) summary.cut_texts += xml->cut_texts();
    if (json) summary.cut_texts += json->cut_texts();
    return summary;
}

Reader::Reader(Options options, Sink sink)
    : state_(std::make_unique<State>(std::move(options), std::move(sink))) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

base::Result<void> Reader::feed(std::string_view chunk) {
    auto& state = *state_;
    const auto failed = [&](base::Result<void> done) {
        state.failed = state.failed || !done;
        return done;
    };
    if (state.failed)
        return base::fail(base::ErrorKind::usage, "the reading of this report has failed before");
    auto& bytes = state.emitter.summary().bytes;
    bytes += chunk.size();
    const auto length_max = state.emitter.options().file_length;
    if (bytes > length_max)
        return failed(base::fail(base::ErrorKind::limit, "the file is longer than " +
                                                             std::to_string(length_max) +
                                                             " bytes: export it in pieces"));
    if (state.begun) return failed(state.pass(chunk));
    state.head += chunk;
    if (state.head.size() < head_length_max) return {};
    return failed(state.begin());
}

base::Result<Summary> Reader::finish() {
    if (state_->failed)
        return base::fail(base::ErrorKind::usage, "the reading of this report has failed before");
    return state_->finish();
}

base::Result<Summary> read(const Source& source, Options options, Sink sink) {
    Reader reader(std::move(options), std::move(sink));
    while (true) {
        ASSAY_TRY(const std::string chunk, source());
        if (chunk.empty()) return reader.finish();
        if (auto done = reader.feed(chunk); !done) return std::unexpected(done.error());
    }
}

base::Result<Summary> read_text(std::string_view text, Options options, Sink sink) {
    Reader reader(std::move(options), std::move(sink));
    if (auto done = reader.feed(text); !done) return std::unexpected(done.error());
    return reader.finish();
}

}  // namespace assay::codec::ithc
