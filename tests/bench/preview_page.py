"""The preview of a long file: how soon its first page is there, and what pages of it cost.

python -m tests.bench.preview_page
python -m tests.bench.preview_page --rows 100000 --databases sqlite

One row in ten has a mobile number too short, one in ten an unknown category.
"""

import argparse
import json
import statistics

from tests.bench.harness import Workplace, options, print_table
from tests.bench.import_roster import WARM, write_warm_up
from tests.bench.yardsticks import gen_roster

MOBILE, CATEGORY = gen_roster.COLUMNS.index("手机"), gen_roster.COLUMNS.index("会员类别")
TABS = {"rows": "?tab=new", "doubts": "?tab=doubtful"}
ROUNDS, WARM_UP = 7, 2
MOST_TIMES, MOST_MS = 2, 50


def main():
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[139, 10_000])
    parser.add_argument("--look", nargs=2, metavar="FILE", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.look:
        import django

        django.setup()
        print(json.dumps(look(*args.look)))
        return
    with Workplace() as place:
        write_warm_up(place.folder)
        for rows in args.rows:
            gen_roster.write_xlsx(str(place.folder / f"{rows}.xlsx"), people(rows))
        for kind in args.databases:
            found = {}
            for rows in args.rows:
                place.create(kind, "ours")
                env = place.site(kind, "ours")
                place.measure("ours", "setup", env=env)
                files = [place.folder / f"{rows}.xlsx", place.folder / WARM]
                found[rows] = place.measure("preview_page", "--look", *files, env=env)
            report(kind, found)


def people(rows):
    for number, row in enumerate(gen_roster.rows(rows)):
        if number % 10 == 3:
            row[MOBILE] = row[MOBILE][:-1]
        elif number % 10 == 6:
            row[CATEGORY] = "待定类别"
        yield row


def look(path, warm):
    """{"read_s", "page_s": from the upload to the first page, tab: {"cpu_s", "statements", "bytes"}}; CPU seconds."""
    from django.urls import reverse

    from members.imports.pipeline import read_file
    from tests.bench.ours import backend, import_file, sign_in, work_off
    from tests.bench.yardsticks.meter import Meter
    from tests.bench.yardsticks.statements import Statements

    client, associations = sign_in()
    import_file(client, associations["warm"], warm)
    pid = backend()
    meter = Meter(pid)
    read_file(path)
    found = {"read_s": meter.read()["cpu_s"]}
    meter = Meter(pid)
    upload = {"association": associations["bench"].pk}
    with open(path, "rb") as file:
        answer = client.post(reverse("members:import_upload"), upload | {"file": file})
    work_off()
    client.get(answer.url)
    found["page_s"] = meter.read()["cpu_s"]
    for name, tab in TABS.items():
        costs = []
        for _round in range(WARM_UP + ROUNDS):
            with Statements() as statements:
                meter = Meter(pid)
                page = client.get(answer.url + tab)
                costs.append(meter.read()["cpu_s"])
        if page.status_code != 200 or b'class="rows"' not in page.content:
            raise SystemExit(f"no rows on the page of {name}: {page.status_code}")
        found[name] = {
            "cpu_s": statistics.median(costs[WARM_UP:]),
            "statements": statements.count,
            "bytes": len(page.content),
        }
    return found


def report(kind, found):
    header = ["rows", "reading CPU s", "until first page", "times"]
    header += [f"{tab}: {what}" for tab in TABS for what in ("CPU ms", "statements", "kB")]
    lines = []
    for rows, costs in found.items():
        line = [rows, costs["read_s"], costs["page_s"], costs["page_s"] / costs["read_s"]]
        for tab in TABS:
            page = costs[tab]
            line += [round(1000 * page["cpu_s"], 1), page["statements"], page["bytes"] / 1000]
        lines.append(line)
    print_table(f"Previews, {kind}", header, lines)
    times, longest = lines[-1][3], max(1000 * costs["doubts"]["cpu_s"] for costs in found.values())
    print(
        f"\n{met(times <= MOST_TIMES)} first page after {times:.1f} times the reading, at most {MOST_TIMES}"
    )
    print(f"{met(longest <= MOST_MS)} first page of doubts {longest:.0f} ms CPU, at most {MOST_MS}")


def met(is_met):
    return "met   " if is_met else "MISSED"


if __name__ == "__main__":
    main()
