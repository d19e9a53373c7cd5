// Which DKIM selectors mail providers use, by the MX hosts and SPF includes that show the provider.
// Data, not knowledge of any one customer: "not found" under these names proves nothing.
#pragma once

#include <span>
#include <string_view>

namespace assay::probe {

struct ProviderHabit {
    std::string_view provider;
    std::span<const std::string_view>
        signs;  // an MX host or SPF include at or below one of these shows it
    std::span<const std::string_view> selectors;
};

std::span<const ProviderHabit> provider_habits();

// Asked of every domain that has a _domainkey at all.
std::span<const std::string_view> common_selectors();

// The name that stands beside this one where a service uses two: "selector2" for "selector1". Asked
// only where the first is there. Empty: none.
std::string_view second_selector(std::string_view first);

}  // namespace assay::probe
