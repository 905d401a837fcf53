"""The page of probable duplicates at 139, 10,000 and 100,000 members: statements and CPU time.

python -m tests.bench.duplicates
python -m tests.bench.duplicates --members 10000 --databases pg

One member in a hundred stands in the register twice, half of them with another mobile number.
"""

import re
import statistics

from tests.bench.harness import look_at_sizes, print_table

ROUNDS, WARM_UP = 5, 1
PAGES = {"all reasons": "", "same name and mobile": "reason=mobile", "one character": "reason=character"}


def main():
    look_at_sizes("duplicates", __doc__, fill=fill, look=look, report=report)


def fill(members):
    from members.models import Member
    from organizations.models import Association
    from tests.bench import register

    root = Association.objects.get(code="bench")
    register.fill(root, members)
    for place, member in enumerate(Member.objects.filter(association=root).order_by("pk")[: members // 100]):
        member.pk, member.number, member._state.adding = None, "", True
        member.id_number = ""
        if place % 2:
            member.mobile = ""
        member.save()
    register.settle()
    return {}


def look():
    """{page: {"cpu_s", "statements", "pairs"}}"""
    from tests.bench.ours import backend, sign_in
    from tests.bench.yardsticks.meter import Meter
    from tests.bench.yardsticks.statements import Statements

    client, _associations = sign_in()
    pid, found = backend(), {}
    for name, query in PAGES.items():
        costs = []
        for _round in range(WARM_UP + ROUNDS):
            with Statements() as statements:
                meter = Meter(pid)
                page = client.get(f"/admin/members/member/duplicates/?{query}")
                costs.append(meter.read()["cpu_s"])
        found[name] = {
            "cpu_s": statistics.median(costs[WARM_UP:]),
            "statements": statements.count,
            "pairs": int((re.search(rb'class="lead">\D*(\d+)', page.content) or [0, 0])[1]),
        }
    return found


def report(kind, found):
    header = [
        "page",
        *(f"{what} {members:,}" for what in ("pairs", "statements", "CPU ms") for members in found),
    ]
    lines, uneven = [], []
    for name in PAGES:
        pages = [pages[name] for pages in found.values()]
        cpu = [round(1000 * page["cpu_s"], 1) for page in pages]
        lines.append(
            [name, *(page["pairs"] for page in pages), *(page["statements"] for page in pages), *cpu]
        )
        if len({page["statements"] for page in pages}) > 1:
            uneven.append(name)
    print_table(f"Probable duplicates, {kind}; median of {ROUNDS}", header, lines)
    print(
        f"\n{'MISSED' if uneven else 'met   '} the same number of statements at all sizes {', '.join(uneven)}"
    )


if __name__ == "__main__":
    main()
