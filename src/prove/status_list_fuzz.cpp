#include "prove/status_list.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

namespace {

using namespace assay;

void check(const prove::StatusStatement& statement) {
    const auto& list = statement.list;
    ASSAY_ASSERT(list.bytes().size() <= prove::status_octets_max);
    if (list.places() > 0) ASSAY_ASSERT(list.get(list.places() - 1) < (1u << list.bits()));
    ASSAY_ASSERT(prove::decompress(list.bits(), prove::compress(list)) == list);
    (void)base::print(statement.issued);
    (void)base::print(statement.expires);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto read = prove::parse_status(text)) check(read->statement);
    const auto header =
        base::base64url_encode(R"({"alg":"ES256","typ":"statuslist+jwt","kid":"k"})");
    const auto token = header + "." + base::base64url_encode(text) + "." +
                       base::base64url_encode(std::string(64, 'x'));
    if (const auto read = prove::parse_status(token)) check(read->statement);
    const unsigned bits = 1u << (size % 4);
    if (const auto list = prove::decompress(bits, text)) check({.uri = {}, .list = *list});
    if (const auto list = prove::decompress(bits, base::base64url_encode(text)))
        check({.uri = {}, .list = *list});
    return 0;
}
