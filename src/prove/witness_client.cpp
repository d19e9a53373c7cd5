#include "prove/witness_client.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace assay::prove {

namespace {

// ours: once to learn the size, once with the proof, once more if somebody else came in between.
constexpr int attempts_max = 3;

// "N\n" (C2SP tlog-witness).
std::optional<std::uint64_t> parse_size(const WitnessAnswer& answer) {
    if (answer.content_type != size_content_type || !answer.body.ends_with('\n'))
        return std::nullopt;
    return base::parse_decimal(std::string_view(answer.body).substr(0, answer.body.size() - 1),
                               UINT64_MAX);
}

base::Error refusal(const WitnessAnswer& answer) {
    return {answer.status == 409 || answer.status == 422 ? base::ErrorKind::conflict
                                                         : base::ErrorKind::refused,
            fmt::format("it answers {}: {}", answer.status,
                        base::quote_for_display(base::trim(answer.body), 100))};
}

}  // namespace

std::optional<NoteSignature> find_cosignature(std::string_view text, std::string_view answer,
                                              const Verifier& witness) {
    const auto note = parse_note(fmt::format("{}\n{}", text, answer));
    if (!note || note->text != text) return std::nullopt;
    for (const auto& one : note->signatures) {
        if (cosigned_at({note->text, {one}}, witness)) return one;
    }
    return std::nullopt;
}

base::Result<NoteSignature> request_cosignature(const Tree& tree, const Note& checkpoint,
                                                const Verifier& witness, const AskWitness& ask) {
    ASSAY_TRY(const auto head, parse_checkpoint(checkpoint.text));
    WitnessRequest request{.old_size = 0, .proof = {}, .checkpoint = checkpoint};
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        ASSAY_TRY(const auto answer, ask(print(request)));
        if (answer.status == 200) {
            if (auto line = find_cosignature(checkpoint.text, answer.body, witness)) return *line;
            return base::fail(base::ErrorKind::malformed,
                              "its answer has no valid signature of its key");
        }
        const auto size = answer.status == 409 ? parse_size(answer) : std::nullopt;
        if (!size) return std::unexpected(refusal(answer));
        if (*size > head.size) {
            return base::fail(
                base::ErrorKind::conflict,
                fmt::format("it has seen a log of {} entries, and this one has {}: this is an old "
                            "copy, or the log was rolled back",
                            *size, head.size));
        }
        request.old_size = *size;
        request.proof = *size == 0 ? std::vector<Hash>{} : tree.consistency_proof(*size, head.size);
    }
    return base::fail(base::ErrorKind::refused,
                      fmt::format("it named another size {} times", attempts_max));
}

}  // namespace assay::prove
