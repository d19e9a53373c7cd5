#include "document/vault.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "document/vault_file.hpp"

namespace assay::document {

namespace {

using base::ErrorKind;
using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view incoming = ".incoming-";
constexpr std::string_view suffix = ".vault";

base::Error damaged(const std::filesystem::path& path, std::string_view why) {
    return {ErrorKind::malformed,
            path.string() + " is damaged: " + std::string(why) + "; restore it from a backup"};
}

// A new file for a writer. Its lock says that the writer lives: see remove_abandoned().
struct Incoming {
    File file;
    std::filesystem::path path;

    Incoming() = default;
    Incoming(Incoming&& other) noexcept
        : file(std::move(other.file)), path(std::exchange(other.path, {})) {}
    Incoming& operator=(Incoming&&) = delete;
    ~Incoming() {
        if (!path.empty()) ::unlink(path.c_str());
    }

    base::Result<void> become(const std::filesystem::path& final) {
        if (auto done = synchronise(file.descriptor(), path.string()); !done) return done;
        if (::rename(path.c_str(), final.c_str()) != 0) return system_error(final.string());
        path.clear();
        return synchronise_folder(final.parent_path());
    }
};

base::Result<Incoming> create_incoming(const std::filesystem::path& folder) {
    std::array<std::uint8_t, 16> name{};
    if (auto filled = crypto::fill_random(name); !filled) return std::unexpected(filled.error());
    const auto path = folder / (std::string(incoming) + base::hex_encode(name));
    Incoming out;
    out.file = File(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!out.file) return system_error(path.string());
    out.path = path;
    if (::flock(out.file.descriptor(), LOCK_EX) != 0) return system_error(path.string());
    return out;
}

base::Result<VaultHeader> header_of(int descriptor) {
    std::array<std::uint8_t, vault_header_size> bytes{};
    FileSource source(descriptor);
    ASSAY_TRY(const auto count, source.read_at(0, bytes));
    return read_header(std::span(bytes).first(count));
}

}  // namespace

struct Vault::Writer::State {
    const Vault vault;
    Incoming out;
    VaultHeader header{};
    crypto::SecretKey key{};
    crypto::Sha256Sum sum{};
    Bytes pending{};  // the chunk that grows; sealed only when it is known whether it is the last
    std::uint64_t chunks = 0;
    std::uint64_t size = 0;
    std::uint64_t size_max = 0;
    std::optional<base::Error> failure{};

    base::Result<void> flush(bool last) {
        ASSAY_TRY(const auto sealed,
                  crypto::seal_chunk(key, header.nonce_prefix, {chunks, last}, pending));
        ++chunks;
        pending.clear();
        return write_full(out.file.descriptor(), sealed);
    }
};

struct Vault::Document::State {
    File file;
    std::filesystem::path path;
    VaultHeader header;
    crypto::SecretKey key;
    std::uint64_t size = 0;    // of the plain text
    std::uint64_t chunks = 1;  // an empty document has one, empty
    std::optional<std::uint64_t> cached{};
    Bytes plain{};

