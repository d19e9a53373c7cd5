#include "prove/tlog_proof.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace assay::prove {

namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";

// The next line, without its end; nothing at the end of the text.
std::optional<std::string_view> next_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == text.npos) return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}  // namespace

base::Result<TlogProof> parse_tlog_proof(std::string_view text) {
    const auto malformed = [](std::string_view what) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("this is not a proof of logging: {}", what));
    };
    if (text.size() > tlog_proof_octets_max)
        return base::fail(base::ErrorKind::limit, "the proof of logging is longer than 100 kB");
    const auto whole = text;
    TlogProof out;
    if (next_line(text) != first_line) return malformed("its first line is another");
    auto line = next_line(text);
    if (line && line->starts_with("extra ")) {
        const auto bytes = base::base64_decode(line->substr(6));
        if (!bytes || bytes->empty()) return malformed("the extra line is not base64");
        out.extra.assign(bytes->begin(), bytes->end());
        line = next_line(text);
    }
    if (!line || !line->starts_with("index ")) return malformed("the index is missing");
    const auto index = base::parse_decimal(line->substr(6), UINT64_MAX);
    if (!index) return malformed("the index is no number");
    out.index = *index;
    while ((line = next_line(text)) && !line->empty()) {
        const auto bytes = base::base64_decode(*line);
        if (!bytes || bytes->size() != sizeof(Hash)) return malformed("a hash is not one");
        if (out.hashes.size() >= proof_hashes_max) return malformed("it has too many hashes");
        std::copy(bytes->begin(), bytes->end(), out.hashes.emplace_back().begin());
    }
    if (!line) return malformed("the checkpoint is missing");
    ASSAY_TRY(auto checkpoint, parse_note(text));
    out.checkpoint = std::move(checkpoint);
    if (print(out) != whole) return malformed("it is not written in the one way that is allowed");
    return out;
}

std::string print(const TlogProof& proof) {
    std::string out(first_line);
    out += '\n';
    if (!proof.extra.empty()) {
        out += "extra " +
               base::base64_encode({reinterpret_cast<const std::uint8_t*>(proof.extra.data()),
                                    proof.extra.size()}) +
               "\n";
    }
    out += fmt::format("index {}\n", proof.index);
    for (const auto& hash : proof.hashes)
        out += base::base64_encode(hash) + "\n";
    return out + "\n" + print(proof.checkpoint);
}

}  // namespace assay::prove
