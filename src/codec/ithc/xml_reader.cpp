#include "codec/ithc/xml_reader.hpp"

#include <expat.h>

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "codec/ithc/options.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

struct XmlReader::State {
    explicit State(XmlMapper& m) : mapper(m), parser(XML_ParserCreate(nullptr)) {}
    ~State() { XML_ParserFree(parser); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void begin_element(const char* name, const char** attributes);
    void end_element();
    void text(std::string_view text);
    void stop(base::Error reason);
    base::Result<void> parse(std::string_view chunk, bool last);

    XmlMapper& mapper;
    XML_Parser parser;
    std::optional<base::Error> error;
    std::uint64_t fed = 0;         // bytes given to the parser
    std::uint64_t last_event = 0;  // `fed` when it last called back
    std::uint64_t doctype_at = 0;
    bool in_doctype = false;
    std::vector<std::string> path;  // outside of records
    std::vector<Node> open;         // the record that is being read, outermost first
    std::size_t nodes = 0;
    std::size_t length = 0;
    std::size_t skip_depth = 0;
    bool cut_here = false;
    std::uint64_t cut_texts = 0;
};

namespace {

std::string at_line(XML_Parser parser) {
    return " at line " + std::to_string(XML_GetCurrentLineNumber(parser)) + ", column " +
           std::to_string(XML_GetCurrentColumnNumber(parser) + 1);
}

// Files that Windows programs wrote; expat knows UTF-8, UTF-16, ISO 8859-1 and ASCII itself.
int windows_1252_map(void*, const XML_Char* name, XML_Encoding* info) {
    if (!base::equals_ignoring_case(name, "windows-1252")) return XML_STATUS_ERROR;
    std::uint64_t ignored = 0;
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const auto text = text_of_cell(std::string_view(&c, 1), ignored);
        int code = static_cast<unsigned char>(text[0]);
        if (text.size() == 2) code = ((code & 0x1f) << 6) | (text[1] & 0x3f);
        if (text.size() == 3) {
            code = ((code & 0x0f) << 12) | ((text[1] & 0x3f) << 6) | (text[2] & 0x3f);
        }
        info->map[byte] = code;
    }
    info->data = nullptr;
    info->convert = nullptr;
    info->release = nullptr;
    return XML_STATUS_OK;
}

}  // namespace

void XmlReader::State::stop(base::Error reason) {
    if (!error) error = std::move(reason);
    XML_StopParser(parser, XML_FALSE);
}

void XmlReader::State::begin_element(const char* name, const char** attributes) {
    last_event = fed;
    if (error) return;
    if (skip_depth > 0) {
        ++skip_depth;
        return;
    }
    if (path.size() + open.size() >= depth_max)
        return stop({base::ErrorKind::limit, "elements are nested deeper than " +
                                                 std::to_string(depth_max) + at_line(parser)});
    if (mapper.skips(name)) {
        skip_depth = 1;
        return;
    }
    Node node{name, {}, {}};
    // Only what stands in the file; defaults of a document type are not the tool's words.
    const auto specified = static_cast<std::size_t>(XML_GetSpecifiedAttributeCount(parser));
    if (specified / 2 > attributes_max)
        return stop({base::ErrorKind::limit, "an element has more than " +
                                                 std::to_string(attributes_max) + " attributes" +
                                                 at_line(parser)});
    for (std::size_t i = 0; i + 1 < specified; i += 2) {
        std::string value = attributes[i + 1];
        if (cut(value, text_length_max)) ++cut_texts;
        length += value.size();
        node.children.push_back({attributes[i], std::move(value), {}});
    }
    if (open.empty()) {
        if (!mapper.wants(name, path.empty() ? std::string_view() : path.back())) {
            path.emplace_back(name);
            length = 0;
            return mapper.open(node);
        }
        nodes = 0;
    }
    nodes += 1 + node.children.size();
    if (nodes > record_nodes_max)
        return stop({base::ErrorKind::limit, "one finding has more than " +
                                                 std::to_string(record_nodes_max) + " parts" +
                                                 at_line(parser)});
    open.push_back(std::move(node));
    cut_here = false;
}

void XmlReader::State::text(std::string_view text) {
    last_event = fed;
    if (error || skip_depth > 0 || open.empty()) return;
    auto& into = open.back().text;
    const auto room = std::min(text_length_max - std::min(text_length_max, into.size()),
                               record_length_max - std::min(record_length_max, length));
    if (text.size() > room) {
        cut_texts += cut_here ? 0 : 1;
        cut_here = true;
        std::string kept(text);
        cut(kept, room);
        into += kept;
        length += kept.size();
        return;
    }
    into += text;
    length += text.size();
}

