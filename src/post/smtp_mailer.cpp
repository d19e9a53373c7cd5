#include "post/smtp_mailer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace assay::post {

namespace {

using certify::Delivery;
using certify::DeliveryAnswer;

constexpr long connect_seconds = 30;  // ours
constexpr long letter_seconds = 600;  // RFC 5321 section 4.5.3.2.6: 10 minutes for the last reply
constexpr std::size_t reply_octets_max = 500;  // ours: what is kept of what a server says

// The talk as libcurl shows it: which command went out last, and what the server said to it.
// Leave-taking does not count.
struct Talk {
    std::string command, reply;
    bool reply_ended = true, over = false;

    void sent(std::string_view line) {
        over = over || line.starts_with("QUIT");
        if (over) return;
        command = line.substr(0, std::min(line.find_first_of(" \r\n"), line.size()));
        reply.clear();
    }
    // RFC 5321 section 4.2.1: a hyphen after the code says that more lines follow.
    void received(std::string_view line) {
        if (over) return;
        if (reply_ended) reply.clear();
        reply_ended = line.size() < 4 || line[3] != '-';
        if (!reply.empty()) reply += ' ';
        reply += base::trim(line);
        if (reply.size() > reply_octets_max) reply.resize(reply_octets_max);
    }
};

int watch(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
    auto& talk = *static_cast<Talk*>(user);
    if (type == CURLINFO_HEADER_OUT) talk.sent({data, size});
    if (type == CURLINFO_HEADER_IN) talk.received({data, size});
    return 0;
}

std::size_t read_letter(char* out, std::size_t size, std::size_t count, void* user) {
    auto& rest = *static_cast<std::string_view*>(user);
    const auto length = std::min(size * count, rest.size());
    std::memcpy(out, rest.data(), length);
    rest.remove_prefix(length);
    return length;
}

// A reply is about the letter only where its recipient or its text was refused; a server that
// takes no letters of this sender, or speaks to nobody, will be set right by somebody.
DeliveryAnswer judge(const Talk& talk, CURLcode result, std::string_view problem) {
    if (result == CURLE_OK) return {Delivery::accepted, talk.reply};
    const bool about_it = talk.command == "RCPT" || talk.command == "DATA";
    const bool closing = talk.reply.starts_with("421");  // RFC 5321 section 4.2.3
    if (about_it && talk.reply.starts_with('5')) return {Delivery::refused, talk.reply};
    if ((about_it || talk.command == "MAIL") && talk.reply.starts_with('4') && !closing)
        return {Delivery::later, talk.reply};
    std::string words(problem.empty() ? curl_easy_strerror(result) : problem);
    if (talk.reply.starts_with('4') || talk.reply.starts_with('5')) words += ": " + talk.reply;
    return {Delivery::unreachable, std::move(words)};
}

class SmtpMailer : public certify::Mailer {
  public:
    explicit SmtpMailer(const certify::MailerOptions& options) : handle_(curl_easy_init()) {
        ASSAY_ASSERT(handle_ != nullptr);
        set(CURLOPT_URL, options.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
        set(CURLOPT_TIMEOUT, letter_seconds);
        set(CURLOPT_PROXY, "");  // whatever the environment says
        set(CURLOPT_USE_SSL,
            static_cast<long>(options.plaintext ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (options.ca_file) {
            set(CURLOPT_CAINFO, options.ca_file->c_str());
            set(CURLOPT_CAPATH, nullptr);  // these and nobody else
        }
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_READFUNCTION, &read_letter);
        set(CURLOPT_DEBUGFUNCTION, &watch);
        set(CURLOPT_VERBOSE, 1L);
        set(CURLOPT_ERRORBUFFER, problem_);
    }
    ~SmtpMailer() override { curl_easy_cleanup(handle_); }
    SmtpMailer(const SmtpMailer&) = delete;
    SmtpMailer& operator=(const SmtpMailer&) = delete;

    DeliveryAnswer send(const std::string& from, const std::string& to,
                        const std::string& letter) override {
        talk_ = {};
        problem_[0] = '\0';
        std::string_view rest = letter;
        curl_slist* recipients = curl_slist_append(nullptr, to.c_str());
        ASSAY_ASSERT(recipients != nullptr);
        set(CURLOPT_MAIL_FROM, from.c_str());
        set(CURLOPT_MAIL_RCPT, recipients);
        set(CURLOPT_READDATA, &rest);
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(letter.size()));
        set(CURLOPT_DEBUGDATA, &talk_);
        const auto result = curl_easy_perform(handle_);
        set(CURLOPT_MAIL_RCPT, nullptr);
        curl_slist_free_all(recipients);
        return judge(talk_, result, problem_);
    }

  private:
    template <class T>
    void set(CURLoption option, T value) {
        ASSAY_ASSERT(curl_easy_setopt(handle_, option, value) == CURLE_OK);
    }

    CURL* handle_;
    Talk talk_;
    char problem_[CURL_ERROR_SIZE] = "";
};

bool is_server_url(std::string_view url) {
    for (const std::string_view scheme : {"smtp://", "smtps://"}) {
        if (!url.starts_with(scheme)) continue;
        url.remove_prefix(scheme.size());
        return !url.empty() && std::ranges::all_of(url, [](char c) {
            return base::is_alnum(c) || std::string_view(".-:[]").contains(c);
        });
    }
    return false;
}

}  // namespace

base::Result<std::unique_ptr<certify::Mailer>> open(const certify::MailerOptions& options) {
    if (!is_server_url(options.url))
        return base::fail(base::ErrorKind::usage, "Write --smtp as smtp://HOST:PORT");
    static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (ready != CURLE_OK)
        return base::fail(base::ErrorKind::internal, "libcurl could not be made ready");
    return std::make_unique<SmtpMailer>(options);
}

}  // namespace assay::post
