"""One step of the stock yardstick, in one process, one line of JSON out.

    python -m tests.bench.yardsticks.stock_bench PROJECT setup N        # empty tables; categories and bodies for N
    python -m tests.bench.yardsticks.stock_bench PROJECT fill N         # N members, past the import
    python -m tests.bench.yardsticks.stock_bench PROJECT import FILE    # preview and confirm: all that a person does
    python -m tests.bench.yardsticks.stock_bench PROJECT export xlsx|csv  # the admin's export view

STOCK_DB=sqlite|pg. With --warm FILE that file is imported first, unmeasured, so that the process is as warm as one
that has served before. With --memory the peak above idle is measured instead of CPU time.
"""

import argparse
import json
import os
import re
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("project")
parser.add_argument("step", choices=["setup", "fill", "import", "export"])
parser.add_argument("argument")
parser.add_argument("--warm", metavar="FILE")
parser.add_argument("--memory", action="store_true")


def main():
    args = parser.parse_args()
    sys.path.insert(0, args.project)
    os.environ["DJANGO_SETTINGS_MODULE"] = "stock.settings"
    import django

    django.setup()
    if args.step in ("setup", "fill"):
        {"setup": setup, "fill": fill}[args.step](int(args.argument))
        result = {}
    else:
        result = measure(args)
    from roster.models import Member

    print(json.dumps({"step": args.step, **result, "members": Member.objects.count()}))


def setup(n):
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from roster.models import Body, Category

    from tests.bench.yardsticks import gen_roster

    call_command("makemigrations", "roster", verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    get_user_model().objects.create_superuser("admin", "a@example.org", "admin")
    words = [*gen_roster.CATEGORIES, *(gen_roster.FREE[name] for name in gen_roster.CATEGORIES)]
    Category.objects.bulk_create([Category(name=name) for name in words])
    Body.objects.bulk_create([Body(name=name) for name in gen_roster.bodies(n)])


def fill(n):
    from roster.models import Body, Category, Member

    from tests.bench.yardsticks import gen_roster

    keys = {
        "category": dict(Category.objects.values_list("name", "pk")),
        "body": dict(Body.objects.values_list("name", "pk")),
    }
    people = (dict(zip(gen_roster.FIELDS, row, strict=True)) for row in gen_roster.rows(n))
    members = [
        Member(
            category_id=keys["category"][person.pop("category")],
            body_id=keys["body"][person.pop("body")],
            **person,
        )
        for person in people
    ]
    Member.objects.bulk_create(members, batch_size=1000)


def measure(args):
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    from tests.bench.yardsticks.meter import Meter, Peak
    from tests.bench.yardsticks.statements import Statements

    client = Client()
    client.force_login(get_user_model().objects.get(username="admin"))
    if args.warm:
        confirm(client, post_file(client, args.warm))
    if args.step == "export":
        export(client, args.argument, "?q=nobody")
    else:
        client.get("/admin/roster/member/import/")
    work = export if args.step == "export" else import_file
    if args.memory:
        with Peak() as peak:
            result = work(client, args.argument)
        return result | {"peak_mb": peak.together_mb, "idle_mb": peak.idle_mb}
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
    with Statements() as statements:
        meter = Meter(backend)
        result = work(client, args.argument)
        return result | meter.read() | {"statements": statements.count}


def import_file(client, path):
    page = post_file(client, path)
    preview = len(page.content)
    done = confirm(client, page)
    return {"preview_bytes": preview, "status": done.status_code}


def post_file(client, path):
    from import_export.formats.base_formats import DEFAULT_FORMATS

    names = [f().get_title() for f in DEFAULT_FORMATS if f.is_available() and f().can_import()]
    with open(path, "rb") as file:
        place = names.index(path.rsplit(".", 1)[1])
        return client.post(
            "/admin/roster/member/import/", {"format": place, "resource": "", "import_file": file}
        )


def confirm(client, page):
    html = page.content.decode()
    data = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    if "import_file_name" not in data:
        place = html.find("errorlist")
        raise SystemExit("no form to confirm: " + html[max(0, place - 200) : place + 600])
    data.setdefault("resource", "")
    return client.post("/admin/roster/member/process_import/", data)


def export(client, kind, query=""):
    from import_export.formats.base_formats import DEFAULT_FORMATS

    from tests.bench.yardsticks import gen_roster

    names = [f().get_title() for f in DEFAULT_FORMATS if f.is_available() and f().can_export()]
    data = {"format": names.index(kind), "resource": ""}
    data |= {"memberresource_" + field: "on" for field in gen_roster.FIELDS}
    page = client.post("/admin/roster/member/export/" + query, data)
    return {"bytes": len(page.content), "status": page.status_code}


if __name__ == "__main__":
    main()
