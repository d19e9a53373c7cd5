// The one place where everything meets.
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "cli/cli.hpp"
#include "cli/commands.hpp"
#include "post/smtp_mailer.hpp"
#include "store/database.hpp"

namespace assay::cli {

std::string_view version() {
    return ASSAY_VERSION;
}

}  // namespace assay::cli

// Read by jemalloc. Results are made on one thread and freed on another, so more arenas than these
// only keep free memory apart.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2";
}

namespace {

// Each thread has sockets of its own; the usual limit of 1,024 open files is soon reached.
void allow_open_files() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= files.rlim_max) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    allow_open_files();
    std::random_device random;
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    winsize size{};
    const bool sized = terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    const char* no_colour = std::getenv("NO_COLOR");
    assay::cli::World world{
        .out = std::cout,
        .err = std::cerr,
        .in = std::cin,
        .out_is_terminal = terminal,
        .err_is_terminal = isatty(STDERR_FILENO) == 1,
        .colour = terminal && (no_colour == nullptr || *no_colour == '\0'),
        .columns = sized ? size.ws_col : 0U,
        .now =
            [] {
                return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
            },
        .random = [&random] { return static_cast<std::uint32_t>(random()); },
        .processors = std::max(1U, std::thread::hardware_concurrency()),
        .open_store = assay::store::open,
        .open_mailer = assay::post::open,
    };
    return assay::cli::run(argc, argv, world);
}
