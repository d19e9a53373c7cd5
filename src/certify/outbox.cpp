#include "certify/outbox.hpp"

#include <algorithm>
#include <functional>

#include "certify/internet_message.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t batch_max = 100;  // ours: bounds memory; the rest follows in the next one
constexpr std::size_t words_max = 500;  // ours: what is kept of what a server said

base::Result<void> write(Store& store, const std::function<base::Result<void>(Transaction&)>& do_) {
    ASSAY_TRY(const auto transaction, store.write());
    if (auto done = do_(*transaction); !done) return done;
    return transaction->commit();
}

base::Result<void> postpone(Store& store, std::span<const Waiting> letters,
                            const std::function<base::Moment(const Waiting&)>& until,
                            std::string_view words) {
    const auto why = base::quote_for_display(words, words_max);
    return write(store, [&](Transaction& transaction) -> base::Result<void> {
        for (const auto& one : letters) {
            auto done = transaction.postpone(one.message.key, until(one), why);
            if (!done) return done;
        }
        return {};
    });
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
    const auto next = [&](const Waiting& one) { return at + back_off(one.tries); };
    DeliveryCounts counts;
    for (;;) {
        ASSAY_TRY(const auto transaction, store.read());
        ASSAY_TRY(const auto due, transaction->waiting(at, batch_max));
        if (due.empty()) return counts;
        for (std::size_t i = 0; i < due.size(); ++i) {
            const auto& one = due[i];
            const auto answer = send(mailer, one.message, from);
            base::Result<void> kept;
            if (answer.delivery == Delivery::accepted) {
                kept = write(
                    store, [&](Transaction& open) { return open.mark_sent(one.message.key, at); });
                ++counts.delivered;
            } else if (answer.delivery == Delivery::refused) {
                kept =
                    postpone(store, {&one, 1}, [](const Waiting&) { return never; }, answer.words);
                ++counts.refused;
            } else {
                // Nobody there: the others need not find out one by one.
                const bool all = answer.delivery == Delivery::unreachable;
                const auto these = std::span(due).subspan(i, all ? due.size() - i : 1);
                kept = postpone(store, these, next, answer.words);
                counts.postponed += static_cast<unsigned>(these.size());
                i += these.size() - 1;
            }
            if (!kept) return std::unexpected(kept.error());
        }
    }
}

}  // namespace assay::certify
