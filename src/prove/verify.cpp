#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "prove/pack.hpp"

namespace assay::prove {

namespace {

struct Stop {
    Verdict verdict;
    std::string reason;
};

const Issuer* find_issuer(const Trust& trust, const Certificate& certificate, const Jws& jws) {
    const auto found = std::ranges::find_if(trust.issuers, [&](const Issuer& one) {
        return one.key_id == jws.key_id && one.iss == certificate.iss;
    });
    return found == trust.issuers.end() ? nullptr : &*found;
}

// C2SP signed-note: lines of unknown keys are ignored, and one of a known key must verify.
bool has_line_of(const Note& note, const Verifier& verifier) {
    return std::ranges::any_of(note.signatures, [&](const NoteSignature& one) {
        return one.name == verifier.name && one.key_id == verifier.id();
    });
}

// C2SP tlog-proof: log signature, then witnesses, then inclusion; a root without its signature
// proves nothing.
std::optional<Stop> check_logged(const Pack& pack, const Trust& trust, Verification& out) {
    const auto proof = parse_tlog_proof(pack.proof);
    if (!proof) return Stop{Verdict::not_genuine, "The pack is broken: " + proof.error().detail};
    const auto checkpoint = parse_checkpoint(proof->checkpoint.text);
    if (!checkpoint)
        return Stop{Verdict::not_genuine, "The pack is broken: " + checkpoint.error().detail};
    const auto no = [](std::string reason) { return Stop{Verdict::not_logged, std::move(reason)}; };
    if (checkpoint->origin != trust.log.name || checkpoint->origin != out.certificate->log_origin)
        return no("The proof is of another log than the one you trust.");
    if (!is_signed_by(proof->checkpoint, trust.log))
        return no("The log did not sign the checkpoint of the proof.");
    for (const auto& witness : trust.witnesses) {
        if (cosigned_at(proof->checkpoint, witness)) {
            out.seen_by.push_back(witness.name);
        } else if (has_line_of(proof->checkpoint, witness)) {
            return Stop{Verdict::not_genuine,
                        fmt::format("The signature of the witness {} is not valid.", witness.name)};
        }
    }
    if (out.seen_by.size() < trust.witnesses_needed) {
        return no(fmt::format("{} of your witnesses saw this checkpoint, and you need {}.",
                              out.seen_by.size(), trust.witnesses_needed));
    }
    const auto leaf = leaf_hash(log_entry(*out.certificate, pack.certificate));
    if (!verify_inclusion(leaf, proof->index, checkpoint->size, proof->hashes, checkpoint->root))
        return no("This certificate is not in the log.");
    out.log_index = proof->index;
    return std::nullopt;
}

std::optional<Stop> check_status(const Pack& pack, const Trust& trust, base::Moment at,
                                 std::chrono::seconds age_max, Verification& out) {
    const auto& certificate = *out.certificate;
    const auto status = parse_status(pack.status);
    const auto broken = [](std::string reason) {
        return Stop{Verdict::not_genuine, std::move(reason)};
    };
    if (!status) return broken("The pack is broken: " + status.error().detail);
    const auto* issuer = find_issuer(trust, certificate, status->jws);
    if (issuer == nullptr || !verify(status->jws, issuer->key))
        return broken("The status is not signed by the issuer of the certificate.");
    const auto& statement = status->statement;
    if (statement.uri != certificate.status_uri)
        return broken("The status is of another list than the certificate names.");
    if (certificate.status_index >= statement.list.places())
        return broken("The status list has no place for this certificate.");
    const auto value = static_cast<Status>(statement.list.get(certificate.status_index));
    // Withdrawn is final, however old the statement.
    if (value == Status::invalid) {
        return Stop{Verdict::withdrawn,
                    fmt::format("The certificate was withdrawn or replaced (status of {}).",
                                base::print(statement.issued))};
    }
    if (statement.expires <= at || at - statement.issued > age_max || statement.issued > at) {
        return Stop{Verdict::status_stale,
                    fmt::format("The certificate was not withdrawn as of {}, and this is too long "
                                "ago. Get a new pack from the authority.",
                                base::print(statement.issued))};
    }
    out.not_withdrawn_as_of = statement.issued;
    if (value == Status::suspended)
        return Stop{Verdict::suspended, fmt::format("The certificate is suspended as of {}.",
                                                    base::print(statement.issued))};
    if (value != Status::valid) return broken("The status has a value that is not known.");
    return std::nullopt;
}

std::optional<Stop> check_genuine(const Pack& pack, const Trust& trust, Verification& out) {
    auto read = parse_certificate(pack.certificate);
    if (!read) return Stop{Verdict::not_genuine, "The pack is broken: " + read.error().detail};
    const auto* issuer = find_issuer(trust, read->certificate, read->jws);
    if (issuer == nullptr) {
        return Stop{Verdict::not_genuine,
                    fmt::format("You do not trust the issuer {} with key '{}'.",
                                base::quote_for_display(read->certificate.iss, 100),
                                base::quote_for_display(read->jws.key_id, 60))};
    }
    if (!verify(read->jws, issuer->key))
        return Stop{Verdict::not_genuine, "The issuer did not sign this certificate."};
    out.certificate = std::move(read->certificate);
    return std::nullopt;
}

}  // namespace

std::string_view print(Verdict verdict) {
    switch (verdict) {
        case Verdict::good: return "good";
        case Verdict::expired: return "expired";
        case Verdict::withdrawn: return "withdrawn";
        case Verdict::suspended: return "suspended";
        case Verdict::status_stale: return "status-stale";
        case Verdict::not_genuine: return "not-genuine";
        case Verdict::not_logged: return "not-logged";
    }
    return "not-genuine";
}

Verification verify(std::string_view text, const Trust& trust, base::Moment at,
                    std::chrono::seconds status_age_max) {
    Verification out;
    const auto stop = [&](Stop why) {
        out.verdict = why.verdict;
        out.reason = std::move(why.reason);
        if (why.verdict == Verdict::not_genuine) out.certificate.reset();
        return out;
    };
    const auto pack = parse_pack(text);
    if (!pack) return stop({Verdict::not_genuine, "This is not genuine: " + pack.error().detail});
    if (auto why = check_genuine(*pack, trust, out)) return stop(std::move(*why));
    const auto logged = check_logged(*pack, trust, out);
    if (logged && logged->verdict == Verdict::not_genuine) return stop(*logged);
    const auto status = check_status(*pack, trust, at, status_age_max, out);
    if (status && status->verdict == Verdict::not_genuine) return stop(*status);
    // All of the pack is genuine. What a person must know first comes first.
    if (logged) return stop(*logged);
    if (status && status->verdict == Verdict::withdrawn) return stop(*status);
    if (at < out.certificate->nbf)
        return stop({Verdict::not_genuine, "The certificate is not valid yet."});
    if (at >= out.certificate->exp) {
        return stop({Verdict::expired, fmt::format("The certificate ended at {}.",
                                                   base::print(out.certificate->exp))});
    }
    if (status) return stop(*status);
    out.verdict = Verdict::good;
    out.reason = fmt::format("Genuine, in date, and not withdrawn as of {}.",
                             base::print(*out.not_withdrawn_as_of));
    return out;
}

}  // namespace assay::prove
