#include "store/database.hpp"

#include <fmt/format.h>

#include <mutex>
#include <vector>

#include "prove/log_directory.hpp"
#include "store/schema.hpp"
#include "store/session.hpp"

namespace assay::store {

namespace {

using certify::Event;
using certify::Filter;
using certify::Kind;
using certify::Message;
using certify::Row;

std::string_view table(Kind kind) {
    switch (kind) {
        case Kind::person: return "person";
        case Kind::organisation: return "organisation";
        case Kind::application: return "application";
        case Kind::certificate: return "certificate";
        case Kind::incident: return "incident";
    }
    return "";
}

template <class T>
T stored(const std::string& text, std::string_view what) {
    auto read = certify::from_json<T>(boost::json::parse(text), what);
    if (!read) throw std::runtime_error(read.error().detail);
    return *std::move(read);
}

// Connections that are open and at rest.
class Pool {
  public:
    explicit Pool(Address address) : address_(std::move(address)) {}

    base::Result<std::unique_ptr<soci::session>> take() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                auto session = std::move(idle_.back());
                idle_.pop_back();
                return session;
            }
        }
        return connect(address_);
    }
    void give_back(std::unique_ptr<soci::session> session) {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(session));
    }
    Engine engine() const { return address_.engine; }

  private:
    Address address_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<soci::session>> idle_;
};

class DatabaseTransaction : public certify::Transaction {
  public:
    DatabaseTransaction(std::shared_ptr<Pool> pool, std::unique_ptr<soci::session> session)
        : pool_(std::move(pool)), session_(std::move(session)) {}
    ~DatabaseTransaction() override {
        // A connection that cannot even roll back is not used again.
        if (open_ && !guarded([&] { sql() << "ROLLBACK"; })) return;
        pool_->give_back(std::move(session_));
    }

    base::Result<std::optional<Row>> find(Kind kind, std::string_view id) override;
    base::Result<std::vector<Row>> list(Kind kind, const Filter& filter) override;
    base::Result<void> save(Kind kind, const Row& row) override;
    base::Result<std::vector<Event>> events(std::string_view stream) override;
    base::Result<std::optional<Event>> last_event(std::string_view stream) override;
    base::Result<void> append(const Event& event) override;
    base::Result<void> keep(std::string_view sha256, std::string_view text) override;
    base::Result<std::optional<std::string>> kept(std::string_view sha256) override;
    base::Result<void> post(const Message& message) override;
    base::Result<std::vector<certify::Waiting>> waiting(base::Moment until,
                                                        std::size_t max) override;
    base::Result<void> mark_sent(std::string_view key, base::Moment at) override;
    base::Result<void> postpone(std::string_view key, base::Moment until,
                                std::string_view reason) override;
    base::Result<std::uint64_t> log_size() override;
    base::Result<std::uint64_t> append_entry(std::string_view entry) override;
    base::Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t max) override;
    base::Result<bool> claim_status(std::uint64_t index, std::string_view certificate) override;
    base::Result<std::uint64_t> next_number(std::string_view series) override;

    base::Result<void> commit() override {
        auto done = guarded([&] { sql() << "COMMIT"; });
        if (done) open_ = false;
        return done;
    }

  private:
    soci::session& sql() { return *session_; }

    std::shared_ptr<Pool> pool_;
    std::unique_ptr<soci::session> session_;
    bool open_ = true;
};

Row row_of(const soci::row& from) {
    Row out;
    out.id = from.get<std::string>(0);
    out.organisation = from.get<std::string>(1, "");
    out.state = from.get<std::string>(2);
    out.version = static_cast<std::uint64_t>(from.get<long long>(3));
    out.json = from.get<std::string>(4);
    return out;
}

base::Result<std::optional<Row>> DatabaseTransaction::find(Kind kind, std::string_view id) {
    return guarded([&]() -> std::optional<Row> {
        const std::string key(id);
        soci::rowset<soci::row> rows =
            (sql().prepare << "SELECT id, organisation, state, version, json FROM "
                           << std::string(table(kind)) << " WHERE id = :id",
             soci::use(key));
        for (const auto& row : rows)
            return row_of(row);
        return std::nullopt;
    });
}

base::Result<std::vector<Row>> DatabaseTransaction::list(Kind kind, const Filter& filter) {
    return guarded([&] {
        const std::string organisation = filter.organisation.value_or("");
        const std::string state = filter.state.value_or("");
        const long long any_organisation = filter.organisation ? 0 : 1;
        const long long any_state = filter.state ? 0 : 1;
        soci::rowset<soci::row> rows =
            (sql().prepare << "SELECT id, organisation, state, version, json FROM "
                           << std::string(table(kind))
                           << " WHERE (:ao = 1 OR organisation = :o) AND (:as = 1 OR state = :s) "
                              "ORDER BY id",
             soci::use(any_organisation, "ao"), soci::use(organisation, "o"),
             soci::use(any_state, "as"), soci::use(state, "s"));
        std::vector<Row> out;
        for (const auto& row : rows)
            out.push_back(row_of(row));
        return out;
    });
}

