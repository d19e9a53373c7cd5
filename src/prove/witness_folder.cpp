#include "prove/witness_folder.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/text.hpp"
#include "prove/file_lock.hpp"
#include "prove/log_directory.hpp"

namespace assay::prove {

base::Result<void> WitnessFolder::create(const std::string& folder, const std::string& name) {
    if (std::filesystem::exists(folder + "/vkey")) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("There is a witness in {} already", folder));
    }
    ASSAY_TRY(auto key, crypto::PrivateKey::generate(crypto::KeyKind::ed25519));
    const WitnessKey made{name, std::move(key)};
    if (!parse_verifier(print(made.verifier()))) {
        return base::fail(base::ErrorKind::usage,
                          "The name of a witness has no blank and no plus sign, such as "
                          "witness.example.gov.uk");
    }
    std::error_code failure;
    const bool is_new = !std::filesystem::exists(folder);
    std::filesystem::create_directories(folder + "/logs", failure);
    if (is_new) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
    if (auto ok = crypto::write_key_file(folder + "/key.pem", made.key); !ok) return ok;
    return write_file(folder + "/vkey", print(made.verifier()) + "\n");
}

base::Result<WitnessFolder> WitnessFolder::open(const std::string& folder) {
    WitnessFolder out;
    out.folder_ = folder;
    ASSAY_TRY(const auto text, read_file(folder + "/vkey", note_octets_max));
    const auto verifier = parse_verifier(base::trim(text));
    ASSAY_TRY(auto key, crypto::read_key_file(folder + "/key.pem"));
    out.key_ = {verifier ? verifier->name : "", std::move(key)};
    if (!verifier || print(out.verifier()) != print(*verifier)) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{0}/vkey is not of the key in {0}/key.pem", folder));
    }
    return out;
}

std::string WitnessFolder::path_of(const std::string& origin) const {
    return fmt::format("{}/logs/{}", folder_, crypto::sha256_hex(origin));
}

base::Result<WitnessedLogs> WitnessFolder::load(const std::vector<Verifier>& logs) const {
    if (logs.size() > witness_logs_max)
        return base::fail(base::ErrorKind::limit, "A witness looks after 1,000 logs at most");
    WitnessedLogs out;
    for (const auto& one : logs) {
        auto& log = out[one.name];
        log.keys.push_back(one);
        const auto path = path_of(one.name);
        if (!std::filesystem::exists(path)) continue;
        ASSAY_TRY(const auto text, read_file(path, note_octets_max));
        const auto note = parse_note(text);
        const auto head = note ? parse_checkpoint_head(note->text) : std::unexpected(note.error());
        if (!head || head->origin != one.name || !is_signed_by(*note, verifier())) {
            return base::fail(base::ErrorKind::malformed,
                              fmt::format("{} is not a checkpoint that this witness signed. Bring "
                                          "the file back before the witness signs again",
                                          path));
        }
        log.size = head->size;
        log.root = head->root;
    }
    return out;
}

base::Result<WitnessAnswer> WitnessFolder::answer(std::string_view body,
                                                  const std::vector<Verifier>& logs,
                                                  base::Moment at) const {
    ASSAY_TRY(const auto lock, FileLock::take(folder_ + "/lock"));
    ASSAY_TRY(const auto known, load(logs));
    auto step = add_checkpoint(body, known, key_, at);
    if (step.keep) {
        ASSAY_TRY(const auto head, parse_checkpoint_head(step.keep->text));
        if (auto kept = write_file(path_of(head.origin), print(*step.keep)); !kept)
            return std::unexpected(kept.error());
    }
    return std::move(step.answer);
}

}  // namespace assay::prove
