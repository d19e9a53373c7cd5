// `assay case COMMAND`: the compliance process as a script, JSON in and out.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <iterator>

#include "base/text.hpp"
#include "cli/case_options.hpp"
#include "cli/commands.hpp"
#include "document/clamd.hpp"
#include "document/pdf_check.hpp"
#include "document/vault.hpp"

namespace assay::cli {

namespace {

namespace json = boost::json;

constexpr std::size_t body_octets_max = 4u << 20;  // as the office has it

constexpr const char* exit_codes =
    "Exit codes: 0 done; 1 refused by a rule, which the answer names; 2 the command, its body or\n"
    "its time is wrong, or there is no such thing for you; 3 somebody else changed it first;\n"
    "4 internal failure, or the virus scanner could not be asked.";

struct CommandOptions : CaseOptions {
    std::string command, body, file, clamd;
    std::optional<std::uint64_t> version;
};

base::Result<json::object> read_body(const CommandOptions& options, World& world) {
    std::string text = options.body;
    if (text == "-") {
        text.resize(body_octets_max + 1);
        world.in.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(world.in.gcount()));
        if (text.size() > body_octets_max)
            return base::fail(base::ErrorKind::limit, "The body is longer than 4 MB");
    } else if (text.starts_with('@')) {
        ASSAY_TRY(auto file, prove::read_file(text.substr(1), body_octets_max));
        text = std::move(file);
    }
    if (text.empty()) return json::object{};
    boost::system::error_code failure;
    auto value = json::parse(text, failure);
    if (failure || !value.is_object()) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("The body must be a JSON object: {}",
                                      failure ? failure.message() : "it is another value"));
    }
    return std::move(value.get_object());
}

constexpr std::uint64_t document_octets_max = 1u << 30;  // ours; a scheme may allow less

// The vault of the authority, made with its key on first use.
base::Result<document::Vault> open_vault(const CommandOptions& options) {
    const auto key = options.authority + "/keys/documents.key";
    if (!std::filesystem::exists(key)) {
        ASSAY_TRY(const auto made, document::create_master_key(key));
        return document::Vault::open_folder(options.authority + "/documents", made);
    }
    ASSAY_TRY(const auto master, document::load_master_key(key));
    return document::Vault::open_folder(options.authority + "/documents", master);
}

// Error usage: something was found in it.
base::Result<void> scan_file(const CommandOptions& options, document::ByteSource& source) {
    ASSAY_TRY(const auto scanned,
              document::scan(options.clamd, source, {.octets_max = document_octets_max}));
    if (scanned.clean) return {};
    return base::fail(base::ErrorKind::usage,
                      fmt::format("{}: the virus scanner found {}. Nothing was kept. Do not open "
                                  "the file; ask whoever made it for a clean copy",
                                  options.file, scanned.found));
}

// Has the PDF scanned, looks at it, keeps it encrypted, and adds what is known of it to the body.
// The name of the document in the vault, where it was not there before.
base::Result<std::optional<crypto::Sha256>> keep_file(const CommandOptions& options,
                                                      json::object& body) {
    ASSAY_TRY(const auto file, document::open_to_read(options.file));
    document::FileSource source(file.descriptor());
    if (!options.clamd.empty()) {
        if (auto clean = scan_file(options, source); !clean) return std::unexpected(clean.error());
    }
    ASSAY_TRY(const auto judged, document::check_pdf(source, document_octets_max));
    if (!judged) {
        std::string all;
        for (const auto& fault : judged.error())
            all += (all.empty() ? "" : " ") + fault.detail;
        if (all.ends_with('.')) all.pop_back();
        return base::fail(base::ErrorKind::usage, fmt::format("{}: {}", options.file, all));
    }
    ASSAY_TRY(const auto vault, open_vault(options));
    const auto whole = [&](std::span<std::uint8_t> out) {
        return document::read_full(file.descriptor(), out);
    };
    ASSAY_TRY(const auto stored, vault.put(whole, document_octets_max));
    if (stored.sha256 != judged->sha256) {
        if (!stored.was_there) (void)vault.remove(stored.sha256);
        return base::fail(base::ErrorKind::usage,
                          options.file + ": the file changed while it was read; attach it again");
    }
    body["sha256"] = base::hex_encode(stored.sha256);
    body["octets"] = stored.size;
    body["pages"] = judged->pages;
    body["searchable"] = judged->searchable();
    if (!body.contains("name"))
        body["name"] = std::filesystem::path(options.file).filename().string();
    if (stored.was_there) return std::nullopt;
    return stored.sha256;
}

