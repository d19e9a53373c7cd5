#include "store/session.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include "base/text.hpp"

namespace assay::store {

namespace {

constexpr int busy_timeout_s = 5;  // ours: commands take milliseconds

// SQLSTATE: unique violation, serialization failure, deadlock, lock not available.
bool is_conflict(std::string_view state) {
    return state == "23505" || state == "40001" || state == "40P01" || state == "55P03";
}

// SOCI takes libpq's keywords and values, and reads a URL wrongly.
base::Result<Address> postgresql_address(const std::string& url) {
    char* problem = nullptr;
    PQconninfoOption* options = PQconninfoParse(url.c_str(), &problem);
    if (options == nullptr) {
        const std::string why = problem != nullptr ? problem : "no memory";
        PQfreemem(problem);
        return base::fail(base::ErrorKind::usage,
                          fmt::format("The store's address is wrong: {}", base::trim(why)));
    }
    std::string out;
    for (const auto* one = options; one->keyword != nullptr; ++one) {
        if (one->val == nullptr) continue;
        out += fmt::format("{}{}='", out.empty() ? "" : " ", one->keyword);
        for (const char* c = one->val; *c != '\0'; ++c) {
            if (*c == '\'' || *c == '\\') out += '\\';
            out += *c;
        }
        out += '\'';
    }
    PQconninfoFree(options);
    return Address{Engine::postgresql, out, {}};
}

}  // namespace

base::Result<Address> parse_url(const std::string& url) {
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return postgresql_address(url);
    std::string path = url.starts_with("sqlite:") ? url.substr(7) : url;
    if (path.starts_with("//")) path = path.substr(2);
    if (path.empty() || path.find("://") != std::string::npos ||
        path.find_first_of(" '\"\\") != std::string::npos) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("'{}' is not a store. Write sqlite:PATH, without blanks and "
                                      "quotes, or postgresql://USER@HOST/DATABASE",
                                      base::quote_for_display(url)));
    }
    return Address{Engine::sqlite, fmt::format("db={} timeout={}", path, busy_timeout_s), path};
}

base::Error explain(const soci::soci_error& error) {
    const auto conflict = [] {
        return base::Error{base::ErrorKind::conflict,
                           "somebody else changed the same at the same time. Read it again, then "
                           "decide"};
    };
    if (const auto* lite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
        const int code = lite->result() & 0xff;
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_CONSTRAINT)
            return conflict();
        return {base::ErrorKind::server, std::string("the store failed: ") + error.what()};
    }
    if (const auto* pg = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
        if (is_conflict(pg->sqlstate())) return conflict();
        return {base::ErrorKind::server, std::string("the store failed: ") + error.what()};
    }
    return {base::ErrorKind::server, std::string("the store failed: ") + error.what()};
}

base::Result<std::unique_ptr<soci::session>> connect(const Address& address) {
    return guarded([&] {
        auto session = std::make_unique<soci::session>();
        if (address.engine == Engine::postgresql) {
            session->open(soci::postgresql, address.connection);
            *session << "SET client_min_messages = warning";
            *session << "SET synchronous_commit = on";
        } else {
            // Names and letters are for the owner alone; SQLite's other files follow this one.
            const int made =
                ::open(address.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
            if (made >= 0) ::close(made);
            session->open(soci::sqlite3, address.connection);
            // What is acknowledged is on the disk, and readers never wait for the writer.
            *session << "PRAGMA journal_mode = WAL";
            *session << "PRAGMA synchronous = FULL";
            *session << "PRAGMA foreign_keys = ON";
        }
        return session;
    });
}

}  // namespace assay::store
