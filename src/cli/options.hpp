// Options that mean the same in every command (the contract is in docs/interface.md).
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace CLI {
class App;
}
namespace assay::certify {
class Store;
class Mailer;
struct MailerOptions;
}  // namespace assay::certify

namespace assay::cli {

// Everything that comes from outside the command line; main makes the real one.
struct World {
    std::ostream& out;
    std::ostream& err;
    std::istream& in;
    bool out_is_terminal = false, err_is_terminal = false;
    bool colour = false;
    unsigned columns = 0;  // of the terminal; 0: not known
    std::function<base::Moment()> now;
    std::function<std::uint32_t()> random;
    unsigned processors = 1;
    // Opens the store of cases at a URL.
    std::function<base::Result<std::unique_ptr<certify::Store>>(const std::string&)> open_store;
    // Makes ready to send letters.
    std::function<base::Result<std::unique_ptr<certify::Mailer>>(const certify::MailerOptions&)>
        open_mailer;
};

struct SourceOptions {
    std::vector<std::string> resolvers;
    bool recurse = false;
    std::optional<std::string> root_hints, trust_anchor;
    std::vector<std::string> zones;
    bool zones_then_live = false, allow_include = false;
    double timeout = 5;  // seconds, for one question

    void declare(CLI::App& command);
};

struct JudgeOptions {
    std::string profile = "uk-government";
    std::vector<std::string> only, skip;

    void declare(CLI::App& command);
};

// Exit codes of the contract.
inline constexpr int exit_met = 0;
inline constexpr int exit_not_met = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_cannot_tell = 3;
inline constexpr int exit_internal = 4;
// `certificate verify` uses 0 to 6 for its verdicts, so a wrong command line needs another.
inline constexpr int exit_verify_usage = 64;

}  // namespace assay::cli