void XmlReader::State::end_element() {
    last_event = fed;
    if (error) return;
    if (skip_depth > 0) {
        --skip_depth;
        return;
    }
    if (open.empty()) {
        const auto name = std::move(path.back());
        path.pop_back();
        return mapper.close(name);
    }
    Node done = std::move(open.back());
    open.pop_back();
    cut_here = false;
    if (!open.empty()) return open.back().children.push_back(std::move(done));
    length = 0;
    auto handed = mapper.record(std::move(done), path.empty() ? "" : std::string_view(path.back()));
    if (!handed) stop(handed.error());
}

base::Result<void> XmlReader::State::parse(std::string_view chunk, bool last) {
    constexpr std::size_t piece_length = 64 * 1024;
    do {
        const auto piece = chunk.substr(0, piece_length);
        chunk.remove_prefix(piece.size());
        fed += piece.size();
        const auto status = XML_Parse(parser, piece.data(), static_cast<int>(piece.size()),
                                      last && chunk.empty() ? XML_TRUE : XML_FALSE);
        if (error) return std::unexpected(*error);
        if (status != XML_STATUS_OK) {
            const std::string reason = XML_ErrorString(XML_GetErrorCode(parser));
            return base::fail(base::ErrorKind::malformed,
                              "the file is not well-formed XML: " + reason + at_line(parser) +
                                  "; export it again, and check that it is complete");
        }
        if (fed - last_event > token_length_max)
            return base::fail(base::ErrorKind::limit, "one tag or comment is longer than " +
                                                          std::to_string(token_length_max) +
                                                          " bytes" + at_line(parser));
        if (in_doctype && fed - doctype_at > document_type_length_max + piece_length)
            return base::fail(base::ErrorKind::limit,
                              "the document type declaration is longer than " +
                                  std::to_string(document_type_length_max) + " bytes");
    } while (!chunk.empty());
    return {};
}

XmlReader::XmlReader(XmlMapper& mapper) : state_(std::make_unique<State>(mapper)) {
    auto* parser = state_->parser;
    XML_SetUserData(parser, state_.get());
    XML_SetElementHandler(
        parser,
        [](void* data, const char* name, const char** attributes) {
            static_cast<State*>(data)->begin_element(name, attributes);
        },
        [](void* data, const char*) { static_cast<State*>(data)->end_element(); });
    XML_SetCharacterDataHandler(parser, [](void* data, const char* text, int length) {
        static_cast<State*>(data)->text({text, static_cast<std::size_t>(length)});
    });
    XML_SetCommentHandler(parser, [](void* data, const char*) {
        auto* state = static_cast<State*>(data);
        state->last_event = state->fed;
    });
    XML_SetDoctypeDeclHandler(
        parser,
        [](void* data, const char*, const char*, const char*, int) {
            auto* state = static_cast<State*>(data);
            state->last_event = state->fed;
            state->in_doctype = true;
            state->doctype_at = state->fed;
        },
        [](void* data) {
            auto* state = static_cast<State*>(data);
            state->last_event = state->fed;
            state->in_doctype = false;
        });
    XML_SetEntityDeclHandler(parser, [](void* data, const char* name, int, const char*, int,
                                        const char*, const char*, const char*, const char*) {
        auto* state = static_cast<State*>(data);
        state->stop({base::ErrorKind::malformed,
                     "the file declares the entity \"" + base::quote_for_display(name, 40) + "\"" +
                         at_line(state->parser) +
                         ", which no scanner needs and attacks use: remove the document type "
                         "declaration (<!DOCTYPE ...>) if you trust the file"});
    });
    XML_SetUnknownEncodingHandler(parser, windows_1252_map, nullptr);
}

XmlReader::~XmlReader() = default;

base::Result<void> XmlReader::feed(std::string_view chunk) {
    if (chunk.empty()) return {};
    return state_->parse(chunk, false);
}

base::Result<void> XmlReader::finish() {
    if (auto done = state_->parse({}, true); !done) return done;
    return state_->mapper.finish();
}

std::uint64_t XmlReader::cut_texts() const {
    return state_->cut_texts;
}

}  // namespace assay::codec::ithc
