#include "certify/clock.hpp"

#include <algorithm>

namespace assay::certify {

std::optional<int> days_on_clock(const Case& application, base::Moment now) {
    if (!application.clock_started) return std::nullopt;
    auto until = now;
    if (application.decision) until = std::min(until, application.decision->at);
    auto spent = until - *application.clock_started;
    for (const auto& pause : application.pauses)
        spent -= std::min(pause.until.value_or(until), until) - std::min(pause.from, until);
    return static_cast<int>(std::chrono::floor<std::chrono::days>(spent).count());
}

void start_clock(Case& application, base::Moment at) {
    if (!application.clock_started) application.clock_started = at;
    if (!application.pauses.empty() && !application.pauses.back().until)
        application.pauses.back().until = at;
}

void stop_clock(Case& application, base::Moment at) {
    if (!application.clock_started) return;
    if (!application.pauses.empty() && !application.pauses.back().until) return;
    application.pauses.push_back({.from = at, .until = std::nullopt});
}

}  // namespace assay::certify
