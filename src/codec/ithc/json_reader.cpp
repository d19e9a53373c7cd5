#include "codec/ithc/json_reader.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <optional>

#include "codec/ithc/options.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

namespace json = boost::json;

constexpr std::size_t path_length_max = 1024;  // ours: the longest wanted has 40 bytes

// The handler that boost::json::basic_parser calls.
class Handler {
  public:
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = 64 * 1024;

    explicit Handler(JsonMapper& mapper) : mapper_(mapper) {}

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code& code) { return begin(code); }
    bool on_array_begin(json::error_code& code) { return begin(code, true); }
    bool on_object_end(std::size_t, json::error_code& code) { return end(code); }
    bool on_array_end(std::size_t, json::error_code& code) { return end(code); }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        return collect(key_, part, path_length_max);
    }
    bool on_key(json::string_view part, std::size_t, json::error_code&) {
        return collect(key_, part, path_length_max);
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        return collect(text_, part, text_length_max);
    }
    bool on_string(json::string_view part, std::size_t, json::error_code& code) {
        collect(text_, part, text_length_max);
        return value(code);
    }
    bool on_number_part(json::string_view part, json::error_code&) {
        return collect(text_, part, title_length_max);
    }
    bool on_int64(std::int64_t, json::string_view part, json::error_code& code) {
        return number(part, code);
    }
    bool on_uint64(std::uint64_t, json::string_view part, json::error_code& code) {
        return number(part, code);
    }
    bool on_double(double, json::string_view part, json::error_code& code) {
        return number(part, code);
    }
    bool on_bool(bool truth, json::error_code& code) {
        text_ = truth ? "true" : "false";
        return value(code);
    }
    bool on_null(json::error_code& code) {
        text_.clear();
        return value(code);
    }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

    const std::optional<base::Error>& error() const { return error_; }
    std::uint64_t cut_texts() const { return cut_texts_; }

  private:
    struct Level {
        bool array;
        std::size_t path_length;  // of path_ before this level
    };

    bool collect(std::string& into, json::string_view part, std::size_t length_max) {
        if (skip_depth_ > 0) return true;
        const auto room = length_max - std::min(length_max, into.size());
        cut_here_ = cut_here_ || part.size() > room;
        into.append(part.data(), std::min(room, part.size()));
        return true;
    }
    bool number(json::string_view part, json::error_code& code) {
        collect(text_, part, title_length_max);
        return value(code);
    }
    bool stop(base::Error error, json::error_code& code) {
        error_ = std::move(error);
        code = json::error::exception;
        return false;
    }
    // Appends the step to a value below the current level; how long the path was before.
    std::size_t step() {
        const auto before = path_.size();
        if (levels_.empty()) return before;
        if (!path_.empty()) path_ += '/';
        path_ += levels_.back().array ? std::string_view("*") : std::string_view(key_);
        return before;
    }
    std::string take_name() {
        if (levels_.empty() || levels_.back().array) return {};
        return std::move(key_);
    }
    bool begin(json::error_code& code, bool array = false);
    bool end(json::error_code& code);
    bool value(json::error_code& code);
    bool hand_over(Node node, json::error_code& code);

    JsonMapper& mapper_;
    std::string path_;
    std::string key_;
    std::string text_;
    std::vector<Level> levels_;
    std::vector<Node> open_;
    std::size_t skip_depth_ = 0;
    std::size_t nodes_ = 0;
    std::size_t length_ = 0;
    bool cut_here_ = false;
    std::uint64_t cut_texts_ = 0;
    std::optional<base::Error> error_;
};

bool Handler::begin(json::error_code& code, bool array) {
    const bool unwanted = !open_.empty() && !levels_.back().array && mapper_.skips(key_);
    if (skip_depth_ > 0 || unwanted) {
        ++skip_depth_;
        key_.clear();
        return true;
    }
    const auto before = step();
    if (open_.empty() && !mapper_.wants(path_)) {
        if (!array) mapper_.open(path_);
    } else {
        if (open_.empty()) nodes_ = length_ = 0;
        if (++nodes_ > record_nodes_max)
            return stop({base::ErrorKind::limit, "one finding has more than " +
                                                     std::to_string(record_nodes_max) + " parts"},
                        code);
        open_.push_back({take_name(), {}, {}});
    }
    key_.clear();
    levels_.push_back({array, before});
    return true;
}

