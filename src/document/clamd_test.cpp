#include "document/clamd.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "temporary_folder.hpp"

namespace assay::document {

namespace {

using base::ErrorKind;

class TextSource final : public ByteSource {
  public:
    explicit TextSource(std::string text) : text_(std::move(text)) {}
    base::Result<std::uint64_t> size() override { return text_.size(); }
    base::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
        const auto rest = as_bytes(text_).subspan(std::min<std::size_t>(offset, text_.size()));
        const auto count = std::min(rest.size(), out.size());
        std::ranges::copy(rest.first(count), out.begin());
        return count;
    }

  private:
    std::string text_;
};

std::string receive(int peer, std::size_t size) {
    std::string out(size, '\0');
    const auto bytes = std::span(reinterpret_cast<std::uint8_t*>(out.data()), out.size());
    out.resize(read_full(peer, bytes).value_or(0));
    return out;
}

// What came in a stream of chunks, with "..." behind it if it did not end as it should.
std::string receive_stream(int peer) {
    std::string out;
    for (;;) {
        const auto length = receive(peer, 4);
        if (length.size() < 4) return out + "...";
        std::size_t size = 0;
        for (const char c : length)
            size = size << 8 | static_cast<unsigned char>(c);
        if (size == 0) return out;
        out += receive(peer, size);
    }
}

// A scanner that has one conversation on a Unix socket in a folder of its own.
class FakeScanner {
  public:
    explicit FakeScanner(std::function<void(int peer)> talk) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::ranges::copy(path(), address.sun_path);
        REQUIRE(::bind(listener_.descriptor(), reinterpret_cast<const sockaddr*>(&address),
                       sizeof address) == 0);
        REQUIRE(::listen(listener_.descriptor(), 1) == 0);
        thread_ = std::thread([this, talk = std::move(talk)] {
            const File peer(::accept(listener_.descriptor(), nullptr, nullptr));
            if (peer) talk(peer.descriptor());
        });
    }
    ~FakeScanner() {
        ::shutdown(listener_.descriptor(), SHUT_RDWR);
        thread_.join();
    }
    std::string path() const { return (folder_ / "clamd").string(); }

  private:
    test::TemporaryFolder folder_;
    File listener_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::thread thread_;
};

void say(int peer, std::string_view text) {
    ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
}

base::Result<Scanned> scan_text(const FakeScanner& scanner, std::string text,
                                ScanLimits limits = {}) {
    TextSource source(std::move(text));
    return scan(scanner.path(), source, limits);
}

constexpr std::string_view ok("stream: OK\0", 11);

}  // namespace

TEST_CASE("only one reply of a virus scanner means that a document is clean") {
    CHECK(parse_scan_reply("stream: OK").value().clean);
    for (const auto* text :
         {"", "OK", "stream: OK ", " stream: OK", "stream: OK\n", "stream: ok", "stream:OK",
          "stream: OK\nstream: OK", "PONG", "UNKNOWN COMMAND", "stream: OK ERROR",
          "INSTREAM size limit exceeded. ERROR", "stream: FOUND OK", "stream: Eicar FOUND",
          "stream: OK FOUND", "FOUND", "stream: \x1b[31m FOUND", "stream:  FOUND"}) {
        CAPTURE(std::string(text));
        const auto reply = parse_scan_reply(text);
        CHECK((!reply || !reply->clean));
    }
    CHECK(!parse_scan_reply(std::string_view("stream: OK\0", 11)));
}

TEST_CASE("the name of what was found is told, and nothing in it reaches a terminal") {
    CHECK(parse_scan_reply("stream: Example-Test FOUND")->found == "Example-Test");
    CHECK(parse_scan_reply("stream: A(0123:68) FOUND")->found == "A(0123:68)");
    CHECK(parse_scan_reply("stream: OK FOUND")->found == "OK");
    CHECK(parse_scan_reply("stream: \x1b[31mX FOUND")->found == "\\x1b[31mX");
    CHECK(parse_scan_reply("stream:  FOUND")->found == "something without a name");
    CHECK(parse_scan_reply("FOUND")->found == "something without a name");
    CHECK(parse_scan_reply("stream: " + std::string(900, 'x') + " FOUND")->found.size() <= 123);
}

