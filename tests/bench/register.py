"""A register filled with made-up members, past the import, so that lists can be measured at any size."""

from django.db import connection, transaction
from django.utils import timezone

from members.imports import bulk
from members.models import Employer, Member, StatusChange, sealed_id
from members.pinyin import romanise
from tests.bench.yardsticks import gen_roster

EDUCATION = {"大专": "大学专科", "本科": "大学本科"}
TOWNSHIPS = ["几江街道", "鼎山街道", "双福街道", "圣泉街道", "德感街道", "珞璜镇", "白沙镇", "油溪镇"]
COLUMNS = (
    *("association_id", "employer_id", "number", "name", "sex", "birth", "ethnicity", "native_place"),
    *("political_status", "education", "category", "position", "mobile", "email", "address", "township"),
    *("joined", "status", "remarks", "id_kind", "id_sealed", "id_digest", "pinyin", "initials", "version"),
    *("created_at", "updated_at"),
)
EMPTY = [
    field.attname
    for field in Member._meta.concrete_fields
    if not field.null and field.attname not in {"id", *COLUMNS}
]


@transaction.atomic
def fill(association, n):
    """`n` members of `association` with their employers and first status, out of `gen_roster`."""
    now = bulk.moment(timezone.now())
    people = list(gen_roster.rows(n))
    names = list(dict.fromkeys(row[11] for row in people))
    employers = dict(zip(names, bulk.reserve_ids(Employer, len(names)), strict=True))
    bulk.insert(
        Employer,
        ("id", "association_id", "name", "kind", "uscc"),
        [(pk, association.pk, name, "", "") for name, pk in employers.items()],
    )
    bulk.take_stock(Employer, len(names))
    members = bulk.reserve_ids(Member, n)
    blanks = ("",) * len(EMPTY)
    bulk.insert(
        Member,
        ("id", *COLUMNS, *EMPTY),
        [
            (
                pk,
                association.pk,
                employers[row[11]],
                *row[:3],
                row[4].isoformat(),
                *row[5:8],
                EDUCATION.get(row[8], row[8]),
                row[9],
                *row[12:16],
                TOWNSHIPS[pk % len(TOWNSHIPS)],
                row[17].isoformat(),
                *row[18:],
                "居民身份证",
                *sealed_id(row[3]),
                *romanise(row[1]),
                1,
                now,
                now,
                *blanks,
            )
            for pk, row in zip(members, people, strict=True)
        ],
    )
    bulk.take_stock(Member, n)
    bulk.insert(
        StatusChange,
        ("member_id", "status", "on", "decided_by", "document", "entered_at"),
        [(pk, row[18], "", "", "", now) for pk, row in zip(members, people, strict=True)],
    )


def settle():
    """What PostgreSQL's autovacuum does within a minute of such a load; SQLite has no such thing."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
