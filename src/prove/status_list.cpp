#include "prove/status_list.hpp"

#include <zlib.h>

#include <boost/json.hpp>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace assay::prove {

namespace json = boost::json;

namespace {

std::unexpected<base::Error> malformed(std::string_view what) {
    return base::fail(base::ErrorKind::malformed,
                      "this is not a status list: " + std::string(what));
}

bool is_width(std::uint64_t bits) {
    return bits == 1 || bits == 2 || bits == 4 || bits == 8;
}

}  // namespace

StatusList::StatusList(unsigned bits, std::uint64_t places)
    : bits_(bits), bytes_((places * bits + 7) / 8, '\0') {
    ASSAY_ASSERT(is_width(bits));
}

base::Result<StatusList> StatusList::from_bytes(unsigned bits, std::string bytes) {
    if (!is_width(bits)) return malformed("its width is not 1, 2, 4 or 8 bits");
    StatusList out(bits);
    out.bytes_ = std::move(bytes);
    return out;
}

std::uint8_t StatusList::get(std::uint64_t index) const {
    ASSAY_ASSERT(index < places());
    const auto byte = static_cast<std::uint8_t>(bytes_[index * bits_ / 8]);
    return static_cast<std::uint8_t>(byte >> (index * bits_ % 8) & ((1u << bits_) - 1));
}

void StatusList::set(std::uint64_t index, std::uint8_t value) {
    ASSAY_ASSERT(index < places() && value < (1u << bits_));
    const unsigned shift = index * bits_ % 8;
    auto& byte = bytes_[index * bits_ / 8];
    const unsigned mask = ((1u << bits_) - 1) << shift;
    byte = static_cast<char>((static_cast<std::uint8_t>(byte) & ~mask) |
                             (static_cast<unsigned>(value) << shift));
}

std::string compress(const StatusList& list) {
    uLongf size = compressBound(list.bytes().size());
    std::string out(size, '\0');
    const int done = compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                               reinterpret_cast<const Bytef*>(list.bytes().data()),
                               list.bytes().size(), Z_BEST_COMPRESSION);
    ASSAY_ASSERT(done == Z_OK);  // fails only without memory
    out.resize(size);
    return base::base64url_encode(out);
}

base::Result<StatusList> decompress(unsigned bits, std::string_view text) {
    const auto packed = base::base64url_decode(text);
    if (!packed) return malformed("it is not base64url");
    std::string bytes(status_octets_max + 1, '\0');
    uLongf size = bytes.size();
    uLong used = packed->size();
    const int done = uncompress2(reinterpret_cast<Bytef*>(bytes.data()), &size,
                                 reinterpret_cast<const Bytef*>(packed->data()), &used);
    if (done == Z_BUF_ERROR && size > status_octets_max)
        return base::fail(base::ErrorKind::limit, "the status list is larger than 1 MB");
    if (done != Z_OK || used != packed->size()) return malformed("it is not zlib data");
    if (size > status_octets_max)
        return base::fail(base::ErrorKind::limit, "the status list is larger than 1 MB");
    bytes.resize(size);
    return StatusList::from_bytes(bits, std::move(bytes));
}

base::Result<std::string> sign_status(const StatusStatement& statement, std::string_view key_id,
                                      const crypto::PrivateKey& key) {
    const json::object payload{
        {"sub", statement.uri},
        {"iat", statement.issued.time_since_epoch().count()},
        {"exp", statement.expires.time_since_epoch().count()},
        {"ttl", statement.ttl_s},
        {"status_list", {{"bits", statement.list.bits()}, {"lst", compress(statement.list)}}}};
    return sign_jws(payload, status_list_type, key_id, key);
}

base::Result<SignedStatus> parse_status(std::string_view text) {
    ASSAY_TRY(auto jws, parse_jws(text, status_list_type));
    const auto number = [](const json::object& in,
                           std::string_view name) -> std::optional<std::uint64_t> {
        const auto* value = in.if_contains(name);
        boost::system::error_code failure;
        if (value == nullptr || !value->is_number()) return std::nullopt;
        const auto out = value->to_number<std::uint64_t>(failure);
        return failure || out >= (1ull << 40) ? std::nullopt : std::optional(out);
    };
    const auto* uri = jws.payload.if_contains("sub");
    const auto* list = jws.payload.if_contains("status_list");
    if (uri == nullptr || !uri->is_string() || list == nullptr || !list->is_object())
        return malformed("'sub' or 'status_list' is missing");
    const auto issued = number(jws.payload, "iat"), expires = number(jws.payload, "exp");
    const auto ttl = number(jws.payload, "ttl"), bits = number(list->get_object(), "bits");
    const auto* packed = list->get_object().if_contains("lst");
    if (!issued || !expires || !ttl || *ttl > UINT32_MAX || !bits || !is_width(*bits) ||
        packed == nullptr || !packed->is_string())
        return malformed("'iat', 'exp', 'ttl', 'bits' or 'lst' is missing or wrong");
    ASSAY_TRY(auto values, decompress(static_cast<unsigned>(*bits), packed->get_string()));
    SignedStatus out{{.uri = std::string(uri->get_string()),
                      .issued = base::Moment(std::chrono::seconds(*issued)),
                      .expires = base::Moment(std::chrono::seconds(*expires)),
                      .ttl_s = static_cast<std::uint32_t>(*ttl),
                      .list = std::move(values)},
                     std::move(jws)};
    return out;
}

}  // namespace assay::prove