// The first person of an empty store.
base::Result<int> start(const CommandOptions& options, certify::Office& office, base::Moment at,
                        const json::object& body, World& world) {
    ASSAY_TRY(auto person, certify::from_json<certify::Person>(body, "start"));
    person.id = options.actor;
    person.organisation.clear();
    person.roles = {certify::Role::operations, certify::Role::system};
    if (auto ok = office.found(person, at); !ok) return std::unexpected(ok.error());
    fmt::print(world.out, "{}\n", json::serialize(json::object{{"person", person.id}}));
    return exit_met;
}

base::Result<int> run_case(const CommandOptions& options, World& world) {
    ASSAY_TRY(auto body, read_body(options, world));
    std::optional<crypto::Sha256> made;
    if (!options.file.empty()) {
        if (options.command != "attach")
            return base::fail(base::ErrorKind::usage, "--file is for the command attach");
        ASSAY_TRY(made, keep_file(options, body));
    }
    ASSAY_TRY(const auto office, OpenOffice::open(options, world));
    if (options.command == "start") {
        ASSAY_TRY(const auto at, moment_of(options.at, world));
        return start(options, office->office(), at, body, world);
    }
    const auto reply = office->run(options.command, std::move(body), options.version);
    if (!reply) {
        // Refused for sure, so nothing names the document.
        const auto kind = reply.error().kind;
        if (made && (kind == base::ErrorKind::usage || kind == base::ErrorKind::not_found)) {
            ASSAY_TRY(const auto vault, open_vault(options));
            (void)vault.remove(*made);
        }
        return std::unexpected(reply.error());
    }
    fmt::print(world.out, "{}\n", json::serialize(reply->body));
    return reply->done ? exit_met : exit_not_met;
}

std::string list_of_commands() {
    std::string out = "Commands:\n";
    for (const auto& one : certify::Office::commands())
        out += fmt::format("  {:<24} {}\n", one.name, one.what);
    return out +
           "  start                    Add the first person of operations to an empty "
           "store.\n\n" +
           exit_codes;
}

}  // namespace

void add_case(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<CommandOptions>();
    auto* command = app.add_subcommand("case", "The compliance process: one command of one person");
    command->add_option("command", options->command, "What to do; see the list below");
    command->add_option("--body", options->body, "A JSON object, @FILE, or - for standard input")
        ->type_name("JSON");
    command->add_option("--file", options->file, "For attach: the PDF, checked and kept encrypted")
        ->type_name("PDF");
    options->declare(*command, false);
    command
        ->add_option("--clamd", options->clamd,
                     "For attach: the virus scanner to ask, /PATH/OF/SOCKET or HOST:PORT")
        ->envname("ASSAY_CLAMD")
        ->type_name("SOCKET");
    command
        ->add_option("--version", options->version,
                     "The version that you saw; if it has changed, nothing is done")
        ->type_name("N");
    command->footer(list_of_commands());
    add_case_outbox(*command, world, code);
    add_case_rap(*command, world, code);
    add_case_measure(*command, world, code);
    add_case_paper(*command, world, code);
    command->callback([options, command, &world, &code] {
        if (!command->get_subcommands().empty()) return;  // that has run
        if (options->command.empty() || options->actor.empty())
            throw CLI::RequiredError(options->command.empty() ? "command" : "--as");
        const auto result = run_case(*options, world);
        code = result ? *result : report_case_error(world, result.error());
    });
}

}  // namespace assay::cli
