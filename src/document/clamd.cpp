#include "document/clamd.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "base/text.hpp"
#include "document/deadline.hpp"

namespace assay::document {

namespace {

using base::ErrorKind;

constexpr std::size_t chunk_octets = 64 * 1024;
constexpr std::size_t length_octets = 4;  // before each chunk, in network order

std::unexpected<base::Error> unreachable(const std::string& socket, std::string_view why) {
    return base::fail(ErrorKind::unreachable,
                      "the virus scanner at " + base::quote_for_display(socket) +
                          " cannot be asked: " + std::string(why) +
                          ". Nothing was kept. Start clamd, or correct its address");
}

std::unexpected<base::Error> unreachable(const std::string& socket, int code) {
    return unreachable(socket, std::generic_category().message(code));
}

base::Result<File> connect_to(const std::string& socket, const Deadline& deadline, int family,
                              const sockaddr* address, socklen_t size) {
    File out(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!out) return unreachable(socket, errno);
    if (::connect(out.descriptor(), address, size) == 0) return out;
    if (errno != EINPROGRESS) return unreachable(socket, errno);
    std::array<pollfd, 1> wanted{pollfd{out.descriptor(), POLLOUT, 0}};
    if (auto ready = deadline.wait(wanted); !ready)
        return unreachable(socket, ready.error().detail);
    int code = 0;
    socklen_t length = sizeof code;
    ::getsockopt(out.descriptor(), SOL_SOCKET, SO_ERROR, &code, &length);
    if (code != 0) return unreachable(socket, code);
    return out;
}

base::Result<File> open_unix(const std::string& socket, const Deadline& deadline) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() >= sizeof address.sun_path)
        return base::fail(ErrorKind::usage, "the path of the socket is too long: " + socket);
    std::ranges::copy(socket, address.sun_path);
    return connect_to(socket, deadline, AF_UNIX, reinterpret_cast<const sockaddr*>(&address),
                      sizeof address);
}

