#include "prove/witness.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace assay::prove {

namespace {

std::unexpected<base::Error> malformed(std::string_view what) {
    return base::fail(base::ErrorKind::malformed,
                      fmt::format("this is not an add-checkpoint request: {}", what));
}

WitnessStep refuse(unsigned status, std::string_view why) {
    return {{status, "text/plain; charset=utf-8", fmt::format("{}\n", why)}, std::nullopt};
}

// Lines of other keys, and lines that do not verify, are not looked at (C2SP tlog-witness).
const NoteSignature* signature_of(const Note& note, const std::vector<Verifier>& keys) {
    const auto found = std::ranges::find_if(note.signatures, [&](const NoteSignature& one) {
        const Note alone{note.text, {one}};
        return std::ranges::any_of(keys, [&](const auto& key) { return is_signed_by(alone, key); });
    });
    return found == note.signatures.end() ? nullptr : &*found;
}

std::string print_signatures(const std::vector<NoteSignature>& signatures) {
    return print(Note{"", signatures}).substr(1);
}

}  // namespace

base::Result<WitnessRequest> parse_witness_request(std::string_view text) {
    if (text.size() > witness_request_octets_max)
        return base::fail(base::ErrorKind::limit, "the request is longer than 64 kB");
    const auto end = text.find("\n\n");
    if (end == text.npos) return malformed("the empty line before the checkpoint is missing");
    const auto lines = base::split(text.substr(0, end), '\n');
    if (!lines[0].starts_with("old ")) return malformed("the first line must be 'old' and a size");
    const auto old_size = base::parse_decimal(lines[0].substr(4), UINT64_MAX);
    if (!old_size) return malformed("the old size is no number");
    if (lines.size() - 1 > witness_proof_hashes_max)
        return base::fail(base::ErrorKind::limit, "the request has more than 63 hashes");
    WitnessRequest out{.old_size = *old_size, .proof = {}, .checkpoint = {}};
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto bytes = base::base64_decode(lines[i]);
        if (!bytes || bytes->size() != sizeof(Hash)) return malformed("a hash is not one");
        std::copy(bytes->begin(), bytes->end(), out.proof.emplace_back().begin());
    }
    ASSAY_TRY(auto note, parse_note(text.substr(end + 2)));
    out.checkpoint = std::move(note);
    if (print(out) != text) return malformed("it is not written in the one way that is allowed");
    return out;
}

std::string print(const WitnessRequest& request) {
    auto out = fmt::format("old {}\n", request.old_size);
    for (const auto& hash : request.proof)
        out += base::base64_encode(hash) + "\n";
    return out + "\n" + print(request.checkpoint);
}

base::Result<Checkpoint> parse_checkpoint_head(std::string_view text) {
    std::size_t end = 0;
    for (int line = 0; line < 3 && end != text.npos; ++line)
        end = text.find('\n', line == 0 ? 0 : end + 1);
    // C2SP tlog-checkpoint: extension lines must not be empty.
    const bool empty_line = text.starts_with('\n') || text.find("\n\n") != text.npos;
    return parse_checkpoint(end == text.npos || empty_line ? "" : text.substr(0, end + 1));
}

WitnessStep add_checkpoint(std::string_view body, const WitnessedLogs& logs,
                           const WitnessKey& witness, base::Moment at) {
    const auto request = parse_witness_request(body);
    if (!request) return refuse(400, request.error().detail);
    const auto head = parse_checkpoint_head(request->checkpoint.text);
    if (!head) return refuse(400, head.error().detail);
    const auto log = logs.find(head->origin);
    if (log == logs.end()) return refuse(404, "this witness does not know the log");
    const auto& known = log->second;
    const auto* signature = signature_of(request->checkpoint, known.keys);
    if (signature == nullptr)
        return refuse(403, "no key that this witness knows of the log signed the checkpoint");
    if (request->old_size > head->size)
        return refuse(400, "the old size is larger than the size of the checkpoint");
    if (request->old_size != known.size) {
        return {{409, std::string(size_content_type), fmt::format("{}\n", known.size)},
                std::nullopt};
    }
    if (head->size == known.size && head->root != known.root)
        return refuse(409, "this witness saw another root of the same size");
    if (!verify_consistency(known.size, known.root, head->size, head->root, request->proof))
        return refuse(422, "the proof does not show that the checkpoint continues the last one");
    auto cosignature = cosign(request->checkpoint.text, witness.name, witness.key, at);
    if (!cosignature) return refuse(500, "the witness could not sign");
    auto answer = print_signatures({*cosignature});
    return {{200, "text/plain; charset=utf-8", std::move(answer)},
            Note{request->checkpoint.text, {*signature, *std::move(cosignature)}}};
}

}  // namespace assay::prove
