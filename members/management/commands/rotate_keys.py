from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from members import crypto
from members.imports import bulk
from members.models import ImportBatch, ImportRow, Member, MemberMerge
from members.models.imports import LOOK_COLUMN, PAYLOAD_COLUMN
from members.models.links import Linked
from members.models.member import ID_COLUMN, sealed_id
from members.signing_in.mfa import sealed_anew

BATCH = 500


class Command(BaseCommand):
    help = (
        "Seals identity numbers and import rows anew with the newest key of FIELD_KEYS, and recomputes the digests "
        "by which numbers are found, which a new DIGEST_KEY makes necessary. Older keys may be removed afterwards. "
        "May be repeated and interrupted."
    )

    def handle(self, *args, **options):
        try:
            members = renew(
                Member.objects.filter(id_sealed__isnull=False), renew_member, ["id_sealed", "id_digest"]
            )
            rows = renew(ImportRow.objects.all(), renew_sealed("payload", PAYLOAD_COLUMN), ["payload"])
            looks = renew(ImportBatch.objects.exclude(look=b""), renew_sealed("look", LOOK_COLUMN), ["look"])
            merges = renew(MemberMerge.objects.in_force(), renew_merge, ["removed", "id_digest"])
            links, others = renew_links(), renew_self_service()
            factors = renew_factors()
        except KeyError as error:
            raise CommandError(
                _("FIELD_KEYS lacks the key {number}, with which some records are sealed.").format(
                    number=error.args[0]
                )
            ) from error
        except InvalidTag as error:
            raise CommandError(
                _("A sealed value does not open: the key of its number is another one.")
            ) from error
        for total, renewed, what in (
            (*members, _("identity numbers")),
            (*rows, _("import rows")),
            (*looks, _("imports")),
            (*merges, _("merges of members")),
            (*links, _("links")),
            (*others, _("requests, applications and retained records")),
            (*factors, _("second factors")),
        ):
            self.stdout.write(
                _("{what}: {total}, sealed anew: {renewed}").format(what=what, total=total, renewed=renewed)
            )


def renew(queryset, renew_one, fields):
    """Go over `queryset` in batches, each locked in a transaction of its own; (rows looked at, rows changed).

    `renew_one` changes the object and says whether it did. Only `fields` are written: for the history and for who is
    editing the record nothing has happened.
    """
    total = renewed = last = 0
    while True:
        with transaction.atomic():
            batch = list(
                queryset.select_for_update().filter(pk__gt=last).order_by("pk").only("pk", *fields)[:BATCH]
            )
            changed = [row for row in batch if renew_one(row)]
            bulk.update(
                queryset.model,
                fields,
                [(row.pk, *(getattr(row, name) for name in fields)) for row in changed],
            )
        if not batch:
            return total, renewed
        total, renewed, last = total + len(batch), renewed + len(changed), batch[-1].pk


def renew_member(member):
    number = crypto.unseal(member.id_sealed, ID_COLUMN)
    digest = crypto.digest(number)
    if crypto.is_newest(member.id_sealed) and member.id_digest == digest:
        return False
    member.id_sealed, member.id_digest = crypto.seal(number, ID_COLUMN), digest
    return True


def renew_links():
    """(rows looked at, rows changed) of all that a secret link opens."""
    fields = ["token_sealed", "token_digest"]
    models = [model for model in _models() if issubclass(model, Linked)]
    return summed(renew(model.objects.all(), renew_link, fields) for model in models)


def renew_self_service():
    """(values looked at, values changed) of the columns that models declare in `sealed_columns`."""
    columns = [
        (model, field, column)
        for model in _models()
        for field, column in getattr(model, "sealed_columns", {}).items()
    ]
    return summed(
        renew(model.objects.exclude(**{field: b""}), renew_sealed(field, column), [field])
        for model, field, column in columns
    )


def renew_factors():
    """(second factors looked at, sealed anew): their secrets lie in a JSON column of allauth's."""
    total = renewed = 0
    for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().get(pk=pk)
            data = {name: sealed_anew(value) for name, value in factor.data.items()}
            total, renewed = total + 1, renewed + (data != factor.data)
            factor.data = data
            factor.save(update_fields=["data"])
    return total, renewed


def _models():
    return apps.get_app_config("members").get_models()


def summed(counts):
    totals, changes = zip(*counts, strict=True)
    return sum(totals), sum(changes)


def renew_link(row):
    token = row.token
    digest = crypto.digest(token)
    if crypto.is_newest(row.token_sealed) and row.token_digest == digest:
        return False
    row.token = token
    return True


def renew_merge(merge):
    content = merge.content()
    digest = sealed_id(content["id_number"])[1]
    if crypto.is_newest(merge.removed) and merge.id_digest == digest:
        return False
    merge.seal(content)
    return True


def renew_sealed(field, column):
    """The function that seals `field` of an object anew, which was sealed for `column`."""

    def renew_one(obj):
        sealed = getattr(obj, field)
        if crypto.is_newest(sealed):
            return False
        setattr(obj, field, crypto.seal(crypto.unseal(sealed, column), column))
        return True

    return renew_one
