#include "codec/dns/suffix.hpp"

#include <libpsl.h>

#include <cstdio>

namespace assay::codec::dns {

struct SuffixList::Handle {
    explicit Handle(const psl_ctx_t* list, psl_ctx_t* own = nullptr) : context(list), owned(own) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { psl_free(owned); }

    const psl_ctx_t* context;
    psl_ctx_t* owned;
};

base::Result<SuffixList> SuffixList::parse(std::string_view list) {
    std::string text(list);
    std::FILE* file = text.empty() ? nullptr : fmemopen(text.data(), text.size(), "r");
    psl_ctx_t* context = file != nullptr ? psl_load_fp(file) : nullptr;
    if (file != nullptr) std::fclose(file);
    if (context == nullptr || psl_suffix_count(context) == 0) {
        psl_free(context);
        return base::fail(base::ErrorKind::usage, "This is not a public suffix list");
    }
    return SuffixList(std::make_shared<const Handle>(context, context));
}

SuffixList SuffixList::builtin() {
    return SuffixList(std::make_shared<const Handle>(psl_builtin()));
}

bool SuffixList::is_public_suffix(const Name& name) const {
    if (name.is_root()) return true;
    return psl_is_public_suffix(handle_->context, name.text().c_str()) == 1;
}

Name SuffixList::public_suffix(const Name& name) const {
    for (Name at = name; !at.is_root(); at = at.parent()) {
        if (is_public_suffix(at)) return at;
    }
    return {};
}

std::optional<Name> SuffixList::registrable_domain(const Name& name) const {
    const auto suffix = public_suffix(name);
    if (suffix == name || suffix.is_root()) return std::nullopt;
    return name.suffix(suffix.label_count() + 1);
}

}  // namespace assay::codec::dns
