#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>

#include "check/catalogue.hpp"
#include "cli/commands.hpp"
#include "library/resources.hpp"

namespace assay::cli {

namespace {

std::string words_of(const CLI::App& command) {
    std::string out;
    for (const auto* option : command.get_options()) {
        for (const auto& name : option->get_lnames())
            out += " --" + name;
    }
    return out;
}

std::string check_ids() {
    std::string out;
    for (const auto* check : check::catalogue())
        out += fmt::format(" {}", check->id);
    return out;
}

void print_bash(const CLI::App& app, World& world) {
    std::string commands, cases;
    for (const auto* command :
         app.get_subcommands([](const CLI::App* sub) { return !sub->get_name().empty(); })) {
        commands += " " + command->get_name();
        const auto extra = command->get_name() == "explain" ? check_ids() : std::string();
        cases += fmt::format("        {}) words=\"{}{}\" ;;\n", command->get_name(),
                             words_of(*command), extra);
    }
    std::string profiles;
    for (const auto name : library::profile_names())
        profiles += fmt::format(" {}", name);
    fmt::print(
        world.out,
        "# bash completion for assay; install with:\n"
        "#   assay completion > /etc/bash_completion.d/assay\n"
        "_assay() {{\n"
        "    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words=\n"
        "    COMPREPLY=()\n"
        "    case $before in\n"
        "        --format) words=\"text json\"\n"
        "            if [[ ${{COMP_WORDS[1]}} == check ]]; then words+=\" jsonl csv sarif junit "
        "html\"; fi ;;\n"
        "        --profile) words=\"{} $(compgen -f -- \"$word\")\" ;;\n"
        "        --only|--skip) words=\"{}\" ;;\n"
        "        --zones|--from|--facts|--facts-out|--root-hints|--trust-anchor)\n"
        "            mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n"
        "    esac\n"
        "    if [[ -z $words && $COMP_CWORD -eq 1 ]]; then words=\"{} --help --version\"; fi\n"
        "    if [[ -z $words ]]; then case ${{COMP_WORDS[1]}} in\n"
        "{}"
        "    esac; fi\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
        "}}\n"
        "complete -F _assay assay\n",
        profiles, check_ids(), commands, cases);
}

}  // namespace

void add_completion(CLI::App& app, World& world, int& code) {
    auto* command = app.add_subcommand("completion", "Print the completion script for bash");
    command->footer("Use it at once with: source <(assay completion)");
    command->callback([&app, &world, &code] {
        print_bash(app, world);
        code = exit_met;
    });
}

}  // namespace assay::cli
