#include "document/pdf_source.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace assay::document {

std::span<const std::uint8_t> PdfSource::window() {
    if (at_ >= start_ && at_ < start_ + filled_) {
        return std::span(bytes_).first(filled_).subspan(at_ - start_);
    }
    if (at_ >= size_ || failure_) return {};
    const auto wanted = std::min<std::uint64_t>(bytes_.size(), size_ - at_);
    const auto count = source_.read_at(at_, std::span(bytes_).first(wanted));
    if (!count) {
        failure_ = count.error();
        return {};
    }
    start_ = at_;
    filled_ = *count;
    return std::span(bytes_).first(filled_);
}

qpdf_offset_t PdfSource::findAndSkipNextEOL() {
    const auto is_end = [](std::uint8_t byte) { return byte == '\r' || byte == '\n'; };
    bool found = false;
    for (auto rest = window(); !rest.empty(); rest = window()) {
        if (!found) {
            const auto end = std::ranges::find_if(rest, is_end);
            at_ += static_cast<std::uint64_t>(end - rest.begin());
            if (end == rest.end()) continue;
            found = true;
            last_offset = static_cast<qpdf_offset_t>(at_);
            rest = rest.subspan(static_cast<std::size_t>(end - rest.begin()));
        }
        const auto next = std::ranges::find_if_not(rest, is_end);
        at_ += static_cast<std::uint64_t>(next - rest.begin());
        if (next != rest.end()) break;
    }
    return found ? last_offset : static_cast<qpdf_offset_t>(at_);
}

void PdfSource::seek(qpdf_offset_t offset, int whence) {
    const auto base = whence == SEEK_SET   ? std::int64_t{0}
                      : whence == SEEK_CUR ? static_cast<std::int64_t>(at_)
                                           : static_cast<std::int64_t>(size_);
    std::int64_t sum = 0;
    if (__builtin_add_overflow(base, std::int64_t{offset}, &sum) || sum < 0) {
        throw std::runtime_error("seek before the beginning");  // qpdf's own way to say so
    }
    at_ = static_cast<std::uint64_t>(sum);
}

std::size_t PdfSource::read(char* buffer, std::size_t length) {
    last_offset = static_cast<qpdf_offset_t>(at_);
    std::size_t done = 0;
    while (done < length) {
        const auto rest = window();
        if (rest.empty()) break;
        const auto count = std::min(rest.size(), length - done);
        std::memcpy(buffer + done, rest.data(), count);
        done += count;
        at_ += count;
    }
    return done;
}

void PdfSource::unreadCh(char) {
    if (at_ > 0) --at_;
}

}  // namespace assay::document
