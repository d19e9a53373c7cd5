#include "document/vault.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/text.hpp"
#include "document/vault_file.hpp"
#include "temporary_folder.hpp"

namespace assay::document {

namespace {

constexpr std::uint64_t size_max = 1 << 20;

std::string pattern(std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>(i * 7 + i / 251);
    return out;
}

base::Result<Stored> put(const Vault& vault, std::string_view text) {
    auto writer = vault.begin(size_max);
    REQUIRE(writer);
    // In odd pieces, as a network gives them.
    for (std::size_t at = 0; at < text.size(); at += 10'007) {
        if (auto done = writer->write(as_bytes(text.substr(at, 10'007))); !done)
            return std::unexpected(done.error());
    }
    return writer->finish();
}

base::Result<std::string> get(const Vault& vault, const crypto::Sha256& digest) {
    ASSAY_TRY(auto document, vault.open(digest));
    ASSAY_TRY(const auto size, document.size());
    std::string out(size, '\0');
    ASSAY_TRY(const auto count,
              document.read_at(0, {reinterpret_cast<std::uint8_t*>(out.data()), out.size()}));
    CHECK(count == size);
    return out;
}

struct World {
    test::TemporaryFolder folder;
    crypto::SecretKey key = create_master_key(folder / "key").value();
    Vault vault = Vault::open_folder(folder / "vault", key).value();
    std::filesystem::path file(const crypto::Sha256& digest) const {
        return folder / "vault" / (base::hex_encode(digest) + ".vault");
    }
};

}  // namespace

TEST_CASE("documents of every size around a chunk come back from the vault as they were") {
    World world;
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, vault_chunk_size - 1, vault_chunk_size,
          vault_chunk_size + 1, 3 * vault_chunk_size, 3 * vault_chunk_size + 12'345}) {
        CAPTURE(size);
        const auto text = pattern(size);
        const auto stored = put(world.vault, text).value();
        CHECK(stored.size == size);
        CHECK(!stored.was_there);
        CHECK(stored.sha256 == crypto::sha256(as_bytes(text)));
        CHECK(get(world.vault, stored.sha256) == text);
        CHECK(world.vault.verify(stored.sha256));
        if (size > 100) {
            CHECK(!test::read_file(world.file(stored.sha256)).contains(text.substr(0, 16)));
        }
    }
    CHECK(world.vault.list()->size() == 7);
}

TEST_CASE("a document of the vault can be read from any offset") {
    World world;
    const auto text = pattern(200'000);
    const auto stored = put(world.vault, text).value();
    auto document = world.vault.open(stored.sha256).value();
    for (const std::size_t at : {0UL, 65'500UL, 65'536UL, 131'000UL, 199'999UL, 200'000UL}) {
        std::string out(1000, '\0');
        const auto count =
            document.read_at(at, {reinterpret_cast<std::uint8_t*>(out.data()), out.size()}).value();
        out.resize(count);
        CHECK(out == text.substr(at, 1000));
    }
}

TEST_CASE("storing the same content twice keeps one file, and heals a damaged one") {
    World world;
    const auto first = put(world.vault, "the same").value();
    const auto bytes = test::read_file(world.file(first.sha256));
    CHECK(put(world.vault, "the same")->was_there);
    CHECK(test::read_file(world.file(first.sha256)) == bytes);
    test::write_file(world.file(first.sha256), bytes.substr(0, bytes.size() - 1));
    CHECK(!put(world.vault, "the same")->was_there);
    CHECK(get(world.vault, first.sha256) == "the same");
    CHECK(world.vault.list()->size() == 1);
}

TEST_CASE("every kind of damage to a vault file is found and said") {
    World world;
    const auto text = pattern(3 * vault_chunk_size);
    const auto stored = put(world.vault, text).value();
    const auto path = world.file(stored.sha256);
    const auto bytes = test::read_file(path);
    const auto after = [&](const std::string& changed) {
        test::write_file(path, changed);
        const auto done = world.vault.verify(stored.sha256);
        REQUIRE(!done);
        CHECK(done.error().detail.contains("damaged"));
        CHECK(done.error().kind == base::ErrorKind::malformed);
        return done.error().detail;
    };
    for (std::size_t at = 0; at < bytes.size(); at += at < vault_header_size + 40 ? 1 : 4'099) {
        CAPTURE(at);
        if (at >= 8 && at < 16) continue;  // says that another master key is needed
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        after(changed);
    }
    const auto chunk = vault_sealed_chunk_size;
    CHECK(after(bytes.substr(0, vault_header_size + 2 * chunk)).contains("piece 2 of 2"));
    after(bytes.substr(0, vault_header_size));
    after(bytes.substr(0, 50));
    after("");
    after(bytes + "x");
    after(bytes.substr(0, vault_header_size) + bytes.substr(vault_header_size + chunk, chunk) +
          bytes.substr(vault_header_size, chunk) + bytes.substr(vault_header_size + 2 * chunk));
    const auto other = put(world.vault, "another").value();
    CHECK(after(test::read_file(world.file(other.sha256))).contains("name"));
    CHECK(after("x" + bytes).contains("start"));
}

TEST_CASE("what is too large or given up leaves nothing in the vault") {
    World world;
    auto writer = world.vault.begin(10).value();
    CHECK(writer.write(as_bytes("0123456789")));
    CHECK(writer.write(as_bytes("x")).error().kind == base::ErrorKind::limit);
    CHECK(writer.finish().error().kind == base::ErrorKind::limit);
    {
        auto dropped = world.vault.begin(10).value();
    }
    test::write_file(world.folder / "vault" / ".incoming-dead", "left by a crash");
    CHECK(world.vault.remove_abandoned() == 1);  // not the one of the living writer
    writer = world.vault.begin(10).value();
    CHECK(writer.write(as_bytes("0123456789")));
    CHECK(writer.finish());
    CHECK(world.vault.list()->size() == 1);
    CHECK(std::distance(std::filesystem::directory_iterator(world.folder / "vault"), {}) == 1);
    CHECK(world.vault.remove(world.vault.list()->front()));
    CHECK(world.vault.list()->empty());
}

TEST_CASE("a new master key opens every document, the old one none") {
    World world;
    const auto a = put(world.vault, "first").value();
    const auto b = put(world.vault, pattern(100'000)).value();
    const auto next = create_master_key(world.folder / "next").value();
    CHECK(world.vault.rewrap(next) == 2);
    CHECK(world.vault.rewrap(next) == 0);
    CHECK(get(world.vault, a.sha256) == "first");
    CHECK(world.vault.verify(b.sha256));
    const auto old = Vault::open_folder(world.folder / "vault", world.key).value();
    CHECK(old.open(a.sha256).error().detail.contains("another master key"));
}

TEST_CASE("a master key that others can read, or of another length, is refused") {
    test::TemporaryFolder folder;
    const auto path = folder / "key";
    const auto key = create_master_key(path).value();
    CHECK(load_master_key(path)->bytes == key.bytes);
    CHECK(!create_master_key(path));
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    CHECK(load_master_key(path).error().detail.contains("chmod 600"));
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    test::write_file(path, "short");
    CHECK(load_master_key(path).error().detail.contains("32 bytes"));
    std::filesystem::create_symlink(path, folder / "link");
    CHECK(!load_master_key(folder / "link"));
    CHECK(!load_master_key(folder / "none"));
}

TEST_CASE("files are put by their path, and a document that is not there is said to be so") {
    World world;
    test::write_file(world.folder / "in", "text");
    const auto stored = world.vault.put_file(world.folder / "in", size_max).value();
    CHECK(get(world.vault, stored.sha256) == "text");
    CHECK(!world.vault.put_file(world.folder / "nothing", size_max));
    CHECK(world.vault.open(crypto::Sha256{}).error().kind == base::ErrorKind::usage);
}

}  // namespace assay::document
