"""Which member a row is about, and what the row would change.

Order of trust (design §5): the identity number; then, always with the same name, the member number, the mobile
number, the date of birth. Name and employer alone is only a question, and so is a bare name. Blank cells never
erase: a row speaks of the fields it has a value for.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from members import crypto
from members.codes import Status
from members.models import Employer, EmployerAlias, Member
from members.rights import FIELD_CLASSES
from members.roster.messages import Message

DATE_KEYS = ("birth", "party_joined", "work_started", "joined")
# contract keys that are plain columns of Member, in a fixed order
TEXT_KEYS = tuple(key for key in FIELD_CLASSES if key not in ("employer", "id_number"))
_HEAD = ("id", "version", "id_digest", "employer__name", "employer_id")
ID, VERSION, DIGEST, EMPLOYER, EMPLOYER_ID = range(5)
PLACE = {key: len(_HEAD) + place for place, key in enumerate(TEXT_KEYS)} | {"employer": EMPLOYER}
COLUMNS = (*_HEAD, *TEXT_KEYS)
"""What is read of a member, in the order of PLACE."""
NAME, NUMBER, BIRTH = PLACE["name"], PLACE["number"], PLACE["birth"]
MOBILES = (PLACE["mobile"], PLACE["second_mobile"])


@dataclass(slots=True)
class Match:
    """What a row means for the register."""

    outcome: str  # a value of ImportRow.Outcome
    member: int | None = None  # its id
    version: int | None = None
    # {key: [before, after]} in stored form (ISO dates); the identity number's pair is left out: None
    diff: dict = field(default_factory=dict)
    messages: list = field(default_factory=list)


def stored(values):
    """A row's values as the register stores them: dates in ISO form."""
    out = dict(values)
    for key in DATE_KEYS:
        if key in out:
            out[key] = out[key].replace(".", "-")
    return out


def merged_spellings(association, names):
    """{spelling out of `names`: name of the employer of `association` into which it was merged}"""
    if not names:
        return {}
    merged = EmployerAlias.objects.filter(association=association, name__listed=sorted(names))
    # somebody may have entered an employer of that name again
    still = Employer.objects.filter(association=association, name=OuterRef("name"))
    return dict(merged.exclude(Exists(still)).values_list("name", "employer__name"))


