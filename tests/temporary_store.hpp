// A store of its own for one test: SQLite in a folder or, where ASSAY_TEST_STORE is the address of
// a PostgreSQL server, a schema on it. The tests that use it are in the suite "any store".
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "store/session.hpp"
#include "temporary_folder.hpp"

namespace assay::test {

class TemporaryStore {
  public:
    TemporaryStore() {
        const char* server = std::getenv("ASSAY_TEST_STORE");
        if (server == nullptr) {
            url = "sqlite:" + folder.path + "/store.db";
            return;
        }
        static unsigned count = 0;
        server_ = server;
        schema_ = fmt::format("assay_test_{}_{}", getpid(), ++count);
        run("CREATE SCHEMA " + schema_);
        url = fmt::format("{}?options=-csearch_path%3D{}", server_, schema_);
    }
    TemporaryStore(const TemporaryStore&) = delete;
    TemporaryStore& operator=(const TemporaryStore&) = delete;
    ~TemporaryStore() {
        if (!schema_.empty()) run("DROP SCHEMA " + schema_ + " CASCADE");
    }

    TemporaryFolder folder;
    std::string url;

  private:
    void run(const std::string& statement) const {
        **store::connect(*store::parse_url(server_)) << statement;
    }
    std::string server_, schema_;
};

}  // namespace assay::test