// The version in the condition is what makes two writers notice one another.
base::Result<void> DatabaseTransaction::save(Kind kind, const Row& row) {
    auto changed = guarded([&]() -> long long {
        const long long version = static_cast<long long>(row.version), next = version + 1;
        soci::indicator none = row.organisation.empty() ? soci::i_null : soci::i_ok;
        const std::string name(table(kind));
        if (row.version == 0) {
            sql() << "INSERT INTO " << name
                  << " (id, organisation, state, version, json) VALUES (:id, :o, :s, 1, :j)",
                soci::use(row.id), soci::use(row.organisation, none), soci::use(row.state),
                soci::use(row.json);
            return 1;
        }
        soci::statement update =
            (sql().prepare << "UPDATE " << name
                           << " SET organisation = :o, state = :s, json = :j, version = :n "
                              "WHERE id = :id AND version = :v",
             soci::use(row.organisation, none), soci::use(row.state), soci::use(row.json),
             soci::use(next), soci::use(row.id), soci::use(version));
        update.execute(true);
        return update.get_affected_rows();
    });
    if (!changed) return std::unexpected(changed.error());
    if (*changed == 1) return {};
    return base::fail(base::ErrorKind::conflict,
                      fmt::format("somebody else changed {} '{}' first. Read it again, then decide",
                                  table(kind), row.id));
}

base::Result<std::vector<Event>> DatabaseTransaction::events(std::string_view stream) {
    return guarded([&] {
        const std::string key(stream);
        soci::rowset<std::string> rows =
            (sql().prepare << "SELECT json FROM event WHERE stream = :s ORDER BY number",
             soci::use(key));
        std::vector<Event> out;
        for (const auto& text : rows)
            out.push_back(stored<Event>(text, "event"));
        return out;
    });
}

base::Result<std::optional<Event>> DatabaseTransaction::last_event(std::string_view stream) {
    return guarded([&]() -> std::optional<Event> {
        const std::string key(stream);
        std::string text;
        sql() << "SELECT json FROM event WHERE stream = :s ORDER BY number DESC LIMIT 1",
            soci::use(key), soci::into(text);
        if (!sql().got_data()) return std::nullopt;
        return stored<Event>(text, "event");
    });
}

base::Result<void> DatabaseTransaction::append(const Event& event) {
    return guarded([&] {
        const auto number = static_cast<long long>(event.number);
        const auto text = boost::json::serialize(certify::to_json(event));
        sql() << "INSERT INTO event (stream, number, json) VALUES (:s, :n, :j)",
            soci::use(event.stream), soci::use(number), soci::use(text);
    });
}

base::Result<void> DatabaseTransaction::keep(std::string_view sha256, std::string_view text) {
    return guarded([&] {
        const std::string key(sha256), content(text);
        sql() << "INSERT INTO kept (sha256, content) VALUES (:k, :c) ON CONFLICT (sha256) DO "
                 "NOTHING",
            soci::use(key), soci::use(content);
    });
}

base::Result<std::optional<std::string>> DatabaseTransaction::kept(std::string_view sha256) {
    return guarded([&]() -> std::optional<std::string> {
        const std::string key(sha256);
        std::string content;
        sql() << "SELECT content FROM kept WHERE sha256 = :k", soci::use(key), soci::into(content);
        if (!sql().got_data()) return std::nullopt;
        return content;
    });
}

base::Result<void> DatabaseTransaction::post(const Message& message) {
    return guarded([&] {
        const auto text = boost::json::serialize(certify::to_json(message));
        const auto not_before = base::print(message.not_before);
        sql() << "INSERT INTO outbox (key, not_before, tries, problem, json) VALUES (:k, :n, 0, "
                 "'', :j) ON CONFLICT (key) DO NOTHING",
            soci::use(message.key), soci::use(not_before), soci::use(text);
    });
}

// RFC 3339 in UTC orders as text.
base::Result<std::vector<certify::Waiting>> DatabaseTransaction::waiting(base::Moment until,
                                                                         std::size_t max) {
    return guarded([&] {
        const auto last = base::print(until);
        const auto limit = static_cast<long long>(max);
        soci::rowset<soci::row> rows =
            (sql().prepare << "SELECT json, not_before, tries, problem FROM outbox WHERE sent_at "
                              "IS NULL AND not_before <= :n ORDER BY not_before, key LIMIT :m",
             soci::use(last), soci::use(limit));
        std::vector<certify::Waiting> out;
        for (const auto& row : rows) {
            const auto not_before = base::parse_moment(row.get<std::string>(1));
            if (!not_before) throw std::runtime_error("the outbox holds a time that is none");
            out.push_back({.message = stored<Message>(row.get<std::string>(0), "message"),
                           .not_before = *not_before,
                           .tries = static_cast<std::uint64_t>(row.get<long long>(2)),
                           .problem = row.get<std::string>(3)});
        }
        return out;
    });
}

