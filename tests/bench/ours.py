"""One step of our site in one process, one line of JSON out; the other benchmarks start it.

    python -m tests.bench.ours setup            # tables, an association, its secretary; a second one to warm up in
    python -m tests.bench.ours import FILE      # upload, preview, confirm, result: all that a person does

The environment says on which database (harness.py). --warm FILE imports that file into the other association first,
so that the process is as warm as a worker that has served before; --memory measures the peak above idle instead of
CPU time; --profile OUT leaves a cProfile of the work; --statements prints what was sent to the database.
"""

import argparse
import cProfile
import json
import sys

from django.test import Client

HOST = "localhost"


def main():
    import django

    django.setup()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=["setup", "import"])
    parser.add_argument("file", nargs="?")
    parser.add_argument("--warm", metavar="FILE")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--profile", metavar="OUT")
    parser.add_argument("--statements", action="store_true")
    args = parser.parse_args()
    result = setup() if args.step == "setup" else measure(args)
    print(json.dumps(result))


def setup():
    from django.core.management import call_command

    from members.rights import Role
    from tests.make import grant, make_association, make_user

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    secretary = make_user("secretary@example.org", is_staff=True)
    for code in ("bench", "warm"):
        grant(secretary, Role.SECRETARY, make_association(code=code))
    return {}


def sign_in():
    """A client of the secretary, and {code: association}."""
    from members.models import User
    from organizations.models import Association

    client = Client(SERVER_NAME=HOST)
    client.force_login(
        User.objects.get(email="secretary@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client, {association.code: association for association in Association.objects.all()}


def measure(args):
    from django.db import connection

    from tests.bench.yardsticks.meter import Meter, Peak
    from tests.bench.yardsticks.statements import Statements

    client, associations = sign_in()
    if args.warm:
        import_file(client, associations["warm"], args.warm)
    if args.memory:
        with Peak() as peak:
            result = import_file(client, associations["bench"], args.file)
        return result | {
            "peak_mb": peak.together_mb,
            "own_peak_mb": peak.own_mb,
            "children_mb": peak.children_mb,
            "idle_mb": peak.idle_mb,
        }
    if args.profile:
        with cProfile.Profile() as profile:
            result = import_file(client, associations["bench"], args.file)
        profile.dump_stats(args.profile)
        return result
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
    with Statements() as statements:
        meter = Meter(backend)
        result = import_file(client, associations["bench"], args.file, meter)
        result |= meter.read() | {"statements": statements.count}
    if args.statements:
        print(*(statement[:200] for statement in statements.seen), sep="\n", file=sys.stderr)
    return result


def import_file(client, association, path, meter=None):
    """Upload, look at the preview, confirm, look at the result; refuse to go on if any step fails."""
    from django.urls import reverse

    from members.models import ImportBatch, Member

    with open(path, "rb") as file:
        answer = client.post(reverse("members:import_upload"), {"association": association.pk, "file": file})
    if answer.status_code != 302:
        raise SystemExit(f"upload refused: {answer.context['form'].errors if answer.context else answer}")
    page = answer.url
    preview = client.get(page)
    previewed = meter.read()["cpu_s"] if meter else None
    batch = ImportBatch.objects.filter(association=association).latest("id")
    counts = dict(batch.counts)
    answer = client.post(reverse("members:import_apply", args=[batch.pk]))
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


if __name__ == "__main__":
    main()