bool Handler::end(json::error_code& code) {
    key_.clear();
    if (skip_depth_ > 0) {
        --skip_depth_;
        return true;
    }
    const auto level = levels_.back();
    levels_.pop_back();
    if (open_.empty()) {
        if (!level.array) {
            if (auto done = mapper_.close(path_); !done) return stop(done.error(), code);
        }
        path_.resize(level.path_length);
        return true;
    }
    Node done = std::move(open_.back());
    open_.pop_back();
    const bool good = hand_over(std::move(done), code);
    path_.resize(level.path_length);
    return good;
}

bool Handler::hand_over(Node node, json::error_code& code) {
    if (!open_.empty()) {
        open_.back().children.push_back(std::move(node));
        return true;
    }
    auto done = mapper_.record(path_, std::move(node));
    return done ? true : stop(done.error(), code);
}

bool Handler::value(json::error_code& code) {
    const bool was_cut = std::exchange(cut_here_, false);
    if (skip_depth_ > 0) return true;
    auto text = std::exchange(text_, {});
    if (was_cut) {
        ++cut_texts_;
        Utf8Repair repair(false);  // the cut may be inside a character
        text = repair.feed(text);
    }
    if (open_.empty()) {
        const auto before = step();
        mapper_.scalar(path_, text);
        path_.resize(before);
        key_.clear();
        return true;
    }
    if (!levels_.back().array && mapper_.skips(key_)) {
        key_.clear();
        return true;
    }
    if (++nodes_ > record_nodes_max)
        return stop({base::ErrorKind::limit,
                     "one finding has more than " + std::to_string(record_nodes_max) + " parts"},
                    code);
    if (length_ + text.size() > record_length_max) {
        ++cut_texts_;
        text.clear();
    }
    length_ += text.size();
    Node node{take_name(), std::move(text), {}};
    key_.clear();
    open_.back().children.push_back(std::move(node));
    return true;
}

json::parse_options options() {
    json::parse_options out;
    out.max_depth = depth_max;
    out.allow_invalid_utf8 = true;  // repaired before it comes here
    return out;
}

}  // namespace

struct JsonReader::State {
    explicit State(JsonMapper& m) : mapper(m), parser(options(), m) {}

    base::Result<void> write(std::string_view chunk, bool more) {
        json::error_code code;
        const auto used = parser.write_some(more, chunk.data(), chunk.size(), code);
        const auto& handler = parser.handler();
        if (handler.error()) return std::unexpected(*handler.error());
        // Blanks after the end are fine, anything else is not.
        if (!code && chunk.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
            code = json::error::extra_data;
        if (code)
            return base::fail(
                code == json::error::too_deep ? base::ErrorKind::limit : base::ErrorKind::malformed,
                "the file is not valid JSON: " + code.message() + " near byte " +
                    std::to_string(bytes + used) +
                    "; export it again, and check that it is complete");
        bytes += chunk.size();
        return {};
    }

    JsonMapper& mapper;
    json::basic_parser<Handler> parser;
    std::uint64_t bytes = 0;
};

JsonReader::JsonReader(JsonMapper& mapper) : state_(std::make_unique<State>(mapper)) {}
JsonReader::~JsonReader() = default;

base::Result<void> JsonReader::feed(std::string_view chunk) {
    if (chunk.empty()) return {};
    return state_->write(chunk, true);
}

base::Result<void> JsonReader::finish() {
    if (auto done = state_->write({}, false); !done) return done;
    return state_->mapper.finish();
}

std::uint64_t JsonReader::cut_texts() const {
    return state_->parser.handler().cut_texts();
}

}  // namespace assay::codec::ithc
