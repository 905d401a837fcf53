"""One step of our site in one process, one line of JSON out; the other benchmarks start it.

    python -m tests.bench.ours setup            # tables, an association, its secretary; a second one to warm up in
    python -m tests.bench.ours import FILE      # upload, preview, confirm, result: all that a person does
    python -m tests.bench.ours fill N           # N made-up members, past the import
    python -m tests.bench.ours lists            # pages of the staff's lists
    python -m tests.bench.ours search           # statements of a search's first page, in two orders
    python -m tests.bench.ours export xlsx|csv  # all members with all columns
    python -m tests.bench.ours serve PORT       # the server of `manage.py start`

The environment says on which database (harness.py). --warm FILE imports that file into the other association first,
so that the process is as warm as a worker that has served before; --memory measures the peak above idle instead of
CPU time; --profile OUT leaves a cProfile of the work; --statements prints what was sent to the database.
"""

import argparse
import cProfile
import json
import re
import statistics
import sys
import time

from django.test import Client

from tests.bench.harness import PASSWORD, SECRETARY

HOST = "localhost"


def main():
    import django

    django.setup()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=["setup", "import", "fill", "lists", "search", "export", "serve"])
    parser.add_argument("argument", nargs="?")
    parser.add_argument("--warm", metavar="FILE")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--profile", metavar="OUT")
    parser.add_argument("--statements", action="store_true")
    args = parser.parse_args()
    if args.step == "serve":
        from config.server import serve

        serve("127.0.0.1", int(args.argument))
        return
    steps = {"setup": setup, "fill": fill, "lists": lists, "search": search}
    print(json.dumps(steps.get(args.step, measure)(args)))


def setup(args):
    from django.core.management import call_command

    from members.rights import Role
    from tests.make import grant, make_association, make_user

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    secretary = make_user(SECRETARY, password=PASSWORD)
    for code in ("bench", "warm"):
        grant(secretary, Role.SECRETARY, make_association(code=code))
    return {}


def sign_in():
    """A client of the secretary, and {code: association}."""
    from members.models import User
    from organizations.models import Association

    client = Client(SERVER_NAME=HOST)
    client.force_login(
        User.objects.get(email=SECRETARY),
        backend="members.backends.SignInBackend",
    )
    return client, {association.code: association for association in Association.objects.all()}


def measure(args):
    """An import or an export: what it costs, or with --memory what it holds."""
    from tests.bench.yardsticks.meter import Meter, Peak
    from tests.bench.yardsticks.statements import Statements

    client, associations = sign_in()
    if args.warm:
        import_file(client, associations["warm"], args.warm)
    if args.step == "export":
        export(client, args.argument, f"?ids={first_member()}")

    def work(meter=None):
        if args.step == "export":
            return export(client, args.argument)
        return import_file(client, associations["bench"], args.argument, meter)

    if args.memory:
        with Peak() as peak:
            result = work()
        return result | {
            "peak_mb": peak.together_mb,
            "own_peak_mb": peak.own_mb,
            "children_mb": peak.children_mb,
            "idle_mb": peak.idle_mb,
        }
    if args.profile:
        with cProfile.Profile() as profile:
            result = work()
        profile.dump_stats(args.profile)
        return result
    with Statements() as statements:
        meter = Meter(backend())
        result = work(meter)
        result |= meter.read() | {"statements": statements.count}
    if args.statements:
        _print_statements(statements)
    return result


def backend():
    """The process of our connection's PostgreSQL backend, or None."""
    from django.db import connection

    connection.ensure_connection()
    return connection.connection.info.backend_pid if connection.vendor == "postgresql" else None


def _print_statements(statements):
    print(*(statement[:300] for statement in statements.seen), sep="\n", file=sys.stderr)


def import_file(client, association, path, meter=None):
    """Upload, look at the preview, confirm, look at the result; refuse to go on if any step fails."""
    from django.urls import reverse

    from members.models import ImportBatch, Member

    with open(path, "rb") as file:
        answer = client.post(reverse("members:import_upload"), {"association": association.pk, "file": file})
    if answer.status_code != 302:
        said = re.findall(r'<ul class="errorlist.*?</ul>', answer.content.decode(), re.DOTALL)
        raise SystemExit(f"upload refused: {answer.status_code} {said}")
    page = answer.url
    work_off()
    preview = client.get(page)
    previewed = meter.read()["cpu_s"] if meter else None
    batch = ImportBatch.objects.filter(association=association).latest("id")
    counts = dict(batch.counts)
    answer = client.post(reverse("members:import_apply", args=[batch.pk]))
    work_off()
    result = client.get(answer.url)
    if (preview.status_code, answer.status_code, result.status_code) != (200, 302, 200):
        raise SystemExit(f"import ended with {preview.status_code} {answer.status_code} {result.status_code}")
    batch.refresh_from_db()
    return {
        "preview_bytes": len(preview.content),
        "result_bytes": len(result.content),
        "counts": counts,
        "applied": batch.counts["applied"],
        "members": Member.objects.filter(association=association).count(),
        **({"preview_cpu_s": previewed} if meter else {}),
    }


