"""The workbench against a member's page of the same run, at 139, 10,000 and 100,000 members, and by hand a million.

python -m tests.bench.workbench
python -m tests.bench.workbench --members 1000000 --databases pg

Each ten thousand members beyond the first have an association of their own below the secretary's. Of those who left
a fifth did so in each of the last five years. Before anything is measured the counts kept are compared with GROUP BY.
"""

import statistics

from tests.bench.harness import look_at_sizes, print_table

MOST = 3  # times a member's page
A_PLACE = 10_000
ROUNDS, WARM_UP = 9, 2


def main():
    look_at_sizes("workbench", __doc__, fill=fill, look=look, report=report)


def fill(members):
    from organizations.models import Association
    from tests.bench import register

    root = Association.objects.get(code="bench")
    register.fill(root, min(members, A_PLACE))
    for number in range(1, members // A_PLACE):
        copy_members(root, Association.objects.create(code=f"b{number}", name=f"第{number}分会", parent=root))
    date_leavings()
    register.settle()
    return {}


def copy_members(of, to):
    """The members of the association `of` once more in `to`, with their status; by SQL, or a million takes an hour."""
    from django.db import connection
    from django.utils import timezone

    from members.imports import bulk
    from members.models import Member, StatusChange

    def copied(model, **other):
        columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
        listed = ", ".join(connection.ops.quote_name(column) for column in columns)
        values = ", ".join(other.get(column, f"m.{column}") for column in columns)
        return (
            f"INSERT INTO {model._meta.db_table} ({listed}) "
            f"SELECT {values} FROM members_member AS m WHERE m.association_id = %s"
        )

    step = {"member_id": "m.id", "entered_by_id": "NULL", "entered_at": "m.created_at"}
    step |= dict.fromkeys(("on", "decided_by", "document"), "''")
    with connection.cursor() as cursor:
        # imports of different associations are of different moments
        moment = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(copied(Member, association_id="%s", updated_at="%s"), [to.pk, moment, of.pk])
        bulk.take_stock(Member, A_PLACE)
        cursor.execute(copied(StatusChange, **step), [to.pk])


def date_leavings():
    from django.db import connection
    from django.db.models import F
    from django.utils import timezone

    from members.models import StatusChange
    from members.models.member import LEFT

    year = timezone.localdate().year
    for before in range(5):
        steps = StatusChange.objects.alias(fifth=F("member_id") % 5).filter(status__in=LEFT, fifth=before)
        steps.update(on=f"{year - before}-05-06")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # as an import leaves it behind
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute("ANALYZE")


def look():
    """{page: {"cpu_s", "statements", "bytes"}}, the pages in turn."""
    from members.models import Member, User
    from tests.bench.ours import backend, sign_in
    from tests.bench.yardsticks.meter import Meter
    from tests.bench.yardsticks.statements import Statements
    from tests.members.test_counts import grouped, kept

    if kept() != grouped():
        raise SystemExit("the counts kept are not those of GROUP BY")
    client, _associations = sign_in()
    User.objects.update(shows_birthdays=True)
    pid, costs = backend(), {}
    pages = {
        "a member's page": Member.objects.order_by("pk")[70].get_absolute_url(),
        "workbench": "/admin/",
        "workbench, one association": f"/admin/?association={Member.objects.latest('pk').association_id}",
    }
    for _round in range(WARM_UP + ROUNDS):
        for name, address in pages.items():
            with Statements() as statements:
                meter = Meter(pid)
                page = client.get(address)
                cpu = meter.read()["cpu_s"]
            if page.status_code != 200:
                raise SystemExit(f"{address} ended with {page.status_code}")
            costs.setdefault(name, []).append((cpu, statements.count, len(page.content)))
    return {
        name: {
            "cpu_s": statistics.median(cpu for cpu, _count, _size in found[WARM_UP:]),
            "statements": found[-1][1],
            "bytes": found[-1][2],
        }
        for name, found in costs.items()
    }


def report(kind, found):
    first, *others = next(iter(found.values()))
    lines, high, uneven = [], [], []
    for page in (first, *others):
        results = [pages[page] for pages in found.values()]
        ratios = [pages[page]["cpu_s"] / pages[first]["cpu_s"] for pages in found.values()]
        statements = [result["statements"] for result in results]
        cpu = [round(1000 * result["cpu_s"], 1) for result in results]
        lines.append([page, *statements, *cpu, *ratios, results[-1]["bytes"] / 1000])
        if max(ratios) > MOST:
            high.append(page)
        if len(set(statements)) > 1:
            uneven.append(page)
    sizes = [f"{members:,}" for members in found]
    header = ["page", *(f"{what} {size}" for what in ("statements", "CPU ms", "÷ page") for size in sizes)]
    print_table(f"Workbench, {kind}; median of {ROUNDS}", [*header, "kB"], lines)
    print(f"\n{'MISSED' if high else 'met   '} at most {MOST} × a member's page {', '.join(high)}")
    print(
        f"{'MISSED' if uneven else 'met   '} the same number of statements at all sizes {', '.join(uneven)}"
    )


if __name__ == "__main__":
    main()