class Register:
    """The members of one association that rows of a file could be about, with what they are found by."""

    def __init__(self, association, rows, *, lock=False):
        """`rows`: dicts of stored values; without an `association` the register is empty.

        With `lock` the members read stay locked until the transaction ends.
        """
        self.by_digest, self.by_number, self.by_name, self.by_id = {}, {}, {}, {}
        self.employer_ids = {}  # of the members found, by name
        self._claimed, self._numbers = {}, {}
        self._digests, self._merged_spellings = {}, {}
        if association is None:
            return
        members = Member.objects.filter(association=association).order_by("id")
        if lock:
            members = members.select_for_update(of=("self",), no_key=True)
        self._merged_spellings = merged_spellings(
            association, {row["employer"] for row in rows if row.get("employer")}
        )
        digest = crypto.digester()
        self._digests = {row["id_number"]: digest(row["id_number"]) for row in rows if "id_number" in row}
        for record in self._candidates(members, rows):
            self._add(record)

    def _candidates(self, members, rows):
        """Records of all `members` that a row could match: they share its name, identity or member number."""
        if not rows:
            return
        if not members.order_by().values("pk")[2 * len(rows) + 1000 :][:1]:
            # few others beside those of the file: one look at everybody costs less than three at some
            yield from members.values_list(*COLUMNS).iterator(chunk_size=2000)
            return
        wanted = {
            "name__listed": {row["name"] for row in rows if "name" in row},
            "number__listed": {row["number"] for row in rows if "number" in row},
            "id_digest__listed": set(self._digests.values()),
        }
        for lookup, texts in wanted.items():
            if texts:
                yield from members.filter(**{lookup: sorted(texts)}).values_list(*COLUMNS)

    def digest_of(self, values):
        """The digest of the row's identity number, None without one."""
        number = values.get("id_number")
        return None if number is None else self._digests.get(number) or crypto.digest(number)

    def _add(self, record):
        if record[ID] in self.by_id:
            return
        self.by_id[record[ID]] = record
        if record[DIGEST] is not None:
            self.by_digest[record[DIGEST]] = record
        if record[EMPLOYER]:
            self.employer_ids[record[EMPLOYER]] = record[EMPLOYER_ID]
        if record[NUMBER]:
            self.by_number[record[NUMBER]] = record
        self.by_name.setdefault(record[NAME], []).append(record)

    def match(self, values, position, cell, derived=frozenset()):
        """The `Match` of the row `position` of the file with its stored `values`.

        `derived`: keys of values that only follow from others; they change nothing in a member's record.

        `cell(key)` gives the address of a field's cell, for messages. No two rows get the same member. A value that
        cannot stand (another member has the number) is taken out of `values`; a spelling of an employer that was merged
        becomes the name it was merged into.
        """
        if values.get("employer") in self._merged_spellings:
            values["employer"] = self._merged_spellings[values["employer"]]
        digest = self.digest_of(values)
        record, candidates, error = self._find(values, digest, derived)
        if error:
            return Match("error", messages=[Message(cell("id_number"), "error", "identity_conflict", error)])
        messages = []
        if candidates:
            params = {"name": values["name"], "members": [candidate[ID] for candidate in candidates[:10]]}
            return Match("question", messages=[Message(cell("name"), "question", "ambiguous_match", params)])
        if record is not None and self._claimed.setdefault(record[ID], position) != position:
            params = {"name": values["name"], "members": [record[ID]]}
            return Match("question", messages=[Message(cell("name"), "question", "ambiguous_match", params)])
        self._check_number(values, record, position, messages, cell)
        if record is None:
            return Match("new", messages=messages)
        diff = difference(record, values, digest, derived)
        return Match("update" if diff else "unchanged", record[ID], record[VERSION], diff, messages)

    def _check_number(self, values, record, position, messages, cell):
        number = values.get("number")
        if not number:
            return
        holder = self.by_number.get(number)
        taken = holder is not None and (record is None or holder[ID] != record[ID])
        if taken or self._numbers.setdefault(number, position) != position:
            del values["number"]
            name = holder[NAME] if taken else ""
            messages.append(
                Message(cell("number"), "refused", "number_taken", {"value": number, "name": name})
            )

    def _find(self, values, digest, derived):
        """(record, candidates to choose from, parameters of an identity conflict); at most one is not empty."""
        name = values["name"]
        if digest is not None and (record := self.by_digest.get(digest)):
            names = {record[NAME], record[PLACE["former_name"]], values.get("former_name", "")}
            if name in names or values.get("former_name") == record[NAME]:
                return record, None, None
            return None, None, {"name": record[NAME]}
        namesakes = self.by_name.get(name)
        if not namesakes:
            return None, None, None
        for same in (_same_number, _same_mobile, _same_birth):
            found = [record for record in namesakes if same(record, values)]
            if found:
                if len(found) == 1 and not _contradicts(found[0], digest):
                    return found[0], None, None
                return None, found, None
        employer = values.get("employer")
        if employer:
            found = [record for record in namesakes if record[EMPLOYER] == employer]
        elif not (digest or values.get("number") or values.get("mobile") or values.get("birth")):
            found = namesakes
        else:
            found = []
        # a question, unless the row says nothing that the one member's record does not say already
        if len(found) == 1 and not difference(found[0], values, digest, derived):
            return found[0], None, None
        return None, found, None


def _same_number(record, values):
    return bool(record[NUMBER]) and record[NUMBER] == values.get("number")


def _same_mobile(record, values):
    numbers = {values.get("mobile"), values.get("second_mobile")} - {None}
    return any(record[place] in numbers for place in MOBILES)


def _same_birth(record, values):
    """The same date as far as both know it, at least to the month."""
    known, written = record[BIRTH], values.get("birth", "")
    shorter = min(len(known), len(written))
    return shorter >= 7 and known[:shorter] == written[:shorter]


def _contradicts(record, digest):
    return digest is not None and record[DIGEST] is not None and record[DIGEST] != digest


def difference(record, values, digest, derived=frozenset()):
    """{key: [before, after]} of what `values` would change in `record`; the identity number's pair is None."""
    diff = {}
    for key, after in values.items():
        place = PLACE.get(key)
        if place is None:
            continue
        before = record[place] or ""
        if before == after or key in derived:
            continue
        if key in DATE_KEYS and before.startswith(after):
            continue  # the register knows the date more precisely
        diff[key] = [before, after]
    if digest is not None and (record[DIGEST] is None or record[DIGEST] != digest):
        diff["id_number"] = None
    return diff


def new_status(values):
    """The status a new member starts with: the row's, else registered."""
    return values.get("status", Status.ACTIVE.value)
