#include "codec/dmarc/discovery.hpp"

#include <algorithm>
#include <ranges>

namespace assay::codec::dmarc {

std::vector<dns::Name> walk_names(const dns::Name& start) {
    // RFC 9989 section 4.10 steps 4 and 7: from 8 labels on, continue with the last 7.
    std::vector<dns::Name> names{start};
    const std::size_t labels = start.label_count();
    if (labels < 2) return names;
    for (std::size_t left = std::min(labels, walk_queries_max) - 1; left > 0; --left) {
        names.push_back(start.suffix(left));
    }
    return names;
}

Step read_step(const dns::Name& domain, std::span<const std::string> texts) {
    Step step{domain, StepState::absent, std::nullopt};
    // RFC 9989 section 4.10 step 2: what does not claim is discarded, then several are.
    const auto is_claim = [](const std::string& text) { return claims(text); };
    const auto count = std::ranges::count_if(texts, is_claim);
    if (count == 0) return step;
    if (count > 1) {
        step.state = StepState::several;
        return step;
    }
    const auto& text = *std::ranges::find_if(texts, is_claim);
    step.record = lint(text).record;
    step.state = step.record ? StepState::found : StepState::unusable;
    if (!step.record) step.record = read_tags(text);
    return step;
}

namespace {

bool has_record(const Step& step) {
    return step.state == StepState::found || step.state == StepState::unusable;
}

Psd psd_of(const Step& step) {
    return has_record(step) && step.record ? step.record->psd : Psd::unknown;
}

// The part of a walk that a receiver sees.
struct Walk {
    std::span<const Step> steps;   // the start first; nothing after the record that stops the walk
    bool stopped = false;          // by psd=n or psd=y at the last step
    bool start_unknown = false;    // the query at the start failed
    bool parents_unknown = false;  // one above it failed
};

Walk follow(const std::vector<Step>& steps) {
    Walk walk;
    std::size_t length = 0;
    for (const auto& step : steps | std::views::take(walk_queries_max)) {
        ++length;
        if (step.state == StepState::unknown) {
            (length == 1 ? walk.start_unknown : walk.parents_unknown) = true;
        }
        // RFC 9989 section 4.10 steps 2 and 6
        walk.stopped = psd_of(step) != Psd::unknown;
        if (walk.stopped) break;
    }
    walk.steps = std::span(steps).first(length);
    return walk;
}

// RFC 9989 section 4.10.2, as if failed queries had found nothing.
dns::Name organization(const Walk& walk) {
    const Step& start = walk.steps.front();
    const Step& last = walk.steps.back();
    // Rules 1 and 2: psd=n is the organisational domain, psd=y stands one label above it, unless
    // the walk started there.
    if (walk.stopped && psd_of(last) == Psd::no) return last.domain;
    if (walk.stopped && &last != &start) return start.domain.suffix(last.domain.label_count() + 1);
    // Rule 3: the fewest labels; else the start.
    for (const auto& step : walk.steps | std::views::reverse) {
        if (has_record(step)) return step.domain;
    }
    return start.domain;
}

// RFC 9989 section 4.10.1: the record that holds, from highest preference to lowest.
const Step* choose_record(const Walk& walk, const dns::Name& organizational_domain,
                          Discovery::Source& source) {
    const Step& start = walk.steps.front();
    source = Discovery::Source::author_domain;
    if (has_record(start)) return &start;
    source = Discovery::Source::organizational_domain;
    for (const auto& step : walk.steps) {
        if (has_record(step) && step.domain == organizational_domain) return &step;
    }
    source = Discovery::Source::public_suffix_domain;
    const Step& last = walk.steps.back();
    if (psd_of(last) == Psd::yes) return &last;
    source = Discovery::Source::none;
    return nullptr;
}

void choose_policy(const Walk& walk, const dns::Name& organizational_domain, bool exists,
                   Discovery& out) {
    auto source = Discovery::Source::none;
    const Step* step = choose_record(walk, organizational_domain, source);
    // RFC 9989 section 4.10.1: what cannot be used means no DMARC for the message.
    if (step == nullptr || step->state != StepState::found || !step->record) return;
    const Record& record = *step->record;
    out.source = source;
    out.policy_domain = step->domain;
    // RFC 9989 section 4.7: sp and np hold for subdomains only.
    out.policy = source == Discovery::Source::author_domain ? record.effective_policy()
                 : exists                                   ? record.effective_subdomain_policy()
                                                            : record.effective_nonexistent_policy();
}

}  // namespace

Discovery discover(const std::vector<Step>& steps, bool exists) {
    Discovery out;
    if (steps.empty()) {
        out.policy_known = false;
        return out;
    }
    const Walk walk = follow(steps);
    const Step& start = walk.steps.front();
    const dns::Name organizational_domain = organization(walk);
    // A name above the start that could not be asked may have said psd=n or psd=y, and so be or
    // name the organisational domain. The start itself can only have made itself that.
    const bool open =
        walk.parents_unknown || (walk.start_unknown && organizational_domain != start.domain);
    if (!open) out.organizational_domain = organizational_domain;
    // The author domain's own record holds whatever stands above.
    out.policy_known = !walk.start_unknown && (has_record(start) || !walk.parents_unknown);
    if (out.policy_known) choose_policy(walk, organizational_domain, exists, out);
    return out;
}

bool aligned(const dns::Name& a, const dns::Name& a_organization, const dns::Name& b,
             const dns::Name& b_organization, Alignment mode) {
    // RFC 9989 section 4.4
    return a == b || (mode == Alignment::relaxed && a_organization == b_organization);
}

std::optional<dns::Name> authorization_name(const dns::Name& policy_domain, const dns::Name& host) {
    auto name = host.child("_dmarc");
    if (name) name = name->child("_report");
    for (const auto label : policy_domain.labels() | std::views::reverse) {
        if (!name) return std::nullopt;
        name = name->child(label);
    }
    if (!name) return std::nullopt;
    return *std::move(name);
}

}  // namespace assay::codec::dmarc
