"""Check-in of a full hall: the page served and the button pressed, over live HTTP.

    python -m tests.bench.check_in
    python -m tests.bench.check_in --databases sqlite --spread 300 --at-once 200

The server is the one `manage.py start` runs. Members arrive at any moment of a minute, then others all at once;
meanwhile the screen of the room asks for its code and figures every four seconds, as it does. Each opens the page of
the code and presses the button once; every tenth sends it twice, as telephones on a weak network do.
"""

import argparse
import http.client
import json
import random
import re
import statistics
import threading
import time
from urllib.parse import urlencode, urlsplit

from tests.bench.harness import DATABASES, Workplace, print_table
from tests.bench.while_importing import Server

AIM_MS = 300
MINUTE = 60
SCREEN_EVERY = 4


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--spread", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--step", choices=["fill", "count"], help=argparse.SUPPRESS)
    parser.add_argument("--members", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        import django

        django.setup()
        print(json.dumps(fill(args.members) if args.step == "fill" else count()))
        return
    for database in args.databases:
        with Workplace() as place:
            env = place.site(database, "ours")
            place.create(database, "ours")
            place.measure("ours", "setup", env=env)
            members = args.spread + args.at_once
            hall = place.measure("check_in", "--step", "fill", "--members", members, env=env)
            with Server(place, env) as address:
                taken = watch(address, hall, args)
            report(database, args, taken, place.measure("check_in", "--step", "count", env=env))


# -- in a process of its own, with Django


def fill(members):
    """{"door": key, "screen": session of staff, "phones": sessions of members}; nobody's password is ever checked."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from activities.check_in.doors import open_door
    from activities.models import Participation
    from members.models import Member, User
    from organizations.models import Association
    from tests.make import make_activity

    association = Association.objects.get(code="bench")
    activity = make_activity("某活动", association=association)
    store = import_module(settings.SESSION_ENGINE).SessionStore

    def session_of(user):
        session = store()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        now = int(time.time())
        session["signed_in"] = [now, now]
        session.save()
        return session.session_key

    phones = []
    for number in range(members):
        user = User(email=f"phone{number}@example.org")
        user.set_unusable_password()
        user.save()
        member = Member(association=association, name=f"会员{number}", number=f"P{number}", user=user)
        member.save()
        # every fifth did not sign up
        if number % 5:
            Participation.objects.create(activity=activity, member=member, asked_at=timezone.now())
        phones.append(session_of(user))
    staff = User.objects.create_superuser("hall@example.org", "correct horse battery")
    return {"door": open_door(activity, actor=staff).pk, "screen": session_of(staff), "phones": phones}


def count():
    """How many people are there, and how many scans counted; and how many people or changes came twice."""
    from django.db.models import Count

    from activities.models import Participation, Scan
    from organizations.models import Change

    came = Participation.objects.filter(presence="attended")
    counted = Scan.objects.filter(outcome="counted")
    entered = Change.objects.filter(diff__has_key="presence").values("content_type", "object_id")
    return {
        "came": came.count(),
        "counted": counted.count(),
        "doubled": counted.values("member").annotate(times=Count("pk")).filter(times__gt=1).count(),
        "changes": entered.count(),
        "waiting": Scan.objects.filter(outcome="waiting").count(),
    }


# -- the hall


class Phone:
    """A telephone with a session; its requests are seconds apart, so each opens a connection to the server."""

    def __init__(self, address, session):
        self.host = urlsplit(address).netloc
        self.cookies = {"sessionid": session}

    def ask(self, path, fields=None):
        """(seconds, text) of GET, or of POST with `fields`; stops the run at anything but 200."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        begun = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - begun
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {text[:200]}")
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _sign, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        return seconds, text

    def field(self, text, name):
        return re.search(rf'name="{name}" value="([^"]*)"', text)[1]


class Screen(threading.Thread):
    """The screen of the room; `code` is what stands on it."""

    def __init__(self, address, hall):
        super().__init__(daemon=True)
        self.phone, self.path = Phone(address, hall["screen"]), f"/activities/check-in/{hall['door']}/"
        self.taken, self.over = [], threading.Event()
        self.look()

    def look(self):
        seconds, text = self.phone.ask(self.path)
        self.taken.append(seconds)
        self.code = re.search(r"data-code>([^<]*)<", text)[1].replace(" ", "")

    def run(self):
        while not self.over.wait(SCREEN_EVERY):
            self.look()


def watch(address, hall, args):
    """{what: [seconds]} of all requests."""
    screen = Screen(address, hall)
    screen.start()
    taken = {
        "page, over a minute": [],
        "button, over a minute": [],
        "page, at once": [],
        "button, at once": [],
    }
    failures, when = [], random.Random(7)

    def come(session, wait, how):
        try:
            time.sleep(wait)
            phone = Phone(address, session)
            path = f"/my/activities/check-in/{hall['door']}/{screen.code}/"
            seconds, text = phone.ask(path)
            taken[f"page, {how}"].append(seconds)
            names = ("csrfmiddlewaretoken", "ticket", "key")
            fields = {name: phone.field(text, name) for name in names} | {"age": 0}
            for _time in range(1 + (hall["phones"].index(session) % 10 == 0)):
                seconds, text = phone.ask(path, fields)
                taken[f"button, {how}"].append(seconds)
                if 'data-outcome="come"' not in text:
                    raise SystemExit(f"not checked in: {text[:300]}")
        except BaseException as error:
            failures.append(error)

    def hall_of(sessions, seconds, how):
        threads = [
            threading.Thread(target=come, args=(session, when.uniform(0, seconds), how))
            for session in sessions
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    for session in hall["phones"][:2]:
        # a worker that has served before
        Phone(address, session).ask("/my/activities/check-in/")
    hall_of(hall["phones"][: args.spread], MINUTE, "over a minute")
    hall_of(hall["phones"][args.spread :], 0, "at once")
    screen.over.set()
    screen.join()
    if failures:
        raise failures[0]
    return taken | {"screen of the room": screen.taken}


def report(database, args, taken, found):
    def ms(values, share):
        return round(1000 * sorted(values)[min(int(len(values) * share), len(values) - 1)])

    lines = [
        [what, len(values), round(1000 * statistics.median(values)), ms(values, 0.95), ms(values, 1)]
        for what, values in taken.items()
        if values
    ]
    title = f"Check-in of {args.spread} within a minute, then {args.at_once} at once, {database}"
    print_table(title, ["request", "number", "p50 ms", "p95 ms", "longest ms"], lines)
    slowest = max(ms(values, 0.95) for what, values in taken.items() if what.endswith("minute") and values)
    people = args.spread + args.at_once
    right = found == {
        "came": people, "counted": people, "doubled": 0, "changes": people, "waiting": 0
    }  # fmt: skip
    print(f"\n{'met   ' if slowest <= AIM_MS else 'MISSED'} p95 over a minute {slowest} ms ≤ {AIM_MS} ms")
    print(f"{'met   ' if right else 'MISSED'} none lost, none doubled: {found}")


if __name__ == "__main__":
    main()