def work_off():
    """Do in this process what waits for the worker, so that it is measured with the rest."""
    from django_tasks_db.models import DBTaskResult

    for waiting in DBTaskResult.objects.ready():
        waiting.claim("bench")
        waiting.task.call(*waiting.args_kwargs["args"])
        waiting.set_successful(None)


def first_member():
    from members.models import Member

    return Member.objects.order_by("pk").values_list("pk", flat=True)[0]


def export(client, ending, query=""):
    """All columns of all members, or of those that `query` asks for; read to its end, as a browser does."""
    from django.urls import reverse

    from members.resources import KEYS

    address = reverse("admin:members_member_export") + query
    chosen = {"keys": KEYS, "format": ending, "step": "export", "reason": "benchmark", "identity": "on"}
    answer = client.post(address, chosen)
    if answer.status_code != 200 or not answer.streaming:
        raise SystemExit(f"export ended with {answer.status_code}")
    return {"bytes": sum(map(len, answer.streaming_content))}


def fill(args):
    from organizations.models import Association
    from tests.bench import register

    register.fill(Association.objects.get(code="bench"), int(args.argument))
    register.settle()
    return {}


def lists(args):
    """{name of the page: what it costs}, each opened twice before it is measured five times."""
    from tests.bench.yardsticks.meter import Meter
    from tests.bench.yardsticks.statements import Statements

    client, _associations = sign_in()
    pid = backend()
    found = {}
    for name, address in addresses().items():
        costs = []
        for number in range(7):
            with Statements() as statements:
                meter = Meter(pid)
                page = client.get(address)
                costs.append(meter.read()["cpu_s"])
            if page.status_code != 200:
                raise SystemExit(f"{address} ended with {page.status_code}")
            if args.statements and number == 6:
                print(f"\n== {name}", file=sys.stderr)
                _print_statements(statements)
        found[name] = {
            "cpu_s": statistics.median(costs[2:]),
            "statements": statements.count,
            "bytes": len(page.content),
        }
    return found


def search(args):
    """{"member by key": ms, (word, order): {"ms": …, "hits": …}}: wall time in statements, the least of several."""
    from members.models import Member, User

    user = User.objects.get(email=SECRETARY)
    listed = Member.objects.staff_visible_to(user).select_related("employer")
    keys = Member.objects.order_by("pk").values_list("pk", flat=True)
    person = Member.objects.get(pk=keys[keys.count() // 2])
    found = {"member by key": _statement_ms(lambda: Member.objects.get(pk=person.pk), 41)}
    for what, text in words(person).items():
        for order in (["id"], ["pinyin", "id"]):
            rows = listed.order_by(*order).search(text, user)[:51]
            found[f"{what}, by {order[0]}"] = {
                "ms": _statement_ms(
                    lambda order=order, text=text: len(listed.order_by(*order).search(text, user)[:51]), 9
                ),
                "hits": len(rows),
            }
    return found


def words(person):
    """{what it is: what somebody types}; person: a member in the middle of the register."""
    return {
        "one character, surname": person.name[0],
        "two characters, name": person.name[:2],
        "whole name": person.name,
        "two characters, nobody": "龘龘",
        "one letter": "a",
        "two initials": person.initials[:2],
        "all initials": person.initials,
        "pinyin": person.pinyin,
        "one digit": "1",
        "three digits": person.mobile[-3:],
        "four digits, end of a mobile": person.mobile[-4:],
        "mobile": person.mobile,
        "number": person.number,
        "two characters, employers": "科技",
        "two characters of an employer": person.employer.name[2:4],
        "whole employer": person.employer.name[:20],
        "twenty letters, nobody": "x" * 20,
    }


def _statement_ms(work, times):
    """The least wall time, in ms, that the statements of `work` took in one of so many `times`."""
    from django.db import connection

    def timed(execute, *args):
        began = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent[-1] += 1000 * (time.perf_counter() - began)

    spent = []
    with connection.execute_wrapper(timed):
        for _ in range(times):
            spent.append(0.0)
            work()
    return min(spent)


def addresses():
    """{name: address} of the pages; words searched for are those of persons who are there at every size."""
    from urllib.parse import urlencode

    from django.urls import reverse

    from members.models import Member

    listed = reverse("admin:members_member_changelist")
    keys = list(Member.objects.order_by("pk").values_list("pk", flat=True))
    person = Member.objects.get(pk=keys[70])
    queries = {
        "list": {},
        "next page, half-way": {"after": keys[len(keys) // 2]},
        "by name": {"order": "name"},
        "two characters, a name": {"q": person.name[:2]},
        "two characters, employers": {"q": "科技"},
        "two characters, nobody": {"q": "龘龘"},
        "initials": {"q": person.initials},
        "digits, one mobile": {"q": person.mobile},
        "digits, end of one": {"q": person.mobile[-4:]},
        "status": {"g": "status:is:停权"},
        "category": {"g": f"category:is:{person.category}"},
        "township": {"g": f"township:is:{person.township}"},
    }
    return {name: f"{listed}?{urlencode(query)}" for name, query in queries.items()} | {
        "member's page": reverse("admin:members_member_change", args=[person.pk]),
        "employers": reverse("admin:members_employer_changelist"),
        "history": reverse("admin:organizations_action_changelist"),
    }


if __name__ == "__main__":
    main()
