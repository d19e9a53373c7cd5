#include "certify/outbox.hpp"

#include <algorithm>
#include <optional>

#include "certify/internet_message.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t batch_max = 100;  // ours: bounds memory; the rest follows in the next one
constexpr std::size_t words_max = 500;  // ours: what is kept of what a server said

// The store is not held while letters are on their way.
base::Result<std::vector<Waiting>> due_letters(Store& store, base::Moment at) {
    ASSAY_TRY(const auto transaction, store.read());
    return transaction->waiting(at, batch_max);
}

// Keeps what became of a letter.
base::Result<void> note(Store& store, const Waiting& one, const DeliveryAnswer& answer,
                        base::Moment at) {
    ASSAY_TRY(const auto transaction, store.write());
    const auto& key = one.message.key;
    const auto next = answer.delivery == Delivery::refused ? never : at + back_off(one.tries);
    auto noted =
        answer.delivery == Delivery::accepted
            ? transaction->mark_sent(key, at)
            : transaction->postpone(key, next, base::quote_for_display(answer.words, words_max));
    return noted ? transaction->commit() : noted;
}

DeliveryAnswer send(Mailer& mailer, const Message& message, std::string_view from) {
    const auto letter = print_message(message, from);
    if (!letter) return {Delivery::refused, letter.error().detail};
    return mailer.send(std::string(from), message.to, *letter);
}

}  // namespace

std::chrono::minutes back_off(std::uint64_t tries) {
    constexpr std::uint64_t doublings_max = 8;
    return std::min(std::chrono::minutes(1LL << std::min(tries, doublings_max)),
                    std::chrono::minutes(std::chrono::hours(4)));
}

base::Result<DeliveryCounts> deliver(Store& store, Mailer& mailer, std::string_view from,
                                     base::Moment at) {
    if (!is_mail_address(from)) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("'{}' is not an e-mail address to send letters from",
                                      base::quote_for_display(from, 80)));
    }
    DeliveryCounts counts;
    std::optional<DeliveryAnswer> gone;  // nobody there: the others need not find out one by one
    for (;;) {
        ASSAY_TRY(const auto due, due_letters(store, at));
        if (due.empty()) return counts;
        for (const auto& one : due) {
            const auto answer = gone ? *gone : send(mailer, one.message, from);
            if (auto noted = note(store, one, answer, at); !noted)
                return std::unexpected(noted.error());
            switch (answer.delivery) {
                case Delivery::accepted: ++counts.delivered; break;
                case Delivery::refused: ++counts.refused; break;
                case Delivery::unreachable: gone = answer; [[fallthrough]];
                case Delivery::later: ++counts.postponed; break;
            }
        }
    }
}

}  // namespace assay::certify
