// What an authority shows to everybody: the log, the register, the status list; and the witnesses
// of the log.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "certify/authority.hpp"
#include "crypto/sha256.hpp"
#include "prove/file_lock.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t entries_at_once = 4'096;
// Published every hour, believed for a week.
constexpr auto status_lifetime = std::chrono::days(7);

// The lines of `more`, in place of those of the same keys.
void merge(std::vector<prove::NoteSignature>& lines,
           const std::vector<prove::NoteSignature>& more) {
    for (const auto& one : more) {
        const auto old = std::ranges::find_if(lines, [&](const prove::NoteSignature& line) {
            return line.name == one.name && line.key_id == one.key_id;
        });
        if (old == lines.end()) {
            lines.push_back(one);
        } else {
            *old = one;
        }
    }
}

}  // namespace

base::Result<void> Authority::catch_up(Transaction& store, prove::LogDirectory& log,
                                       Register& all) const {
    ASSAY_TRY(const auto size, store.log_size());
    const auto another_store = [] {
        return base::fail(base::ErrorKind::conflict,
                          "the public log has entries that the store has not: this is another "
                          "store, or an old copy of it. Nothing was published");
    };
    if (size < log.size()) return another_store();
    if (log.size() > 0) {
        ASSAY_TRY(const auto last, store.entries(log.size() - 1, 1));
        if (last.empty() || last.front() != log.entry(log.size() - 1)) return another_store();
    }
    for (auto from = log.size(); from < size;) {
        ASSAY_TRY(const auto entries, store.entries(from, entries_at_once));
        for (const auto& entry : entries) {
            if (auto ok = all.apply(entry); !ok) return ok;
        }
        if (auto ok = log.append(from, entries); !ok) return ok;
        from += entries.size();
    }
    return {};
}

base::Result<prove::StatusList> Authority::status_list(Transaction& store) const {
    ASSAY_TRY(const auto rows, store.list(Kind::certificate, {}));
    std::vector<Certificate> all;
    std::uint64_t places = status_block;
    for (const auto& row : rows) {
        ASSAY_TRY(auto one, value_of<Certificate>(row, "certificate"));
        while (one.status_index >= places)
            places += status_block;
        all.push_back(std::move(one));
    }
    prove::StatusList list(2, places);
    for (const auto& one : all) {
        // What another certificate took the place of must not be good beside it.
        const bool over = one.status == CertificateStatus::withdrawn ||
                          one.status == CertificateStatus::superseded;
        const auto value = over                                         ? prove::Status::invalid
                           : one.status == CertificateStatus::suspended ? prove::Status::suspended
                                                                        : prove::Status::valid;
        list.set(one.status_index, static_cast<std::uint8_t>(value));
    }
    return list;
}

std::vector<json::object> Authority::news(const Register& all, std::span<const Scheme> schemes,
                                          const prove::StatusList& list) const {
    std::vector<json::object> out;
    const auto add_key = [&](const std::string& id, std::string_view use,
                             const crypto::PublicKey& key) {
        if (all.keys().contains(id)) return;
        out.push_back({{"t", "key.added"},
                       {"key", id},
                       {"use", use},
                       {"public", base::base64url_encode(key.bytes())}});
    };
    add_key(name_.log_origin, "log", log_.public_key());
    for (const auto& issuer : trust_.issuers)
        add_key(issuer.key_id, "issuer", issuer.key);
    for (const auto& id : name_.retired_keys) {
        const auto key = all.keys().find(id);
        if (key != all.keys().end() && key->second.retired_at.empty())
            out.push_back({{"t", "key.retired"}, {"key", id}});
    }
    for (const auto& scheme : schemes) {
        const auto known = all.schemes().find(scheme.id);
        if (known != all.schemes().end() && known->second.sha256 == scheme.sha256) continue;
        out.push_back({{"t", "scheme.version"},
                       {"scheme", scheme.id},
                       {"version", scheme.version},
                       {"sha256", scheme.sha256}});
    }
    const auto sha256 = crypto::sha256_hex(list.bytes());
    if (all.status_list_sha256() != sha256)
        out.push_back({{"t", "statuslist.published"}, {"uri", status_uri()}, {"sha256", sha256}});
    return out;
}

