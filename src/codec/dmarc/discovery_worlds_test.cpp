// What failed queries may leave open, against every answer that they could have had.
#include <doctest/doctest.h>

#include <functional>

#include "codec/dmarc/discovery.hpp"

namespace assay::codec::dmarc {

namespace {

// Calls `visit` with every walk of `domains` in which each step is one of `kinds`.
void for_each_walk(const std::vector<dns::Name>& domains, const std::vector<Step>& kinds,
                   std::vector<Step>& steps, const std::function<void()>& visit) {
    if (steps.size() == domains.size()) return visit();
    for (auto step : kinds) {
        step.domain = domains[steps.size()];
        steps.push_back(std::move(step));
        for_each_walk(domains, kinds, steps, visit);
        steps.pop_back();
    }
}

// Calls `visit` with every way in which the failed queries of `steps` could have been answered.
void for_each_world(std::vector<Step> steps, const std::vector<Step>& answers, std::size_t from,
                    const std::function<void(const std::vector<Step>&)>& visit) {
    while (from < steps.size() && steps[from].state != StepState::unknown)
        ++from;
    if (from == steps.size()) return visit(steps);
    for (const auto& answer : answers) {
        const auto domain = steps[from].domain;
        auto world = steps;
        world[from] = answer;
        world[from].domain = domain;
        for_each_world(std::move(world), answers, from + 1, visit);
    }
}

}  // namespace

TEST_CASE("a failed query leaves a field empty exactly when it could have changed it") {
    const auto start = dns::parse_domain("a.example.com").value();
    const dns::Name none;
    const std::vector<Step> answers = {
        {none, StepState::absent, std::nullopt},
        read_step(none, std::vector<std::string>{"v=DMARC1; p=none"}),
        read_step(none, std::vector<std::string>{"v=DMARC1; p=reject"}),
        read_step(none, std::vector<std::string>{"v=DMARC1; p=none; sp=reject; psd=n"}),
        read_step(none, std::vector<std::string>{"v=DMARC1; p=quarantine; psd=y"}),
    };
    auto kinds = answers;
    kinds.push_back({none, StepState::several, std::nullopt});
    kinds.push_back(read_step(none, std::vector<std::string>{"v=DMARC1; p=x"}));
    kinds.push_back({none, StepState::unknown, std::nullopt});

    std::vector<Step> steps;
    std::size_t walks = 0, wrong = 0;
    for_each_walk(walk_names(start), kinds, steps, [&] {
        ++walks;
        const auto found = discover(steps, true);
        std::vector<Discovery> worlds;
        for_each_world(steps, answers, 0, [&](const std::vector<Step>& world) {
            worlds.push_back(discover(world, true));
        });
        const auto& first = worlds.front();
        bool same_organization = true, same_policy = true;
        for (const auto& world : worlds) {
            same_organization &= world.organizational_domain == first.organizational_domain;
            same_policy &= world.policy_domain == first.policy_domain &&
                           world.policy == first.policy && world.source == first.source;
        }
        wrong += found.organizational_domain.has_value() != same_organization;
        wrong += found.policy_known != same_policy;
        if (same_organization) wrong += found.organizational_domain != first.organizational_domain;
        wrong += found.policy_domain != (same_policy ? first.policy_domain : std::nullopt);
        wrong += found.policy != (same_policy ? first.policy : std::nullopt);
        wrong += found.source != (same_policy ? first.source : Discovery::Source::none);
    });
    CHECK(walks == 8 * 8 * 8);
    CHECK(wrong == 0);
}

}  // namespace assay::codec::dmarc
