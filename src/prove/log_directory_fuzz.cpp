#include "prove/log_directory.hpp"

#include "base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto bundle = prove::parse_bundle(text);
    if (!bundle) return 0;
    ASSAY_ASSERT(bundle->size() <= prove::tile_width);
    ASSAY_ASSERT(prove::print_bundle(*bundle) == text);
    // Whatever the entries: the tree proves each of them, and each of its beginnings.
    prove::Tree tree;
    for (const auto& entry : *bundle) {
        ASSAY_ASSERT(entry.size() <= prove::entry_octets_max);
        tree.append(prove::leaf_hash(entry));
    }
    const auto count = tree.size();
    const auto root = tree.root(count);
    for (std::uint64_t i = 0; i < count; i += 1 + count / 4) {
        const auto leaf = prove::leaf_hash((*bundle)[i]);
        ASSAY_ASSERT(prove::verify_inclusion(leaf, i, count, tree.inclusion_proof(i, count), root));
        ASSAY_ASSERT(prove::verify_consistency(i + 1, tree.root(i + 1), count, root,
                                               tree.consistency_proof(i + 1, count)));
    }
    return 0;
}
