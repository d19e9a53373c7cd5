// `assay case deliver` and `assay case outbox`: the letters that wait to be sent.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <limits>

#include "certify/internet_message.hpp"
#include "certify/outbox.hpp"
#include "cli/case_options.hpp"
#include "cli/commands.hpp"

namespace assay::cli {

namespace {

namespace json = boost::json;

struct OutboxOptions {
    std::string db = CaseOptions().db, at, from, retry, format = "text";
    certify::MailerOptions mailer;
};

base::Result<int> run_deliver(const OutboxOptions& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    if (options.mailer.ca_file && !std::ifstream(*options.mailer.ca_file)) {
        return base::fail(base::ErrorKind::usage,
                          *options.mailer.ca_file + ": The file cannot be read");
    }
    ASSAY_TRY(const auto mailer, world.open_mailer(options.mailer));
    ASSAY_TRY(const auto store, world.open_store(options.db));
    ASSAY_TRY(const auto counts, certify::deliver(*store, *mailer, options.from, at));
    fmt::print(world.out, "{} delivered, {} postponed, {} refused.\n", counts.delivered,
               counts.postponed, counts.refused);
    if (counts.refused + counts.postponed > 0)
        fmt::print(world.err, "assay: 'assay case outbox' says which letters wait, and why.\n");
    if (counts.refused > 0) return exit_not_met;
    return counts.postponed > 0 ? exit_cannot_tell : exit_met;
}

std::string_view state_of(const certify::Waiting& one) {
    if (one.not_before == certify::never) return "refused";
    return one.tries > 0 ? "postponed" : "waiting";
}

void print_text(const std::vector<certify::Waiting>& all, World& world) {
    if (all.empty()) fmt::print(world.out, "No letter waits.\n");
    for (const auto& one : all) {
        fmt::print(world.out, "{:<9} {}: {}\n", state_of(one),
                   base::quote_for_display(one.message.to),
                   base::quote_for_display(one.message.subject));
        fmt::print(world.out, "          key {}\n", base::quote_for_display(one.message.key));
        if (state_of(one) != "refused")
            fmt::print(world.out, "          next try {}\n", base::print(one.not_before));
        if (one.tries > 0)
            fmt::print(world.out, "          tries {}, the last: {}\n", one.tries, one.problem);
    }
}

json::array document(const std::vector<certify::Waiting>& all) {
    json::array out;
    for (const auto& one : all) {
        json::object entry{
            {"key", one.message.key},          {"state", state_of(one)}, {"to", one.message.to},
            {"subject", one.message.subject},  {"tries", one.tries},     {"problem", one.problem},
            {"next_try", json::value(nullptr)}};
        if (state_of(one) != "refused") entry["next_try"] = base::print(one.not_before);
        out.push_back(std::move(entry));
    }
    return out;
}

// A letter that was refused is due again: the cause is gone, says who asks.
base::Result<void> retry(const OutboxOptions& options, certify::Store& store, base::Moment at) {
    ASSAY_TRY(const auto transaction, store.write());
    ASSAY_TRY(const auto all,
              transaction->waiting(certify::never, std::numeric_limits<std::int32_t>::max()));
    for (const auto& one : all) {
        if (one.message.key != options.retry) continue;
        auto done = transaction->postpone(options.retry, at, one.problem);
        return done ? transaction->commit() : done;
    }
    return base::fail(base::ErrorKind::usage, fmt::format("No letter with the key '{}' waits",
                                                          base::quote_for_display(options.retry)));
}

base::Result<int> run_outbox(const OutboxOptions& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    ASSAY_TRY(const auto store, world.open_store(options.db));
    if (!options.retry.empty()) {
        if (auto done = retry(options, *store, at); !done) return std::unexpected(done.error());
    }
    ASSAY_TRY(const auto transaction, store->read());
    ASSAY_TRY(const auto all,
              transaction->waiting(certify::never, std::numeric_limits<std::int32_t>::max()));
    if (options.format == "json") {
        fmt::print(world.out, "{}\n", json::serialize(document(all)));
    } else {
        print_text(all, world);
    }
    return exit_met;
}

}  // namespace

void add_case_outbox(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<OutboxOptions>();
    auto* deliver = app.add_subcommand("deliver", "Send the letters that are due, by SMTP");
    deliver->add_option("--smtp", options->mailer.url, "The server that takes them")
        ->required()
        ->type_name("smtp://HOST:PORT");
    deliver->add_option("--from", options->from, "The sender's address")
        ->required()
        ->type_name("ADDRESS");
    deliver
        ->add_option("--ca-file", options->mailer.ca_file,
                     "Believe these certificates, not the system's")
        ->type_name("FILE");
    deliver->add_flag("--insecure-plaintext", options->mailer.plaintext,
                      "Send without TLS: only to a server on this machine");
    CaseOptions::declare_db(*deliver, options->db);
    CaseOptions::declare_at(*deliver, options->at);
    deliver->footer(
        "Run it again and again, one at a time. A letter that the server cannot take now is tried\n"
        "again after 1 minute, then 2, 4 ... up to 4 hours; one that it refuses is kept, and "
        "shown\n"
        "by 'assay case outbox'. Should the program be stopped between the server's answer and\n"
        "the note of it, a letter is sent twice, with the same Message-ID.\n"
        "\n"
        "Exit codes: 0 all that was due is delivered; 1 a letter was refused; 2 the command line "
        "is\n"
        "wrong; 3 a letter is postponed; 4 internal failure.");
    deliver->callback([options, &world, &code] {
        const auto result = run_deliver(*options, world);
        code = result ? *result : report_case_error(world, result.error());
    });
    auto* outbox = app.add_subcommand("outbox", "The letters that wait, and why");
    outbox
        ->add_option("--retry", options->retry,
                     "Make this letter due again, also if it was refused")
        ->type_name("KEY");
    outbox->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    CaseOptions::declare_db(*outbox, options->db);
    CaseOptions::declare_at(*outbox, options->at);
    outbox->callback([options, &world, &code] {
        const auto result = run_outbox(*options, world);
        code = result ? *result : report_case_error(world, result.error());
    });
}

}  // namespace assay::cli
