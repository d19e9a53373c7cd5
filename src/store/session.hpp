// SOCI without exceptions across rooms: errors of two databases as the kinds of ours.
#pragma once

#include <soci/soci.h>

#include <string>

#include "base/result.hpp"

namespace assay::store {

enum class Engine { sqlite, postgresql };

struct Address {
    Engine engine = Engine::sqlite;
    std::string connection;  // as SOCI wants it
    std::string path;        // of SQLite's file
};

base::Result<Address> parse_url(const std::string& url);

// What a caught soci_error means for the caller.
base::Error explain(const soci::soci_error& error);

// Runs `work`, which may throw what SOCI throws.
template <class Work>
auto guarded(Work work) -> base::Result<decltype(work())> {
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return {};
        } else {
            return work();
        }
    } catch (const soci::soci_error& error) {
        return std::unexpected(explain(error));
    } catch (const std::exception& error) {
        return base::fail(base::ErrorKind::internal, error.what());
    }
}

base::Result<std::unique_ptr<soci::session>> connect(const Address& address);

}  // namespace assay::store