base::Result<void> Authority::publish(Store& store, std::span<const Scheme> schemes,
                                      base::Moment at) const {
    const auto place = folder_ + "/public";
    ASSAY_TRY(const auto lock, prove::FileLock::take(folder_ + "/lock"));
    ASSAY_TRY(auto log, prove::LogDirectory::open(place));
    Register all;
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        if (auto ok = all.apply(log.entry(i)); !ok) return ok;
    }
    ASSAY_TRY(auto before, store.read());
    ASSAY_TRY(auto list, status_list(*before));
    if (auto ok = catch_up(*before, log, all); !ok) return ok;
    before.reset();
    if (const auto missing = news(all, schemes, list); !missing.empty()) {
        ASSAY_TRY(const auto writer, store.write());
        for (const auto& entry : missing) {
            const auto index = writer->append_entry(print_entry(entry, at));
            if (!index) return std::unexpected(index.error());
        }
        if (auto ok = writer->commit(); !ok) return ok;
        ASSAY_TRY(const auto acknowledged, store.read());
        // As new as the log: a withdrawal may have come in between.
        ASSAY_TRY(list, status_list(*acknowledged));
        if (auto ok = catch_up(*acknowledged, log, all); !ok) return ok;
    }
    if (auto ok = publish_checkpoint(log); !ok) return ok;
    ASSAY_TRY(const auto status, prove::sign_status({.uri = status_uri(),
                                                     .issued = at,
                                                     .expires = at + status_lifetime,
                                                     .list = std::move(list)},
                                                    name_.issuer_key, issuer_));
    if (auto ok = prove::write_file(place + "/status.jwt", status); !ok) return ok;
    if (auto ok = prove::write_file(place + "/register.json", all.print()); !ok) return ok;
    return prove::write_file(place + "/trust.json", prove::print(trust_));
}

base::Result<void> Authority::publish_checkpoint(prove::LogDirectory& log) const {
    ASSAY_TRY(auto note, log.sign_checkpoint(name_.log_origin, log_));
    // Where nothing is new, what witnesses signed stays.
    const auto& before = log.checkpoint();
    if (before && before->text == note.text) {
        auto own = std::exchange(note.signatures, before->signatures);
        merge(note.signatures, own);
    }
    return log.publish(note);
}

std::vector<std::string> Authority::seen_by(const prove::Note& checkpoint) const {
    std::vector<std::string> out;
    for (const auto& witness : trust_.witnesses) {
        if (prove::cosigned_at(checkpoint, witness)) out.push_back(witness.name);
    }
    return out;
}

base::Result<Cosigning> Authority::collect_cosignatures(const Ask& ask) const {
    const auto folder = folder_ + "/public";
    ASSAY_TRY(const auto seen, prove::LogDirectory::open(folder));
    if (!seen.checkpoint()) {
        return base::fail(base::ErrorKind::usage,
                          "There is no public log yet. Run 'assay authority publish' first");
    }
    Cosigning out{.size = seen.size()};
    std::vector<prove::NoteSignature> lines;
    for (std::size_t i = 0; i < trust_.witnesses.size(); ++i) {
        const auto& witness = trust_.witnesses[i];
        const auto ask_it = [&](const std::string& body) {
            return ask(name_.witnesses[i].url, body);
        };
        auto line = prove::request_cosignature(seen.tree(), *seen.checkpoint(), witness, ask_it);
        if (line) {
            lines.push_back(*std::move(line));
        } else {
            out.failures.push_back(
                {line.error().kind,
                 fmt::format("The witness {}: {}", witness.name, line.error().detail)});
        }
    }
    // Others may publish while witnesses are asked: only a checkpoint that is still the newest is
    // written again.
    ASSAY_TRY(const auto lock, prove::FileLock::take(folder_ + "/lock"));
    ASSAY_TRY(auto log, prove::LogDirectory::open(folder));
    auto checkpoint = *log.checkpoint();
    if (checkpoint.text != seen.checkpoint()->text) {
        return base::fail(base::ErrorKind::conflict,
                          "The log grew while the witnesses were asked. Ask them again");
    }
    merge(checkpoint.signatures, lines);
    if (auto ok = log.publish(checkpoint); !ok) return std::unexpected(ok.error());
    out.seen_by = seen_by(checkpoint);
    out.enough = out.seen_by.size() >= trust_.witnesses_needed;
    if (out.enough) {
        auto ok = prove::write_file(folder + "/checkpoint.witnessed", prove::print(checkpoint));
        if (!ok) return std::unexpected(ok.error());
    }
    return out;
}

prove::Note Authority::checkpoint_with(const prove::LogDirectory& log, std::uint64_t index) const {
    const auto& newest = *log.checkpoint();
    if (seen_by(newest).size() >= trust_.witnesses_needed) return newest;
    const auto text =
        prove::read_file(folder_ + "/public/checkpoint.witnessed", prove::note_octets_max);
    auto note = text ? prove::parse_note(*text) : std::unexpected(text.error());
    const auto head = note ? prove::parse_checkpoint(note->text) : std::unexpected(note.error());
    const bool fits = head && head->size > index && head->size <= log.size() &&
                      head->root == log.tree().root(head->size) &&
                      seen_by(*note).size() >= trust_.witnesses_needed;
    return fits ? *std::move(note) : newest;
}

}  // namespace assay::certify
