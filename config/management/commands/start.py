from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils.translation import gettext as _

from activities.sample import make_sample_activities
from config import server
from members.models import User
from members.rights import Role
from members.sample import make_sample_bodies
from members.setup import FIRST_ACCOUNTS, connect_first_member, make_first_accounts
from organizations.setup import make_first_association

SAMPLE = settings.BASE_DIR / "tests" / "data" / "rosters" / "jiangjin-139.xlsx"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    """Prepare the database, make the first association and accounts, serve. Run again, it keeps what is there."""

    help = "Prepare the register and serve it; safe to run again."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="prepare only")
        parser.add_argument(
            "--sample",
            nargs="?",
            type=Path,
            const=SAMPLE,
            metavar="FILE",
            help="import a roster: FILE, or the made-up one of 139 members that comes with the source",
        )

    def handle(self, *args, host, port, no_serve, sample, **options):
        if sample and not sample.is_file():
            raise CommandError(_("There is no file {path}.").format(path=sample))
        if not no_serve:
            self.check_address(host, port)
        self.prepare()
        association = self.make_association()
        made = dict(make_first_accounts(association))
        self.tell_accounts(made)
        try:
            if sample:
                self.load(sample, association)
                self.make_bodies(sample, association)
        finally:
            for user in made:
                if FIRST_ACCOUNTS[user.email] == Role.MEMBER:
                    connect_first_member(user, association)
        if not no_serve:
            self.tell_address(host, port)
            server.serve(host, port)

    def check_address(self, host, port):
        reason = server.refusal(host, port)
        if reason:
            raise CommandError(
                _("Cannot listen on {host}:{port} ({reason}). Choose another port: --port 8001").format(
                    host=host, port=port, reason=reason
                )
            )

    def prepare(self):
        self.stdout.write(_("Preparing the database …"))
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if settings.LOCAL:
            # stays empty, but WhiteNoise looks for it
            Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        else:
            call_command("collectstatic", interactive=False, verbosity=0)

    def make_association(self):
        association, made = make_first_association()
        if made:
            self.stdout.write(_("Made the association {name}.").format(name=association.name))
        return association

    def tell_accounts(self, made):
        if not made:
            self.stdout.write(
                _(
                    "There are accounts already. To set a new password: "
                    "python manage.py changepassword manager@example.org"
                )
            )
            return
        self.stdout.write(_("Accounts to sign in with (the passwords are shown only this once):"))
        for user, password in made.items():
            self.stdout.write(f"  {user.email:24}{password}   {FIRST_ACCOUNTS[user.email].label}")

    def load(self, path, association):
        # a plain start does without the readers
        from members.imports.pipeline import import_file
        from members.roster.workbook import UnreadableFile

        actor = User.objects.filter(email="manager@example.org").first()
        try:
            counts = import_file(path, association=association, actor=actor).counts
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _(
                "Imported {file}: {new} new, {update} changed, {unchanged} unchanged, "
                "{question} open, {error} with errors."
            ).format(file=path.name, **counts)
        )

    def make_bodies(self, path, association):
        # of the sample's own members only: whoever brings a roster has bodies of their own
        made = make_sample_bodies(association) if path == SAMPLE else 0
        if made:
            self.stdout.write(_("Made {count} bodies of these members.").format(count=made))
            make_sample_activities(association)

    def tell_address(self, host, port):
        name = "localhost" if host in LOOPBACK else host
        self.stdout.write(
            self.style.SUCCESS(_("The register is at http://{name}:{port}/").format(name=name, port=port))
        )
        if not settings.LOCAL:
            self.stdout.write(
                _("It expects https from a web server in front of it; REGISTRY_LOCAL=1 allows plain http.")
            )
        if host not in LOOPBACK:
            self.stdout.write(
                _("Other computers reach it under the names in ALLOWED_HOSTS only, now: {names}").format(
                    names=", ".join(settings.ALLOWED_HOSTS)
                )
            )
        self.stdout.write(_("Press Ctrl+C to stop."))
        self.stdout.flush()
