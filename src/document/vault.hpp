// A folder of encrypted documents, named by the SHA-256 of what is in them. Plain text never
// reaches the disk.
//
// A file: header of 116 bytes = "ASSAYVL1", id of the master key (8), nonce prefix (8), nonce of
// the wrapping (12), the document's own key wrapped by the master key (48), SHA-256 of the plain
// text (32); then chunks of 64 KiB, each AES-256-GCM with nonce = prefix || counter and associated
// data = counter || last?. So a cut, a swapped chunk, a renamed file, a flipped bit are all found.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crypto/aead.hpp"
#include "crypto/sha256.hpp"
#include "document/file.hpp"

namespace assay::document {

// 32 bytes in a file that only its owner can read (mode 0600 or stricter; anything else is an
// error of the kind usage).
base::Result<crypto::SecretKey> create_master_key(const std::filesystem::path& path);  // O_EXCL
base::Result<crypto::SecretKey> load_master_key(const std::filesystem::path& path);

struct Stored {
    crypto::Sha256 sha256{};
    std::uint64_t size = 0;  // of the plain text
    bool was_there = false;  // the same content was stored before, whole
};

class Vault {
  public:
    class Writer;
    class Document;
    // Fills the span as far as it can; 0: the end.
    using Reader = std::function<base::Result<std::size_t>(std::span<std::uint8_t>)>;

    // Creates the folder (0700) if there is none.
    static base::Result<Vault> open_folder(std::filesystem::path folder, crypto::SecretKey master);

    // More than `size_max` bytes: Error limit, and nothing is kept.
    base::Result<Writer> begin(std::uint64_t size_max) const;
    base::Result<Stored> put(const Reader& reader, std::uint64_t size_max) const;
    base::Result<Stored> put_file(const std::filesystem::path& path, std::uint64_t size_max) const;

    // Error usage: no such document. Error malformed: damaged, with the place.
    base::Result<Document> open(const crypto::Sha256& sha256) const;
    base::Result<void> verify(const crypto::Sha256& sha256) const;  // reads it all
    base::Result<void> remove(const crypto::Sha256& sha256) const;
    base::Result<std::vector<crypto::Sha256>> list() const;  // in order

    // Every document's key is wrapped anew; file by file, each atomically. After a crash, call it
    // again: what is done already is passed over. Returns how many files were changed.
    base::Result<std::size_t> rewrap(const crypto::SecretKey& new_master);

    // Removes what a crashed process left half written; a living writer's file stays.
    base::Result<std::size_t> remove_abandoned() const;

  private:
    Vault(std::filesystem::path folder, crypto::SecretKey master)
        : folder_(std::move(folder)), master_(master) {}
    std::filesystem::path path_of(const crypto::Sha256& sha256) const;

    std::filesystem::path folder_;
    crypto::SecretKey master_;
};

// One document on its way in. Dropped without finish(): nothing is kept.
class Vault::Writer {
  public:
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;
    ~Writer();
    base::Result<void> write(std::span<const std::uint8_t> bytes);
    // On return the document and its name are on the disk.
    base::Result<Stored> finish();

  private:
    friend class Vault;
    struct State;
    explicit Writer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// A document on its way out; every chunk is verified before a byte of it is given.
class Vault::Document final : public ByteSource {
  public:
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document() override;
    base::Result<std::uint64_t> size() override;
    base::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override;

  private:
    friend class Vault;
    struct State;
    explicit Document(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace assay::document
