// what must be attached, how old it may be, and what it must show.
// Ages are looked at on the day of submission, at every attempt anew.
#include <algorithm>

#include "certify/rules.hpp"

namespace assay::certify {

namespace {

std::string words(const Period& period) {
    std::string out;
    if (period.months > 0) out = fmt::format("{} months", period.months);
    if (period.days > 0) out += fmt::format("{}{} days", out.empty() ? "" : " and ", period.days);
    return out;
}

// An amendment stands on the documents of the certificate: their age is shown, and blocks nothing.
bool is_carried_over(const Dossier& dossier, const AttachedDocument& document) {
    return dossier.application.kind == CaseKind::amendment && dossier.previous != nullptr &&
           std::ranges::any_of(dossier.previous->documents, [&](const AttachedDocument& before) {
               return before.document == document.document && before.sha256 == document.sha256;
           });
}

void judge_age(const Dossier& dossier, const Document& rule, const AttachedDocument& document,
               Problems& out) {
    const std::string where = "document:" + rule.id;
    const auto& name = rule.age ? rule.age->rule : rule.format_rule;
    if (!document.date) {
        if (rule.age) out.push_back({name, where, "Give the date of: " + rule.title});
        return;
    }
    if (*document.date > dossier.today) {
        out.push_back({name, where,
                       fmt::format("{}: its date, {}, is in the future.", rule.title,
                                   print_long(*document.date))});
        return;
    }
    if (!rule.age) return;
    const Date limit = minus(dossier.today, rule.age->period);
    const bool too_old = rule.age->strictly_less ? *document.date <= limit : *document.date < limit;
    if (!too_old) return;
    out.push_back({name, where,
                   fmt::format("{} is dated {}. It must be {} {} on the day you send it; send a "
                               "newer one, dated {} {} or later.",
                               rule.title, print_long(*document.date),
                               rule.age->strictly_less ? "less than" : "no more than",
                               words(rule.age->period) + " old",
                               rule.age->strictly_less ? "after" : "on", print_long(limit)),
                   !is_carried_over(dossier, document)});
}

void judge_contents(const std::vector<Confirmation>& contents, const std::string& name,
                    const std::string& where, const AttachedDocument& document, Problems& out) {
    for (const auto& content : contents) {
        if (std::ranges::find(document.confirmed_contents, content.id) !=
            document.confirmed_contents.end())
            continue;
        out.push_back({name, where, "Confirm that it shows: " + content.text});
    }
}

// the same file, or the same report by supplier, reference and date. Attempts of this
// application do not count.
bool was_used(const AttachedDocument& document, const Case& previous) {
    return std::ranges::any_of(previous.documents, [&](const AttachedDocument& before) {
        if (before.document != document.document) return false;
        if (before.sha256 == document.sha256) return true;
        if (!before.health_check || !document.health_check) return false;
        return !document.health_check->reference.empty() &&
               before.health_check->supplier == document.health_check->supplier &&
               before.health_check->reference == document.health_check->reference &&
               before.date == document.date;
    });
}

// another report, attached before and dated later. The same file or the same report with a
// corrected date is not another.
const AttachedDocument* later_report(const Case& application, const AttachedDocument& document) {
    const auto found =
        std::ranges::find_if(application.documents, [&](const AttachedDocument& other) {
            const bool same = other.sha256 == document.sha256 ||
                              (other.health_check && document.health_check &&
                               other.health_check->supplier == document.health_check->supplier &&
                               other.health_check->reference == document.health_check->reference);
            return other.document == document.document && !same && other.date && document.date &&
                   *other.date > *document.date;
        });
    return found == application.documents.end() ? nullptr : &*found;
}

void judge_health_check(const Dossier& dossier, const Document& rule,
                        const AttachedDocument& document, Problems& out) {
    const std::string where = "document:" + rule.id;
    if (!document.health_check) {
        out.push_back({rule.most_recent_rule, where,
                       "Say who tested, when, under which scheme, and the report's reference."});
        return;
    }
    const auto& check = *document.health_check;
    if (!rule.most_recent_rule.empty() && !check.most_recent) {
        out.push_back({rule.most_recent_rule, where,
                       "Send the report of your most recent health check, and declare that there "
                       "is no later one."});
    }
    const auto* later = later_report(dossier.application, document);
    if (later != nullptr && !rule.most_recent_rule.empty()) {
        out.push_back({rule.most_recent_rule, where,
                       fmt::format("You also attached a report that is dated {}. The latest one "
                                   "counts; attach it again as the last.",
                                   print_long(*later->date))});
    }
    if (base::trim(check.supplier).empty() || base::trim(check.reference).empty()) {
        out.push_back({rule.test_scheme_rule, where,
                       "Give the supplier's name and the reference of the report."});
    }
    const bool registered = check.test_scheme != "other" &&
                            std::ranges::find(rule.test_schemes, check.test_scheme, &Choice::id) !=
                                rule.test_schemes.end();
    if (!registered && base::trim(check.test_scheme_reason).empty()) {
        out.push_back({rule.test_scheme_rule, where,
                       "Name the registered scheme of the tester, or say why another one is as "
                       "good."});
    }
    if (check.test_end && document.date && *check.test_end > *document.date) {
        out.push_back({rule.most_recent_rule, where,
                       "The tests end after the date of the report. Correct one of the dates."});
    }
    // R-14 counts from the report's date; tests that ended long before are shown to the assessor.
    if (rule.age && check.test_end && *check.test_end < minus(dossier.today, rule.age->period)) {
        out.push_back({rule.age->rule, where,
                       fmt::format("The tests ended on {}.", print_long(*check.test_end)), false});
    }
}

void judge_document(const Dossier& dossier, const Document& rule, const AttachedDocument& document,
                    Problems& out) {
    const std::string where = "document:" + rule.id;
    judge_age(dossier, rule, document, out);
    judge_contents(rule.contents, rule.contents_rule, where, document, out);
    if (document.abbreviated)
        judge_contents(rule.contents_abbreviated, rule.abbreviated_rule, where, document, out);
    if (rule.kind == DocumentKind::health_check) judge_health_check(dossier, rule, document, out);
    const auto used = [&](const Case& before) { return was_used(document, before); };
    if (!rule.not_reused_rule.empty() && !is_carried_over(dossier, document) &&
        std::ranges::any_of(dossier.decided_before, used)) {
        out.push_back({rule.not_reused_rule, where,
                       rule.title + " was already used for an earlier application. Send the report "
                                    "of a newer one."});
    }
    if (!document.searchable) {
        out.push_back({rule.format_rule, where,
                       rule.title + " is a picture of text, so that it cannot be searched.",
                       false});
    }
}

}  // namespace

void judge_documents(const Dossier& dossier, Problems& out) {
    for (const auto& rule : dossier.scheme.documents) {
        if (!applies(dossier, rule.when)) continue;
        // The last one of a kind counts; the earlier ones stay as history.
        const AttachedDocument* last = nullptr;
        for (const auto& document : dossier.application.documents) {
            if (document.document == rule.id) last = &document;
        }
        if (last != nullptr) {
            judge_document(dossier, rule, *last, out);
        } else if (rule.required) {
            out.push_back({rule.format_rule, "document:" + rule.id,
                           "Attach this document as a PDF: " + rule.title});
        }
    }
}

}  // namespace assay::certify
