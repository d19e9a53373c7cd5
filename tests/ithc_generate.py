#!/usr/bin/env python3
"""Writes a synthetic .nessus of about BYTES bytes, the same each time: ithc_generate.py OUT BYTES"""
import sys

LEVELS = (("0", "None", "0.0"), ("1", "Low", "2.6"), ("2", "Medium", "5.3"), ("3", "High", "7.5"), ("4", "Critical", "9.8"))
ITEMS_PER_HOST = 200


def item(number: int) -> str:
    severity, risk, score = LEVELS[number % 5]
    plugin = 10000 + number % 5000
    output = "".join(f"  Path {line} : /opt/invented/{number}/{line}\n" for line in range(12))
    return f"""<ReportItem port="{number % 1024}" svc_name="www" protocol="tcp" severity="{severity}" \
pluginID="{plugin}" pluginName="Invented weakness {plugin}" pluginFamily="General">
<cve>CVE-2024-{plugin}</cve>
<cvss3_base_score>{score}</cvss3_base_score>
<cvss3_vector>CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H</cvss3_vector>
<description>The remote service is &lt;invented&gt; &amp; so is the weakness. {"It is described at length. " * 20}</description>
<fname>invented_{plugin}.nasl</fname>
<plugin_modification_date>2024/01/01</plugin_modification_date>
<risk_factor>{risk}</risk_factor>
<see_also>https://www.example.com/{plugin}</see_also>
<solution>Install the invented update.</solution>
<synopsis>An invented synopsis.</synopsis>
<plugin_output>{output}</plugin_output>
</ReportItem>
"""


def host(number: int) -> str:
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return f"""<ReportHost name="{address}"><HostProperties>
<tag name="host-ip">{address}</tag>
<tag name="host-fqdn">h{number}.example.com</tag>
<tag name="operating-system">Invented OS 1.0</tag>
<tag name="HOST_START">Mon Jan  1 10:00:00 2024</tag>
</HostProperties>
"""


def main() -> None:
    path, size = sys.argv[1], int(sys.argv[2])
    with open(path, "w", encoding="utf-8") as out:
        written = out.write('<?xml version="1.0" ?>\n<NessusClientData_v2>\n<Policy><policyName>Invented</policyName></Policy>\n'
                            '<Report name="Invented">\n')
        number = 0
        while written < size:
            if number % ITEMS_PER_HOST == 0:
                written += out.write("</ReportHost>\n" if number else "")
                written += out.write(host(number // ITEMS_PER_HOST))
            written += out.write(item(number))
            number += 1
        out.write(("</ReportHost>\n" if number else "") + "</Report>\n</NessusClientData_v2>\n")
    print(f"{number} findings")


if __name__ == "__main__":
    main()
