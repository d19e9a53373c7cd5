#include "codec/dns/record.hpp"

#include "base/assert.hpp"

namespace {

using namespace assay;
using codec::dns::Rdata;
using codec::dns::Type;

constexpr Type types[] = {Type::A,    Type::NS,         Type::CNAME, Type::SOA,  Type::PTR,
                          Type::MX,   Type::TXT,        Type::AAAA,  Type::SRV,  Type::DNAME,
                          Type::OPT,  Type::DS,         Type::RRSIG, Type::NSEC, Type::DNSKEY,
                          Type::TLSA, Type::NSEC3PARAM, Type::HTTPS, Type::CAA,  Type::NSEC3};

void check_fault(const base::Fault& fault, std::size_t size) {
    ASSAY_ASSERT(fault.offset <= size);
    ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
}

// The value comes back from its text and from its octets.
void check_data(Type type, const Rdata& data) {
    ASSAY_ASSERT(codec::dns::type_of(data) == type);
    const auto wire = codec::dns::encode_rdata(data);
    // Compressed names may unfold to more than fits.
    if (wire.size() > 65535) return;
    ASSAY_ASSERT(codec::dns::decode_rdata(type, wire, 0, wire.size()) == data);
    const auto printed = codec::dns::print_rdata(data);
    ASSAY_ASSERT(codec::dns::parse_rdata(type, printed) == data);
    if (const auto* key = std::get_if<codec::dns::Dnskey>(&data)) {
        ASSAY_ASSERT(key->rsa_bits() <= key->key.size() * 8);
        key->key_tag();
    }
}

void check_type(Type type, std::string_view text, std::span<const std::uint8_t> wire) {
    const auto parsed = codec::dns::parse_rdata(type, text);
    if (parsed) {
        check_data(type, *parsed);
    } else {
        check_fault(parsed.error(), text.size());
    }
    const auto decoded = codec::dns::decode_rdata(type, wire, 0, wire.size());
    if (decoded) {
        check_data(type, *decoded);
    } else {
        check_fault(decoded.error(), wire.size());
    }
}

}  // namespace

// A line of a master file; its data behind the first word, and all of it, as data of every type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto origin = codec::dns::parse_name("example.com").value();
    const auto record = codec::dns::parse_record(text, origin);
    if (record) {
        check_data(record->type(), record->data);
        const auto printed = codec::dns::print_record(*record);
        ASSAY_ASSERT(codec::dns::parse_record(printed) == *record);
    } else {
        check_fault(record.error(), size);
    }
    const auto space = text.find(' ');
    const auto rest = space == std::string_view::npos ? text : text.substr(space + 1);
    for (const auto type : types)
        check_type(type, rest, {data, size});
    check_type(Type{65280}, rest, {data, size});
    // At an offset, with names that point to what stands before.
    const std::size_t offset = size / 2;
    for (const auto type : types) {
        const auto inner = codec::dns::decode_rdata(type, {data, size}, offset, size - offset);
        if (inner) check_data(type, *inner);
    }
    return 0;
}
