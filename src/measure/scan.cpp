#include "measure/scan.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <mutex>
#include <thread>

#include "measure/measurer.hpp"

namespace assay::measure {

namespace {

namespace asio = boost::asio;

// Hands out targets and puts the results back into their order.
class Line {
  public:
    Line(std::size_t window, const std::function<std::optional<codec::dns::Name>()>& next,
         const std::function<void(Measured)>& done)
        : window_(window), next_(next), done_(done) {}

    struct Ticket {
        std::size_t number = 0;
        codec::dns::Name domain;
    };
    enum class Take { ticket, wait, end };

    // `wait`: the window is full; `wake` is called once it is not.
    Take take(Ticket& ticket, std::move_only_function<void()> wake) {
        const std::lock_guard lock(mutex_);
        if (ended_) return Take::end;
        if (taken_ - given_ >= window_) {
            parked_.push_back(std::move(wake));
            return Take::wait;
        }
        auto domain = next_();
        if (!domain) {
            ended_ = true;
            return Take::end;
        }
        ticket = {taken_++, *std::move(domain)};
        waiting_.emplace_back();
        return Take::ticket;
    }

    void give(std::size_t number, Measured measured) {
        const std::lock_guard lock(mutex_);
        waiting_[number - given_] = std::move(measured);
        while (!waiting_.empty() && waiting_.front()) {
            done_(*std::move(waiting_.front()));
            waiting_.pop_front();
            ++given_;
        }
        if (taken_ - given_ >= window_) return;
        for (auto& wake : parked_)
            wake();
        parked_.clear();
    }

    void stop() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }

  private:
    std::size_t window_;
    const std::function<std::optional<codec::dns::Name>()>& next_;
    const std::function<void(Measured)>& done_;
    std::mutex mutex_;
    std::size_t taken_ = 0, given_ = 0;
    bool ended_ = false;
    std::deque<std::optional<Measured>> waiting_;  // [0] belongs to ticket given_
    std::vector<std::move_only_function<void()>> parked_;
};

net::Task<void> park(Line& line, Line::Ticket& ticket, Line::Take& taken) {
    const auto executor = co_await asio::this_coro::executor;
    co_await net::suspend<void()>([&](auto handler) {
        auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        const auto wake = [executor, resume] {
            asio::post(executor, [resume] { std::move (*resume)(); });
        };
        taken = line.take(ticket, wake);
        if (taken != Line::Take::wait) wake();
    });
}

// Zones that map addresses to names (RFC 1035 section 3.5, RFC 3596 section 2.5).
bool is_reverse(const codec::dns::Name& name) {
    static const auto trees = {codec::dns::parse_name("in-addr.arpa").value(),
                               codec::dns::parse_name("ip6.arpa").value()};
    return std::ranges::any_of(
        trees, [&](const codec::dns::Name& tree) { return name.is_at_or_below(tree); });
}

fact::Needs needs_of(const codec::dns::Name& domain, const ScanOptions& options) {
    const auto& profiles = options.profiles;
    if (profiles.reverse && is_reverse(domain))
        return options.needs | check::needs(*profiles.reverse, options.selection);
    const auto needs = options.needs | check::needs(profiles.main, options.selection);
    if (!profiles.parked) return needs;
    return needs | check::needs(*profiles.parked, options.selection) |
           (fact::Need::mx | fact::Need::spf);
}

net::Task<void> work(const ScanOptions& options, probe::Context& context, Line& line) {
    for (;;) {
        Line::Ticket ticket;
        Line::Take taken{};
        co_await park(line, ticket, taken);
        if (taken == Line::Take::end) co_return;
        if (taken == Line::Take::wait) continue;
        const auto needs = needs_of(ticket.domain, options);
        Measured out;
        out.facts =
            co_await measure(context, {ticket.domain, needs, options.source, options.now()});
        out.assessment = judge(out.facts, options.profiles, options.selection);
        if (options.prepare) options.prepare(out);
        line.give(ticket.number, std::move(out));
    }
}

base::Result<void> run_thread(const ScanOptions& options, const codec::dns::SuffixList& suffixes,
                              const MakeInstruments& make, unsigned jobs, Line& line) {
    asio::io_context io(1);
    ASSAY_TRY(auto instruments, make(io.get_executor()));
    probe::Context context{*instruments.resolvers.back(), instruments.nameservers.get(), suffixes,
                           options.selectors, options.control_label};
    // A worker that waits for the window has nothing pending here; the guard keeps the loop for its
    // return.
    auto guard = asio::make_work_guard(io);
    unsigned working = jobs;
    for (unsigned job = 0; job < jobs; ++job) {
        asio::co_spawn(io, work(options, context, line), [&](std::exception_ptr failure) {
            ASSAY_ASSERT(!failure);
            if (--working == 0) guard.reset();
        });
    }
    io.run();
    return {};
}

}  // namespace

check::Assessment judge(const fact::Domain& facts, const Profiles& profiles,
                        const check::Selection& selection) {
    if (profiles.reverse && is_reverse(facts.name))
        return check::judge(facts, *profiles.reverse, selection);
    const bool parked = profiles.parked && fact::is_parked(facts).value_or(false);
    return check::judge(facts, parked ? *profiles.parked : profiles.main, selection);
}

base::Result<void> scan(const ScanOptions& options, const codec::dns::SuffixList& suffixes,
                        const MakeInstruments& make,
                        const std::function<std::optional<codec::dns::Name>()>& next,
                        const std::function<void(Measured)>& done) {
    Line line(options.window, next, done);
    const unsigned threads = std::max(1U, options.threads);
    const unsigned jobs = std::max(1U, std::min(options.jobs, jobs_max) / threads);
    std::vector<base::Result<void>> results(threads);
    {
        std::vector<std::jthread> running;
        for (unsigned i = 0; i < threads; ++i) {
            running.emplace_back([&, i] {
                results[i] = run_thread(options, suffixes, make, jobs, line);
                if (!results[i]) line.stop();
            });
        }
    }
    for (auto& result : results) {
        if (!result) return result;
    }
    return {};
}

}  // namespace assay::measure