base::Result<void> DatabaseTransaction::mark_sent(std::string_view key, base::Moment at) {
    return guarded([&] {
        const std::string name(key), moment = base::print(at);
        sql() << "UPDATE outbox SET sent_at = :a WHERE key = :k", soci::use(moment),
            soci::use(name);
    });
}

base::Result<void> DatabaseTransaction::postpone(std::string_view key, base::Moment until,
                                                 std::string_view reason) {
    return guarded([&] {
        const std::string name(key), moment = base::print(until), why(reason);
        sql() << "UPDATE outbox SET not_before = :n, problem = :p, tries = tries + 1 WHERE key = "
                 ":k",
            soci::use(moment), soci::use(why), soci::use(name);
    });
}

base::Result<std::uint64_t> DatabaseTransaction::log_size() {
    return guarded([&] {
        long long size = 0;
        sql() << "SELECT COALESCE(MAX(number) + 1, 0) FROM log_entry", soci::into(size);
        return static_cast<std::uint64_t>(size);
    });
}

base::Result<std::uint64_t> DatabaseTransaction::append_entry(std::string_view entry) {
    if (entry.size() > prove::entry_octets_max) {
        return base::fail(base::ErrorKind::limit,
                          "this would make an entry of more than 64 kB in the public log. Shorten "
                          "the names and texts that stand in it");
    }
    ASSAY_TRY(const auto size, log_size());
    auto done = guarded([&] {
        const auto number = static_cast<long long>(size);
        const std::string content(entry);
        sql() << "INSERT INTO log_entry (number, content) VALUES (:n, :c)", soci::use(number),
            soci::use(content);
    });
    if (!done) return std::unexpected(done.error());
    return size;
}

base::Result<std::vector<std::string>> DatabaseTransaction::entries(std::uint64_t from,
                                                                    std::size_t max) {
    return guarded([&] {
        const auto first = static_cast<long long>(from), limit = static_cast<long long>(max);
        soci::rowset<std::string> rows =
            (sql().prepare << "SELECT content FROM log_entry WHERE number >= :f ORDER BY number "
                              "LIMIT :m",
             soci::use(first), soci::use(limit));
        return std::vector<std::string>(rows.begin(), rows.end());
    });
}

base::Result<bool> DatabaseTransaction::claim_status(std::uint64_t index,
                                                     std::string_view certificate) {
    return guarded([&] {
        const auto place = static_cast<long long>(index);
        const std::string number(certificate);
        soci::statement insert =
            (sql().prepare << "INSERT INTO status_place (place, certificate) VALUES (:p, :c) ON "
                              "CONFLICT (place) DO NOTHING",
             soci::use(place), soci::use(number));
        insert.execute(true);
        return insert.get_affected_rows() == 1;
    });
}

base::Result<std::uint64_t> DatabaseTransaction::next_number(std::string_view series) {
    return guarded([&] {
        const std::string name(series);
        long long last = 0;
        sql() << "INSERT INTO series (name, last) VALUES (:n, 1) ON CONFLICT (name) DO UPDATE SET "
                 "last = series.last + 1",
            soci::use(name);
        sql() << "SELECT last FROM series WHERE name = :n", soci::use(name), soci::into(last);
        return static_cast<std::uint64_t>(last);
    });
}

class Database : public certify::Store {
  public:
    explicit Database(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}

    base::Result<std::unique_ptr<certify::Transaction>> read() override {
        return begin(pool_->engine() == Engine::sqlite
                         ? std::vector<std::string>{"BEGIN"}
                         : std::vector<std::string>{"BEGIN ISOLATION LEVEL REPEATABLE READ"});
    }
    // One writer: the log has no gaps and an order, and commands take milliseconds.
    base::Result<std::unique_ptr<certify::Transaction>> write() override {
        if (pool_->engine() == Engine::sqlite) return begin({"BEGIN IMMEDIATE"});
        return begin(
            {"BEGIN", "SET LOCAL lock_timeout = '5s'", "SELECT pg_advisory_xact_lock(4712)"});
    }

  private:
    base::Result<std::unique_ptr<certify::Transaction>> begin(
        const std::vector<std::string>& statements) {
        ASSAY_TRY(auto session, pool_->take());
        auto begun = guarded([&] {
            for (const auto& statement : statements)
                *session << statement;
        });
        if (!begun) {
            (void)guarded([&] { *session << "ROLLBACK"; });
            return std::unexpected(begun.error());
        }
        return std::make_unique<DatabaseTransaction>(pool_, std::move(session));
    }

    std::shared_ptr<Pool> pool_;
};

}  // namespace

base::Result<std::unique_ptr<certify::Store>> open(const std::string& url) {
    ASSAY_TRY(const auto address, parse_url(url));
    auto pool = std::make_shared<Pool>(address);
    ASSAY_TRY(auto session, pool->take());
    if (auto migrated = migrate(*session, address.engine); !migrated)
        return std::unexpected(migrated.error());
    pool->give_back(std::move(session));
    return std::make_unique<Database>(std::move(pool));
}

}  // namespace assay::store
