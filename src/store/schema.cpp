#include "store/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace assay::store {

namespace {

using Step = std::vector<std::string_view>;

const Step first = {
    "CREATE TABLE organisation (id TEXT PRIMARY KEY, organisation TEXT, state TEXT NOT NULL, "
    "version BIGINT NOT NULL, json TEXT NOT NULL)",
    "CREATE TABLE person (id TEXT PRIMARY KEY, organisation TEXT REFERENCES organisation (id), "
    "state TEXT NOT NULL, version BIGINT NOT NULL, json TEXT NOT NULL)",
    "CREATE TABLE application (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES "
    "organisation (id), state TEXT NOT NULL, version BIGINT NOT NULL, json TEXT NOT NULL)",
    "CREATE TABLE certificate (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES "
    "organisation (id), state TEXT NOT NULL, version BIGINT NOT NULL, json TEXT NOT NULL)",
    "CREATE TABLE incident (id TEXT PRIMARY KEY, organisation TEXT NOT NULL REFERENCES "
    "organisation (id), state TEXT NOT NULL, version BIGINT NOT NULL, json TEXT NOT NULL)",
    "CREATE INDEX application_organisation ON application (organisation)",
    "CREATE INDEX certificate_state ON certificate (state)",
    "CREATE TABLE event (stream TEXT NOT NULL, number BIGINT NOT NULL, json TEXT NOT NULL, "
    "PRIMARY KEY (stream, number))",
    "CREATE TABLE kept (sha256 TEXT PRIMARY KEY, content TEXT NOT NULL)",
    "CREATE TABLE outbox (key TEXT PRIMARY KEY, not_before TEXT NOT NULL, sent_at TEXT, "
    "tries BIGINT NOT NULL, problem TEXT NOT NULL, json TEXT NOT NULL)",
    "CREATE TABLE log_entry (number BIGINT PRIMARY KEY, content TEXT NOT NULL)",
    "CREATE TABLE status_place (place BIGINT PRIMARY KEY, certificate TEXT NOT NULL)",
    "CREATE TABLE series (name TEXT PRIMARY KEY, last BIGINT NOT NULL)",
};

const std::array<const Step*, 1> steps{&first};

unsigned current(soci::session& session) {
    session << "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)";
    long long version = 0;
    session << "SELECT COALESCE(MAX(version), 0) FROM schema_version", soci::into(version);
    return static_cast<unsigned>(version);
}

}  // namespace

unsigned schema_steps() {
    return steps.size();
}

base::Result<void> migrate_to(soci::session& session, Engine engine, unsigned step) {
    auto done = guarded([&]() -> unsigned {
        session << (engine == Engine::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
        if (engine == Engine::postgresql) session << "SELECT pg_advisory_xact_lock(4711)";
        const unsigned from = current(session);
        for (unsigned i = from; i < step; ++i) {
            for (const auto statement : *steps[i])
                session << std::string(statement);
            const long long number = i + 1;
            session << "INSERT INTO schema_version (version) VALUES (:version)", soci::use(number);
        }
        session << "COMMIT";
        return from;
    });
    if (!done) {
        (void)guarded([&] { session << "ROLLBACK"; });
        return std::unexpected(done.error());
    }
    if (*done <= step) return {};
    return base::fail(base::ErrorKind::usage,
                      fmt::format("The store has schema {} and this program knows {}. Use a newer "
                                  "release of the program",
                                  *done, step));
}

base::Result<void> migrate(soci::session& session, Engine engine) {
    return migrate_to(session, engine, schema_steps());
}

}  // namespace assay::store