    base::Result<void> load(std::uint64_t number);
};

base::Result<void> Vault::Document::State::load(std::uint64_t number) {
    if (cached == number) return {};
    cached.reset();
    Bytes sealed(vault_sealed_chunk_size);
    FileSource source(file.descriptor());
    ASSAY_TRY(const auto count,
              source.read_at(vault_header_size + number * vault_sealed_chunk_size, sealed));
    sealed.resize(count);
    auto opened =
        crypto::unseal_chunk(key, header.nonce_prefix, {number, number + 1 == chunks}, sealed);
    if (!opened) {
        if (opened.error().kind != ErrorKind::malformed) return std::unexpected(opened.error());
        return std::unexpected(damaged(path, "piece " + std::to_string(number + 1) + " of " +
                                                 std::to_string(chunks) +
                                                 " was changed, moved or cut off"));
    }
    plain = *std::move(opened);
    cached = number;
    return {};
}

Vault::Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Vault::Writer::Writer(Writer&&) noexcept = default;
Vault::Writer& Vault::Writer::operator=(Writer&&) noexcept = default;
Vault::Writer::~Writer() = default;
Vault::Document::Document(std::unique_ptr<State> state) : state_(std::move(state)) {}
Vault::Document::Document(Document&&) noexcept = default;
Vault::Document& Vault::Document::operator=(Document&&) noexcept = default;
Vault::Document::~Document() = default;

base::Result<void> Vault::Writer::write(std::span<const std::uint8_t> bytes) {
    auto& state = *state_;
    if (state.failure) return std::unexpected(*state.failure);
    const auto refuse = [&](base::Error error) -> base::Result<void> {
        state.failure = error;
        return std::unexpected(std::move(error));
    };
    if (bytes.size() > state.size_max - state.size) {
        return refuse({ErrorKind::limit, "the document is larger than the limit of " +
                                             std::to_string(state.size_max) + " bytes"});
    }
    state.size += bytes.size();
    state.sum.update(bytes);
    while (!bytes.empty()) {
        if (state.pending.size() == vault_chunk_size) {
            if (auto done = state.flush(false); !done) return refuse(done.error());
        }
        const auto part =
            bytes.first(std::min(bytes.size(), vault_chunk_size - state.pending.size()));
        state.pending.insert(state.pending.end(), part.begin(), part.end());
        bytes = bytes.subspan(part.size());
    }
    return {};
}

base::Result<Stored> Vault::Writer::finish() {
    auto& state = *state_;
    if (state.failure) return std::unexpected(*state.failure);
    state.failure = base::Error{ErrorKind::internal, "the document is finished already"};
    if (auto done = state.flush(true); !done) return std::unexpected(done.error());
    state.header.sha256 = state.sum.finish();
    Stored out{state.header.sha256, state.size, false};
    // A copy that is whole stays; a damaged one is replaced, so that storing again heals.
    if (state.vault.verify(out.sha256)) {
        out.was_there = true;
        return out;
    }
    if (auto done = wrap_key(state.header, state.vault.master_, state.key); !done) {
        return std::unexpected(done.error());
    }
    const auto descriptor = state.out.file.descriptor();
    if (::lseek(descriptor, 0, SEEK_SET) != 0) return system_error(state.out.path.string());
    if (auto done = write_full(descriptor, print(state.header)); !done) {
        return std::unexpected(done.error());
    }
    if (auto done = state.out.become(state.vault.path_of(out.sha256)); !done) {
        return std::unexpected(done.error());
    }
    return out;
}

base::Result<std::uint64_t> Vault::Document::size() {
    return state_->size;
}

base::Result<std::size_t> Vault::Document::read_at(std::uint64_t offset,
                                                   std::span<std::uint8_t> out) {
    std::size_t done = 0;
    while (done < out.size() && offset + done < state_->size) {
        const auto at = offset + done;
        if (auto loaded = state_->load(at / vault_chunk_size); !loaded) {
            return std::unexpected(loaded.error());
        }
        const auto rest = std::span(state_->plain).subspan(at % vault_chunk_size);
        const auto count = std::min(rest.size(), out.size() - done);
        std::ranges::copy(rest.first(count), out.subspan(done).begin());
        done += count;
    }
    return done;
}

base::Result<Vault> Vault::open_folder(std::filesystem::path folder, crypto::SecretKey master) {
    std::error_code failure;
    if (!std::filesystem::is_directory(folder, failure)) {
        if (::mkdir(folder.c_str(), 0700) != 0) return system_error(folder.string());
        const auto parent = std::filesystem::absolute(folder, failure).parent_path();
        if (auto done = synchronise_folder(parent); !done) return std::unexpected(done.error());
    }
    return Vault(std::move(folder), master);
}

std::filesystem::path Vault::path_of(const crypto::Sha256& sha256) const {
    return folder_ / (base::hex_encode(sha256) + std::string(suffix));
}

base::Result<Vault::Writer> Vault::begin(std::uint64_t size_max) const {
    ASSAY_TRY(auto file, create_incoming(folder_));
    auto state = std::make_unique<Writer::State>(*this, std::move(file));
    state->size_max = std::min(size_max, crypto::stream_chunks_max * vault_chunk_size);
    for (const auto random : {std::span<std::uint8_t>(state->key.bytes),
                              std::span<std::uint8_t>(state->header.nonce_prefix)}) {
        if (auto filled = crypto::fill_random(random); !filled)
            return std::unexpected(filled.error());
    }
    // Room for the header, which is written when the digest is known.
    const std::array<std::uint8_t, vault_header_size> room{};
    if (auto done = write_full(state->out.file.descriptor(), room); !done) {
        return std::unexpected(done.error());
    }
    return Writer(std::move(state));
}

base::Result<Stored> Vault::put(const Reader& reader, std::uint64_t size_max) const {
    ASSAY_TRY(auto writer, begin(size_max));
    Bytes buffer(vault_chunk_size);
    for (;;) {
        ASSAY_TRY(const auto count, reader(buffer));
        if (count == 0) break;
        if (auto done = writer.write(std::span(buffer).first(count)); !done) {
            return std::unexpected(done.error());
        }
    }
    return writer.finish();
}

base::Result<Stored> Vault::put_file(const std::filesystem::path& path,
                                     std::uint64_t size_max) const {
    ASSAY_TRY(const auto file, open_to_read(path));
    return put([&](std::span<std::uint8_t> out) { return read_full(file.descriptor(), out); },
               size_max);
}

base::Result<Vault::Document> Vault::open(const crypto::Sha256& sha256) const {
    const auto path = path_of(sha256);
    auto file = open_to_read(path);
    if (!file) {
        return base::fail(file.error().kind, "the vault cannot open " + file.error().detail);
    }
    auto header = header_of(file->descriptor());
    if (!header) return std::unexpected(damaged(path, header.error().detail));
    if (header->sha256 != sha256) {
        return std::unexpected(damaged(path, "the content is another than the name says"));
    }
    const auto key = unwrap_key(*header, master_);
    if (!key && key.error().kind == ErrorKind::malformed) {
        return std::unexpected(damaged(path, key.error().detail));
    }
    if (!key) return base::fail(key.error().kind, path.string() + ": " + key.error().detail);
    ASSAY_TRY(const auto bytes, FileSource(file->descriptor()).size());
    const auto body = bytes - vault_header_size;
    const auto chunks =
        std::max<std::uint64_t>(1, (body + vault_sealed_chunk_size - 1) / vault_sealed_chunk_size);
    if (body < chunks * crypto::gcm_tag_size || chunks > crypto::stream_chunks_max) {
        return std::unexpected(damaged(path, "its last piece is cut off"));
    }
    auto state = std::make_unique<Document::State>(*std::move(file), path, *header, *key,
                                                   body - chunks * crypto::gcm_tag_size, chunks);
    // The last piece vouches for the length, before anybody relies on it.
    if (auto loaded = state->load(chunks - 1); !loaded) return std::unexpected(loaded.error());
    return Document(std::move(state));
}

base::Result<void> Vault::verify(const crypto::Sha256& sha256) const {
    ASSAY_TRY(auto document, open(sha256));
    crypto::Sha256Sum sum;
    Bytes buffer(vault_chunk_size);
    for (std::uint64_t at = 0;;) {
        ASSAY_TRY(const auto count, document.read_at(at, buffer));
        if (count == 0) break;
        sum.update(std::span(buffer).first(count));
        at += count;
    }
    if (sum.finish() == sha256) return {};
    return std::unexpected(damaged(path_of(sha256), "its content has another SHA-256"));
}

base::Result<void> Vault::remove(const crypto::Sha256& sha256) const {
    const auto path = path_of(sha256);
    if (::unlink(path.c_str()) != 0) return system_error(path.string());
    return synchronise_folder(folder_);
}

base::Result<std::vector<crypto::Sha256>> Vault::list() const {
    std::vector<crypto::Sha256> out;
    std::error_code failure;
    for (std::filesystem::directory_iterator at(folder_, failure), end; !failure && at != end;
         at.increment(failure)) {
        const auto name = at->path().filename().string();
        if (!name.ends_with(suffix)) continue;
        const auto bytes =
            base::hex_decode(std::string_view(name).substr(0, name.size() - suffix.size()));
        if (!bytes || bytes->size() != crypto::Sha256().size()) continue;
        std::ranges::copy(*bytes, out.emplace_back().begin());
    }
    if (failure)
        return base::fail(ErrorKind::internal, folder_.string() + ": " + failure.message());
    std::ranges::sort(out);
    return out;
}

namespace {

// A copy with another header takes the place of the file: a crash leaves the old or the new one.
base::Result<void> replace_header(const std::filesystem::path& path, const File& from,
                                  const VaultHeader& header) {
    ASSAY_TRY(auto out, create_incoming(path.parent_path()));
    const auto descriptor = out.file.descriptor();
    if (auto done = write_full(descriptor, print(header)); !done) return done;
    FileSource source(from.descriptor());
    Bytes buffer(vault_sealed_chunk_size);
    for (std::uint64_t at = vault_header_size;;) {
        ASSAY_TRY(const auto count, source.read_at(at, buffer));
        if (count == 0) break;
        if (auto done = write_full(descriptor, std::span(buffer).first(count)); !done) return done;
        at += count;
    }
    return out.become(path);
}

}  // namespace

base::Result<std::size_t> Vault::rewrap(const crypto::SecretKey& new_master) {
    std::size_t changed = 0;
    ASSAY_TRY(const auto digests, list());
    for (const auto& digest : digests) {
        const auto path = path_of(digest);
        ASSAY_TRY(const auto file, open_to_read(path));
        auto header = header_of(file.descriptor());
        if (!header) return std::unexpected(damaged(path, header.error().detail));
        if (header->master_id == master_key_id(new_master)) continue;
        const auto key = unwrap_key(*header, master_);
        if (!key) return base::fail(key.error().kind, path.string() + ": " + key.error().detail);
        if (auto done = wrap_key(*header, new_master, *key); !done) {
            return std::unexpected(done.error());
        }
        if (auto done = replace_header(path, file, *header); !done) {
            return std::unexpected(done.error());
        }
        ++changed;
    }
    master_ = new_master;
    return changed;
}

base::Result<std::size_t> Vault::remove_abandoned() const {
    std::size_t removed = 0;
    std::error_code failure;
    for (std::filesystem::directory_iterator at(folder_, failure), end; !failure && at != end;
         at.increment(failure)) {
        if (!at->path().filename().string().starts_with(incoming)) continue;
        const auto file = open_to_read(at->path());
        if (!file || ::flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) continue;
        if (::unlink(at->path().c_str()) == 0) ++removed;
    }
    return removed;
}

base::Result<crypto::SecretKey> create_master_key(const std::filesystem::path& path) {
    crypto::SecretKey out;
    if (auto filled = crypto::fill_random(out.bytes); !filled)
        return std::unexpected(filled.error());
    const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) return system_error(path.string());
    std::error_code failure;
    const auto folder = std::filesystem::absolute(path, failure).parent_path();
    for (auto done : {write_full(file.descriptor(), out.bytes),
                      synchronise(file.descriptor(), path.string()), synchronise_folder(folder)}) {
        if (!done) return std::unexpected(done.error());
    }
    return out;
}

base::Result<crypto::SecretKey> load_master_key(const std::filesystem::path& path) {
    ASSAY_TRY(const auto file, open_to_read(path));
    struct stat status{};
    if (::fstat(file.descriptor(), &status) != 0) return system_error(path.string());
    if ((status.st_mode & 077) != 0 || status.st_uid != ::geteuid()) {
        return base::fail(ErrorKind::usage, path.string() +
                                                ": others may read this key; give it to the user "
                                                "that runs the program, with chmod 600");
    }
    crypto::SecretKey out;
    if (static_cast<std::size_t>(status.st_size) != out.bytes.size()) {
        return base::fail(ErrorKind::usage, path.string() + ": a master key has exactly 32 bytes");
    }
    ASSAY_TRY(const auto count, read_full(file.descriptor(), out.bytes));
    if (count == out.bytes.size()) return out;
    return base::fail(ErrorKind::usage, path.string() + ": a master key has exactly 32 bytes");
}

}  // namespace assay::document