base::Result<File> open_tcp(const std::string& socket, const Deadline& deadline) {
    const auto colon = socket.rfind(':');
    if (colon == std::string::npos || !base::parse_decimal(socket.substr(colon + 1), 65'535)) {
        return base::fail(ErrorKind::usage,
                          "Write where the virus scanner is as /PATH/OF/SOCKET or as HOST:PORT");
    }
    auto host = socket.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const auto code = ::getaddrinfo(host.c_str(), socket.c_str() + colon + 1, &hints, &found);
    if (code != 0) return unreachable(socket, ::gai_strerror(code));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    base::Result<File> out = unreachable(socket, "it has no address");
    for (const auto* one = found; one != nullptr && !out; one = one->ai_next)
        out = connect_to(socket, deadline, one->ai_family, one->ai_addr, one->ai_addrlen);
    return out;
}

// One conversation: the document goes out while we listen, since clamd may refuse in the middle.
class Conversation {
  public:
    Conversation(const std::string& socket, File peer, ByteSource& source, ScanLimits limits)
        : socket_(socket), peer_(std::move(peer)), source_(source), limits_(limits) {}

    base::Result<Scanned> run(const Deadline& deadline);

  private:
    base::Result<void> fill();  // the next chunk, or the empty one that ends the stream
    void send();
    base::Result<bool> receive();  // true: the answer is there, or will not come

    const std::string& socket_;
    File peer_;
    ByteSource& source_;
    ScanLimits limits_;
    std::string pending_ = std::string("zINSTREAM\0", 10);
    std::string reply_;
    std::uint64_t offset_ = 0;
    bool all_read_ = false;
};

base::Result<void> Conversation::fill() {
    std::array<std::uint8_t, length_octets + chunk_octets> chunk{};
    ASSAY_TRY(const auto count, source_.read_at(offset_, std::span(chunk).subspan(length_octets)));
    for (std::size_t i = 0; i < length_octets; ++i)
        chunk[i] = static_cast<std::uint8_t>(count >> (8 * (length_octets - 1 - i)));
    pending_.append(reinterpret_cast<const char*>(chunk.data()), length_octets + count);
    offset_ += count;
    all_read_ = count == 0;
    if (offset_ <= limits_.octets_max) return {};
    return base::fail(ErrorKind::limit, "the document is larger than the limit of " +
                                            std::to_string(limits_.octets_max) + " bytes");
}

void Conversation::send() {
    const auto count = ::send(peer_.descriptor(), pending_.data(), pending_.size(), MSG_NOSIGNAL);
    if (count > 0) pending_.erase(0, static_cast<std::size_t>(count));
    // It listens no more; why, its answer says.
    if (count < 0 && errno != EAGAIN && errno != EINTR) pending_.clear();
}

base::Result<bool> Conversation::receive() {
    std::array<char, scan_reply_octets_max> buffer{};
    const auto count = ::recv(peer_.descriptor(), buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count < 0) return unreachable(socket_, errno);
    reply_.append(buffer.data(), static_cast<std::size_t>(count));
    if (reply_.size() > scan_reply_octets_max) {
        return base::fail(ErrorKind::malformed, "the virus scanner answers at too great a length");
    }
    return count == 0 || reply_.contains('\0');
}

base::Result<Scanned> Conversation::run(const Deadline& deadline) {
    bool sent_all = false;
    for (;;) {
        if (pending_.empty() && !sent_all) {
            sent_all = all_read_;
            if (!sent_all) {
                if (auto filled = fill(); !filled) return std::unexpected(filled.error());
            }
        }
        std::array<pollfd, 1> wanted{pollfd{peer_.descriptor(), POLLIN, 0}};
        if (!pending_.empty()) wanted[0].events |= POLLOUT;
        if (auto ready = deadline.wait(wanted); !ready) {
            return base::fail(ready.error().kind,
                              "the virus scanner at " + base::quote_for_display(socket_) +
                                  " gave no answer in time. Nothing was kept. Try again later");
        }
        if ((wanted[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            ASSAY_TRY(const auto ended, receive());
            if (ended) break;
        }
        if ((wanted[0].revents & POLLOUT) != 0) send();
    }
    const auto end = reply_.find('\0');
    if (end == std::string::npos) return unreachable(socket_, "it closed without an answer");
    ASSAY_TRY(auto scanned, parse_scan_reply(std::string_view(reply_).substr(0, end)));
    if (scanned.clean && !sent_all) {
        return base::fail(ErrorKind::malformed,
                          "the virus scanner answers before it has seen all of the document");
    }
    return scanned;
}

}  // namespace

base::Result<Scanned> parse_scan_reply(std::string_view reply) {
    constexpr std::string_view prefix = "stream: ";
    constexpr std::string_view found = "FOUND";
    if (reply == "stream: OK") return Scanned{.clean = true, .found = {}};
    const auto shown = base::quote_for_display(reply, 120);
    // Whatever else it says, this word is never passed over.
    if (reply.ends_with(found)) {
        reply.remove_suffix(found.size());
        if (reply.starts_with(prefix)) reply.remove_prefix(prefix.size());
        const auto name = base::quote_for_display(base::trim(reply), 120);
        return Scanned{.clean = false, .found = name.empty() ? "something without a name" : name};
    }
    if (reply.contains("size limit exceeded")) {
        return base::fail(ErrorKind::limit,
                          "the virus scanner takes smaller documents only. Raise StreamMaxLength "
                          "in clamd.conf, or attach a smaller file");
    }
    if (reply.ends_with("ERROR"))
        return base::fail(ErrorKind::server, "the virus scanner failed: " + shown);
    return base::fail(ErrorKind::malformed, "this is no answer of a virus scanner: " + shown);
}

base::Result<Scanned> scan(const std::string& socket, ByteSource& source, ScanLimits limits) {
    ASSAY_TRY(const auto deadline, Deadline::after(limits.timeout_ms));
    ASSAY_TRY(auto peer,
              socket.starts_with('/') ? open_unix(socket, deadline) : open_tcp(socket, deadline));
    return Conversation(socket, std::move(peer), source, limits).run(deadline);
}

}  // namespace assay::document