TEST_CASE("what a virus scanner cannot do is an error, by its kind") {
    CHECK(parse_scan_reply("INSTREAM size limit exceeded. ERROR").error().kind == ErrorKind::limit);
    CHECK(parse_scan_reply("stream: Can't allocate memory ERROR").error().kind ==
          ErrorKind::server);
    CHECK(parse_scan_reply("HTTP/1.1 400 Bad Request").error().kind == ErrorKind::malformed);
}

TEST_CASE("a document of any size goes to the virus scanner whole, in chunks that end") {
    for (const std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 1'000'000UL}) {
        CAPTURE(size);
        std::string command, got;
        const std::string text(size, 'x');
        {
            const FakeScanner scanner([&](int peer) {
                command = receive(peer, 10);
                got = receive_stream(peer);
                say(peer, ok);
            });
            CHECK(scan_text(scanner, text).value().clean);
        }
        CHECK(command == std::string("zINSTREAM\0", 10));
        CHECK((got == text));
    }
}

TEST_CASE("a virus scanner that stops in the middle is heard") {
    const FakeScanner scanner([](int peer) {
        receive(peer, 100);
        say(peer, std::string_view("INSTREAM size limit exceeded. ERROR\0", 36));
    });
    CHECK(scan_text(scanner, std::string(8'000'000, 'x')).error().kind == ErrorKind::limit);
}

TEST_CASE("a virus scanner that says clean before it has seen all is not believed") {
    const FakeScanner scanner([](int peer) { say(peer, ok); });
    CHECK(scan_text(scanner, std::string(8'000'000, 'x')).error().kind == ErrorKind::malformed);
}

TEST_CASE("a virus scanner that gives no answer, or too long a one, says nothing of a document") {
    {
        const FakeScanner scanner([](int peer) {
            receive(peer, 10);
            receive_stream(peer);
        });
        CHECK(scan_text(scanner, "x").error().kind == ErrorKind::unreachable);
    }
    {
        const FakeScanner scanner([](int peer) {
            receive(peer, 10);
            receive_stream(peer);
            say(peer, "stream: OK");  // without the end of an answer
        });
        CHECK(scan_text(scanner, "x").error().detail.contains("closed without an answer"));
    }
    {
        const FakeScanner scanner([](int peer) {
            receive(peer, 10);
            receive_stream(peer);
            say(peer, std::string(100'000, 'x'));
        });
        CHECK(scan_text(scanner, "x").error().kind == ErrorKind::malformed);
    }
    {
        const FakeScanner scanner([](int peer) {
            while (!receive(peer, 65'536).empty()) {
            }
        });
        CHECK(scan_text(scanner, std::string(8'000'000, 'x'), {.timeout_ms = 20}).error().kind ==
              ErrorKind::timeout);
    }
}

TEST_CASE("a virus scanner that is not there is an error that says what to do") {
    TextSource source("x");
    const test::TemporaryFolder folder;
    const auto missing = scan((folder / "none").string(), source);
    CHECK(missing.error().kind == ErrorKind::unreachable);
    CHECK(missing.error().detail.contains("Start clamd"));
    CHECK(scan("127.0.0.1:1", source).error().kind == ErrorKind::unreachable);
    CHECK(scan("[::1]:1", source).error().kind == ErrorKind::unreachable);
    CHECK(scan("nowhere", source).error().kind == ErrorKind::usage);
    CHECK(scan("127.0.0.1:x", source).error().kind == ErrorKind::usage);
    CHECK(scan("/" + std::string(200, 'x'), source).error().kind == ErrorKind::usage);
}

TEST_CASE("a document above the limit is not called clean") {
    const FakeScanner scanner([](int peer) { receive(peer, 10), receive_stream(peer); });
    CHECK(scan_text(scanner, "0123456789", {.octets_max = 9}).error().kind == ErrorKind::limit);
}

}  // namespace assay::document
