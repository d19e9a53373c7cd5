// One function a command: declares its options and leaves its exit code in `code` when it ran.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "cli/options.hpp"

namespace assay::cli {

void add_check(CLI::App& app, World& world, int& code);
void add_explain(CLI::App& app, World& world, int& code);
void add_spf(CLI::App& app, World& world, int& code);
void add_dmarc(CLI::App& app, World& world, int& code);
void add_scheme(CLI::App& app, World& world, int& code);
void add_case(CLI::App& app, World& world, int& code);
void add_case_outbox(CLI::App& app, World& world, int& code);  // these are commands of `case`
void add_case_rap(CLI::App& app, World& world, int& code);
void add_case_measure(CLI::App& app, World& world, int& code);
void add_case_paper(CLI::App& parent, World& world, int& code);  // subcommands of case
void add_ithc(CLI::App& app, World& world, int& code);
void add_certificate(CLI::App& app, World& world, int& code);
void add_remeasure(CLI::App& app, World& world, int& code);  // of `certificate`
void add_register(CLI::App& app, World& world, int& code);
void add_authority(CLI::App& app, World& world, int& code);
void add_witness(CLI::App& app, World& world, int& code);
void add_completion(CLI::App& app, World& world, int& code);

// Below `register` and `authority`.
void add_register_monitor(CLI::App& parent, World& world, int& code);
void add_authority_witness(CLI::App& parent, World& world, int& code);

std::string_view version();

// Says what went wrong on standard error and gives the exit code for it.
int report_error(World& world, const base::Error& error);

// What --at says; empty: now. Error: usage.
base::Result<base::Moment> moment_of(const std::string& at, World& world);

}  // namespace assay::cli
