#include "probe/selectors.hpp"

#include <algorithm>
#include <utility>

namespace assay::probe {

namespace {

constexpr std::string_view microsoft_signs[] = {"mail.protection.outlook.com", "mx.microsoft",
                                                "spf.protection.outlook.com"};
constexpr std::string_view microsoft_selectors[] = {"selector1", "selector2"};
constexpr std::string_view google_signs[] = {"google.com", "googlemail.com"};
constexpr std::string_view google_selectors[] = {"google", "google2048"};
constexpr std::string_view sendgrid_signs[] = {"sendgrid.net"};
constexpr std::string_view sendgrid_selectors[] = {"s1", "s2", "smtpapi"};
constexpr std::string_view mailchimp_signs[] = {"mcsv.net", "mcdlv.net"};
constexpr std::string_view mailchimp_selectors[] = {"k1", "k2", "k3"};
constexpr std::string_view mandrill_signs[] = {"mandrillapp.com"};
constexpr std::string_view mandrill_selectors[] = {"mandrill", "mte1", "mte2"};
constexpr std::string_view fastmail_signs[] = {"messagingengine.com"};
constexpr std::string_view fastmail_selectors[] = {"fm1", "fm2", "fm3"};
constexpr std::string_view zendesk_signs[] = {"zendesk.com"};
constexpr std::string_view zendesk_selectors[] = {"zendesk1", "zendesk2"};
constexpr std::string_view mailgun_signs[] = {"mailgun.org"};
constexpr std::string_view mailgun_selectors[] = {"smtp", "mailo", "k1", "pic"};
constexpr std::string_view zoho_signs[] = {"zoho.com", "zoho.eu", "zohomail.com"};
constexpr std::string_view zoho_selectors[] = {"zoho", "zmail"};
constexpr std::string_view proton_signs[] = {"protonmail.ch"};
constexpr std::string_view proton_selectors[] = {"protonmail", "protonmail2", "protonmail3"};
constexpr std::string_view campaign_monitor_signs[] = {"createsend.com", "cmail1.com",
                                                       "cmail2.com"};
constexpr std::string_view campaign_monitor_selectors[] = {"cm"};
constexpr std::string_view mimecast_signs[] = {"mimecast.com"};
constexpr std::string_view mimecast_selectors[] = {"mimecast", "mc1"};
constexpr std::string_view forcepoint_signs[] = {"mailcontrol.com"};
constexpr std::string_view forcepoint_selectors[] = {"fp01", "fp02"};
constexpr std::string_view brevo_signs[] = {"sendinblue.com", "brevo.com"};
constexpr std::string_view brevo_selectors[] = {"brevo1", "brevo2", "mail"};

constexpr ProviderHabit habits[] = {
    {"Microsoft 365", microsoft_signs, microsoft_selectors},
    {"Google Workspace", google_signs, google_selectors},
    {"SendGrid", sendgrid_signs, sendgrid_selectors},
    {"Mailchimp", mailchimp_signs, mailchimp_selectors},
    {"Mandrill", mandrill_signs, mandrill_selectors},
    {"Fastmail", fastmail_signs, fastmail_selectors},
    {"Zendesk", zendesk_signs, zendesk_selectors},
    {"Mailgun", mailgun_signs, mailgun_selectors},
    {"Zoho", zoho_signs, zoho_selectors},
    {"Proton", proton_signs, proton_selectors},
    {"Campaign Monitor", campaign_monitor_signs, campaign_monitor_selectors},
    {"Mimecast", mimecast_signs, mimecast_selectors},
    {"Forcepoint", forcepoint_signs, forcepoint_selectors},
    {"Brevo", brevo_signs, brevo_selectors},
};

// Each costs a question of every domain with a _domainkey, so a name is here only when more than a
// few domains are known to use it: docs/decisions/0007.
constexpr std::string_view common[] = {"selector1", "google", "s1",   "k1",       "default",
                                       "dkim",      "mail",   "smtp", "smtpapi",  "key1",
                                       "fp01",      "mx",     "fm1",  "mandrill", "pm"};

constexpr std::pair<std::string_view, std::string_view> pairs[] = {
    {"selector1", "selector2"}, {"s1", "s2"},       {"k1", "k2"},
    {"key1", "key2"},           {"dkim1", "dkim2"}, {"fm1", "fm2"}};

}  // namespace

std::span<const ProviderHabit> provider_habits() {
    return habits;
}
std::span<const std::string_view> common_selectors() {
    return common;
}

std::string_view second_selector(std::string_view first) {
    const auto pair =
        std::ranges::find(pairs, first, &std::pair<std::string_view, std::string_view>::first);
    return pair == std::end(pairs) ? std::string_view() : pair->second;
}

}  // namespace assay::probe
