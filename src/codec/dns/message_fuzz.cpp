#include "codec/dns/message.hpp"

#include "base/assert.hpp"

namespace {

using namespace assay;
using codec::dns::Record;

void check_record(const Record& record) {
    const auto wire = codec::dns::encode_rdata(record.data);
    ASSAY_ASSERT(codec::dns::type_of(record.data) == record.type());
    if (wire.size() <= 65535) {
        const auto again = codec::dns::decode_rdata(record.type(), wire, 0, wire.size());
        if (!again || again->index() != record.data.index()) {  // kept as it came
            ASSAY_ASSERT(std::holds_alternative<codec::dns::Opaque>(record.data));
            return;
        }
        ASSAY_ASSERT(again == record.data);
    }
    const auto printed = codec::dns::print_record(record);
    if (wire.size() > 4096) return;
    ASSAY_ASSERT(codec::dns::parse_record(printed) == record);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto message = codec::dns::decode_message({data, size});
    if (!message) {
        const auto& fault = message.error();
        ASSAY_ASSERT(fault.offset <= size);
        ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
        return 0;
    }
    std::size_t records = 0;
    for (const auto* section : {&message->answer, &message->authority, &message->additional}) {
        records += section->size();
        for (const auto& record : *section)
            check_record(record);
    }
    ASSAY_ASSERT(records <= codec::dns::message_records_max);
    // The header and the question alone come back from a query.
    using codec::dns::Edns;
    const auto query =
        codec::dns::encode_query(message->header, message->question, message->question_type,
                                 (size & 1U) != 0 ? Edns::dnssec_ok : Edns::plain);
    const auto again = codec::dns::decode_message(query);
    ASSAY_ASSERT(again.has_value());
    ASSAY_ASSERT(again->header == message->header);
    ASSAY_ASSERT(again->question == message->question);
    ASSAY_ASSERT(again->question_type == message->question_type);
    ASSAY_ASSERT(again->answer.empty() && again->additional.empty());
    return 0;
}
