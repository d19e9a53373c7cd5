#include "codec/ithc/text.hpp"

#include <doctest/doctest.h>

#include "codec/ithc/finding.hpp"

namespace assay::codec::ithc {

TEST_CASE("bytes that are not UTF-8 are replaced, however the stream is cut") {
    const std::string text =
        "a\xff"
        "\xc3\xa9\xe2\x82\xac\xc3(\x01\xf0\x9f\x98";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        Utf8Repair repair(true);
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += size)
            out += repair.feed(std::string_view(text).substr(at, size));
        out += repair.finish();
        CHECK(out == "a\uFFFD\u00e9\u20ac\uFFFD(\uFFFD\uFFFD\uFFFD\uFFFD");
        CHECK(repair.repaired() == 6);
    }
    std::uint64_t repaired = 0;
    CHECK(text_of_cell("caf\xe9 \x80", repaired) == "caf\u00e9 \u20ac");
    CHECK(repaired == 2);
}

TEST_CASE("text is cut between characters") {
    std::string text = "ab\u20ac";
    CHECK(cut(text, 4));
    CHECK(text == "ab");
    CHECK(!cut(text, 2));
}

TEST_CASE("HTML becomes text") {
    CHECK(html_to_text("plain") == "plain");
    CHECK(html_to_text("a<br/>b<p>c &lt;d&gt; &amp;amp; &#8217;&#x41;</p>") ==
          "a\nb\nc <d> &amp; \u2019A");
    CHECK(html_to_text("<ul><li>one</li><li class=\"x\">two</li></ul>") == "- one\n- two");
    CHECK(html_to_text("1 < 2 && 3 <4 <") == "1 < 2 && 3 <4 <");
    CHECK(html_to_text("a <b") == "a <b");
    CHECK(html_to_text("&#0; &#xd800; &bogus;") == "&#0; &#xd800; &bogus;");
}

TEST_CASE("CVE and CWE numbers are found in prose, each once") {
    std::vector<std::string> cve;
    add_cves(cve, "cve-2024-1234, CVE-2024-12345;CVE-2024-1234 XCVE-2024-9999 CVE-2024-12");
    CHECK(cve == std::vector<std::string>{"CVE-2024-1234", "CVE-2024-12345"});
    std::vector<std::string> cwe;
    add_cwes(cwe, "CWE-79: XSS, cwe:89", false);
    add_cwes(cwe, " 352 ", true);
    add_cwes(cwe, "12", false);
    CHECK(cwe == std::vector<std::string>{"CWE-79", "CWE-89", "CWE-352"});
}

TEST_CASE("keys tell findings apart and do not run together") {
    Finding one;
    one.tool = "Nessus";
    one.tool_id = "21156";
    one.sub_check = "1.1 Password length";
    one.asset.ip = "192.0.2.1";
    one.asset.port = "443";
    one.asset.protocol = "TCP";
    CHECK(identity_key(one) == "finding|Nessus|21156|1.1 Password length|192.0.2.1||443/tcp|");
    CHECK(grouping_key(one) == "group|Nessus|21156");
    Finding other = one;
    other.sub_check = "1.2 Password age";
    CHECK(identity_key(other) != identity_key(one));
    CHECK(grouping_key(other) == grouping_key(one));
    Finding a, b;
    a.tool = "x|y";
    b.tool = "x";
    b.tool_id = "y|";
    CHECK(identity_key(a) != identity_key(b));
    CHECK(grouping_key(a) == "group|x%7Cy|");
    // The DNS name comes and goes between scans; the address stays.
    other = one;
    other.asset.fqdn = "host.example.com";
    CHECK(identity_key(other) == identity_key(one));
}

}  // namespace assay::codec::ithc
