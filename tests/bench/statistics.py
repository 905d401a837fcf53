"""The statistics at 139, 10,000 and 100,000 members: statements and CPU time of each page, beside one plain GROUP BY.

python -m tests.bench.statistics
python -m tests.bench.statistics --members 1000000 --databases pg

The plain statement counts all members by category, in the same process: what any page of figures costs at least.
"""

import argparse
import json
import statistics

from tests.bench.harness import Workplace, print_table, ratio, sizes

PLAIN = "plain GROUP BY"
MOST_STATEMENTS = 24
# times the plain statement: one cut as of today; others as named
MOST_TIMES = 4
# the growth sorts all steps of all memberships; all are eleven tables
MOST_TIMES_OF = {"age, 2022-06-30": 6, "growth": 12, "all": 40}


def main():
    parser = sizes(__doc__)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        print(json.dumps(pages()))
        return
    with Workplace() as place:
        for kind in args.databases:
            place.create(kind, "template")
            place.measure("ours", "setup", env=place.site(kind, "template"))
            found = {}
            for members in args.members:
                place.create(kind, "ours", template="template")
                env = place.site(kind, "ours")
                place.measure("ours", "fill", members, env=env)
                found[members] = place.measure("statistics", "--worker", env=env)
            report(kind, found)


def report(kind, found):
    most = max(found)
    header = [
        "page",
        *(f"{what} {members:,}" for what in ("statements", "CPU ms") for members in found),
        f"× plain {most:,}",
    ]
    lines, missed = [], []
    plain = found[most][PLAIN]["cpu_s"]
    for page in found[most]:
        results = [pages[page] for pages in found.values()]
        times = ratio(found[most][page]["cpu_s"], plain)
        lines.append(
            [
                page,
                *(result["statements"] for result in results),
                *(round(1000 * result["cpu_s"], 1) for result in results),
                round(times, 1),
            ]
        )
        statements = {result["statements"] for result in results}
        if len(statements) > 1 or max(statements) > MOST_STATEMENTS:
            missed.append(f"{page}: {statements} statements")
        if times > MOST_TIMES_OF.get(page, MOST_TIMES):
            missed.append(f"{page}: {times:.1f} × plain")
    print_table(f"Statistics, {kind}; CPU time of process and database backend, median of 5", header, lines)
    print(f"\n{'MISSED' if missed else 'met   '} {'; '.join(missed)}")


def pages():
    """{page: what it costs}, each opened twice before it is measured five times."""
    import django

    django.setup()

    from django.db.models import Count
    from django.urls import reverse

    from members.models import Member
    from tests.bench.ours import backend, sign_in
    from tests.bench.yardsticks.meter import Meter
    from tests.bench.yardsticks.statements import Statements

    client, associations = sign_in()
    date_steps()
    address, home = reverse("members:statistics"), associations["bench"].pk

    def plain():
        list(Member.objects.order_by().values_list("category").annotate(Count("pk")))

    def open_page(**query):
        answer = client.get(address, {"association": home, **query})
        if answer.status_code != 200:
            raise SystemExit(f"{query} ended with {answer.status_code}")

    work = {PLAIN: plain}
    for cut in ("category", "age", "political", "education", "ethnicity", "township", "occupation"):
        work[cut] = lambda cut=cut: open_page(cut=cut)
    work |= {
        "age, 2022-06-30": lambda: open_page(cut="age", day="2022-06-30"),
        "growth": lambda: open_page(cut="growth"),
        "all": lambda: open_page(cut="all"),
    }
    found, pid = {}, backend()
    for name, step in work.items():
        costs = []
        for _ in range(7):
            with Statements() as statements:
                meter = Meter(pid)
                step()
                costs.append(meter.read()["cpu_s"])
        found[name] = {"cpu_s": statistics.median(costs[2:]), "statements": statements.count}
    return found


def date_steps():
    """Give the steps of most members the day of joining, some of them a second one, as years of use leave them."""
    from django.db.models import F, OuterRef, Subquery
    from django.db.models.functions import Mod

    from members.models import Member, StatusChange
    from tests.bench.register import settle

    joined = Member.objects.filter(pk=OuterRef("member")).values("joined")
    StatusChange.objects.annotate(rest=Mod(F("member"), 5)).exclude(rest=0).update(on=Subquery(joined))
    leaving = Member.objects.annotate(rest=Mod(F("pk"), 20)).filter(rest=0).values_list("pk", flat=True)
    StatusChange.objects.bulk_create(
        (StatusChange(member_id=pk, status="退会", on="2023-05-10") for pk in leaving.iterator()),
        batch_size=5000,
    )
    settle()


if __name__ == "__main__":
    main()
