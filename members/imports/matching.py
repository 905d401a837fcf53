"""Which member a row is about, and what the row would change.

Order of trust (design §5): the identity number; then, always with the same name, the member number, the mobile
number, the date of birth. Name and employer alone is only a question, and so is a bare name. Blank cells never
erase: a row speaks of the fields it has a value for.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from members import crypto
from members.codes import Status
from members.models import Employer, EmployerAlias, Member, MemberMerge
from members.models.imports import NEW
from members.rights import FIELD_CLASSES
from members.roster.messages import Message
from organizations.models import Association

DATE_KEYS = ("birth", "party_joined", "work_started", "joined")
# contract keys that are plain columns of Member, in a fixed order
TEXT_KEYS = tuple(key for key in FIELD_CLASSES if key not in ("employer", "id_number"))
_HEAD = ("id", "version", "id_digest", "employer__name", "employer_id")
ID, VERSION, DIGEST, EMPLOYER, EMPLOYER_ID = range(5)
PLACE = {key: len(_HEAD) + place for place, key in enumerate(TEXT_KEYS)} | {"employer": EMPLOYER}
COLUMNS = (*_HEAD, *TEXT_KEYS)
"""What is read of a member, in the order of PLACE."""
NAME, NUMBER, BIRTH = PLACE["name"], PLACE["number"], PLACE["birth"]
FORMER_NAME = PLACE["former_name"]
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


def merged_spellings(association, names):
    """{spelling out of `names`: name of the employer of `association` into which it was merged}"""
    if not names:
        return {}
    merged = EmployerAlias.objects.filter(association=association, name__listed=names)
    # somebody may have entered an employer of that name again
    still = Employer.objects.filter(association=association, name=OuterRef("name"))
    return dict(merged.exclude(Exists(still)).values_list("name", "employer__name"))


def merged_records(association, rows, digests):
    """Records that were merged into another and that `rows` could be about, in the order of PLACE.

    Each has the id of the member it is a part of, who may be of another association. `digests` are those of the rows.
    """
    names = {row["name"] for row in rows if "name" in row}
    named = Q(name__listed=names) | Q(survivor__name__listed=names)
    identified = Q(id_digest__listed=digests) | Q(survivor__id_digest__listed=digests)
    merges = MemberMerge.objects.in_force().filter(
        named | identified, association=association, survivor__anonymised_on=None
    )
    for merge in merges.order_by("pk"):
        content = merge.content()
        employer = content["employer"][0] if content["employer"] else None
        texts = [content["record"].get(key, "") for key in TEXT_KEYS]
        yield merge.survivor_id, None, merge.id_digest, employer, None, *texts


def has_merged(association):
    """Whether spellings of employers, and whether members were merged in `association`; mostly nothing was."""
    spellings = EmployerAlias.objects.filter(association=OuterRef("pk"))
    merges = MemberMerge.objects.in_force().filter(association=OuterRef("pk"))
    found = Association.objects.filter(pk=association.pk)
    return found.values_list(Exists(spellings), Exists(merges)).get()


class LongFile:
    """What the `Register`s for the parts of one long file share."""

    def __init__(self, association):
        # of the members, and the member numbers, that rows of earlier parts have
        self.claimed, self.numbers = set(), set()
        self.has_spellings = self.has_merges = False
        if association is not None:
            self.has_spellings, self.has_merges = has_merged(association)


class Register:
    """The members of one association that rows of a file could be about, with what they are found by."""

    def __init__(self, association, rows, *, chosen=(), lock=False, newcomers_after=None, file=None):
        """`rows`: dicts of stored values; without an `association` the register is empty.

        `chosen` are ids of members that somebody chose for a row. With `lock` the members read stay locked until the
        transaction ends. Members with ids beyond `newcomers_after` came in with earlier rows of the same import: no row
        is about them, nor may it bring the same person or member number again. `file` is the LongFile of which `rows`
        are a part; call `leave` after its last row.
        """
        self.by_digest, self.by_number, self.by_name, self.by_id = {}, {}, {}, {}
        self.employer_ids = {}  # of the members found, by name
        self._claimed, self._numbers, self._newcomers = {}, {}, {}
        self._digests, self._merged_spellings = {}, {}
        self._newcomers_after = newcomers_after
        self._parts = {}  # {id of a member: records merged into it}
        self._file = file
        if association is None:
            return
        members = Member.objects.filter(association=association).order_by("id")
        if lock:
            members = members.select_for_update(of=("self",), no_key=True)
        has_spellings, has_merges = (
            has_merged(association) if file is None else (file.has_spellings, file.has_merges)
        )
        if has_spellings:
            self._merged_spellings = merged_spellings(
                association, {row["employer"] for row in rows if row.get("employer")}
            )
        digest = crypto.digester()
        self._digests = {row["id_number"]: digest(row["id_number"]) for row in rows if "id_number" in row}
        parts = []
        if has_merges:
            parts = list(merged_records(association, rows, set(self._digests.values())))
        chosen = [pk for pk in chosen if pk != NEW] + [part[ID] for part in parts]
        for record in self._candidates(members, rows, chosen):
            self._add(record)
        for part in parts:
            self._add_part(part)

    long_file = LongFile

    @staticmethod
    def newest():
        """The highest id of a member so far."""
        return Member.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @staticmethod
    def found_by(values):
        """What of a row's values the register needs to know beforehand."""
        return {key: values[key] for key in ("name", "number", "id_number", "employer") if key in values}

    def leave(self):
        """Let the parts of the file to come know what the rows of this one have."""
        self._file.claimed.update(self._claimed)
        self._file.numbers.update(self._numbers)

    def _candidates(self, members, rows, chosen):
        """Records of all `members` that a row could match: they share its name, identity or member number."""
        if not rows:
            return
        # where few others are beside those of the file, one look at everybody costs less
        if self._file is not None or members.order_by().values("pk")[2 * len(rows) + 1000 :][:1]:
            members = self._sharing(members, rows, chosen)
        yield from members.values_list(*COLUMNS).iterator(chunk_size=2000)

    def _sharing(self, members, rows, chosen):
        """Those of `members` who share the name, identity or member number of a row, and the `chosen`."""
        wanted = {
            "name__listed": {row["name"] for row in rows if "name" in row},
            "number__listed": {row["number"] for row in rows if "number" in row},
            "id_digest__listed": set(self._digests.values()),
            "pk__listed": set(chosen),
        }
        unlocked = members.all()
        # not in the inner queries: PostgreSQL locks no part of a union
        unlocked.query.select_for_update = False
        return members.filter(
            pk__among=[unlocked.filter(**{lookup: listed}).values("pk") for lookup, listed in wanted.items()]
        )

    def digest_of(self, values):
        """The digest of the row's identity number, None without one."""
        number = values.get("id_number")
        return None if number is None else self._digests.get(number) or crypto.digest(number)

    def _add(self, record):
        if record[ID] in self.by_id:
            return
        if self._newcomers_after is not None and record[ID] > self._newcomers_after:
            self._remember(record)
            return
        self.by_id[record[ID]] = record
        if record[DIGEST] is not None:
            self.by_digest[record[DIGEST]] = record
        if record[EMPLOYER]:
            self.employer_ids[record[EMPLOYER]] = record[EMPLOYER_ID]
        if record[NUMBER]:
            self.by_number[record[NUMBER]] = record
        self.by_name.setdefault(record[NAME], []).append(record)

    def _remember(self, record):
        """An earlier row, at no `position` of those to come, brought the new member `record`."""
        mine = None, record[DIGEST]
        if record[DIGEST] is not None:
            self._newcomers[record[DIGEST]] = mine
        if record[MOBILES[0]]:
            self._newcomers[record[NAME], record[MOBILES[0]]] = mine
        if record[NUMBER]:
            self._numbers[record[NUMBER]] = None

    def _add_part(self, part):
        """What the record `part` was found by finds the member into whom it was merged."""
        self._parts.setdefault(part[ID], []).append(part)
        if part[DIGEST] is not None:
            self.by_digest.setdefault(part[DIGEST], part)
        self.by_name.setdefault(part[NAME], []).append(part)

    def _records_of(self, record):
        """The record of the member and those merged into it."""
        whole = self.by_id.get(record[ID])
        return [*([whole] if whole else []), *self._parts.get(record[ID], ())]

    def _persons(self, records):
        """The records of the members whom `records` belong to; a part whose member is elsewhere stays itself."""
        return list({record[ID]: self.by_id.get(record[ID], record) for record in records}.values())

    def match(self, values, position, cell, derived=frozenset(), choice=None):
        """The `Match` of the row `position` of the file with its stored `values`.

        `derived`: keys of values that only follow from others; they change nothing in a member's record. `choice`: the
        id of the member whom somebody chose for the row, or NEW.

        `cell(key)` gives the address of a field's cell, for messages. No two rows get the same member. A value that
        cannot stand (another member has the number) is taken out of `values`; a spelling of an employer that was merged
        becomes the name it was merged into.
        """
        if values.get("employer") in self._merged_spellings:
            values["employer"] = self._merged_spellings[values["employer"]]
        digest = self.digest_of(values)
        chosen = self._chosen(values, digest, choice)
        record, candidates, error = self._find(values, digest, derived) if chosen is None else chosen
        if error:
            return Match("error", messages=[_message(cell, "id_number", "error", "identity_conflict", error)])
        messages = []
        if candidates:
            return _ambiguous(values, [candidate[ID] for candidate in candidates[:10]], cell)
        if record is not None and record[ID] not in self.by_id:
            params = {"name": values["name"]}
            return Match(
                "question", messages=[_message(cell, "name", "question", "merged_elsewhere", params)]
            )
        if record is not None and not self._is_first(record, position):
            return _ambiguous(values, [record[ID]], cell)
        if record is None and not self._is_only_newcomer(values, digest, position):
            return _ambiguous(values, [], cell)
        self._check_number(values, record, position, messages, cell)
        if record is None:
            return Match("new", messages=messages)
        diff = difference(record, values, digest, derived, self._parts.get(record[ID], ()))
        return Match("update" if diff else "unchanged", record[ID], record[VERSION], diff, messages)

    def is_as_shown(self, match, content):
        """Whether a `Match` of a row's own outcome, member and version is what the row's `content` showed."""
        return True

    def _is_first(self, record, position):
        """Whether no other row of the file is about the member of this record."""
        if self._file is not None and record[ID] in self._file.claimed:
            return False
        return self._claimed.setdefault(record[ID], position) == position

    def _check_number(self, values, record, position, messages, cell):
        number = values.get("number")
        if not number:
            return
        holder = self.by_number.get(number)
        taken = holder is not None and (record is None or holder[ID] != record[ID])
        before = self._file is not None and number in self._file.numbers
        if taken or before or self._numbers.setdefault(number, position) != position:
            del values["number"]
            name = holder[NAME] if taken else ""
            params = {"value": number, "name": name}
            messages.append(_message(cell, "number", "refused", "number_taken", params))

    def _chosen(self, values, digest, choice):
        """What `_find` would answer, had it to choose as somebody did; None without a choice that can stand."""
        holder = self.by_digest.get(digest) if digest is not None else None
        if choice == NEW:
            # one merged into a member of another association may come in again here
            is_held = holder is not None and holder[ID] in self.by_id
            return None if is_held else (None, None, None)
        record = self.by_id.get(choice)
        if record is None:
            return None  # nobody chosen, or the member chosen is gone
        if holder is not None and holder[ID] != record[ID]:
            return None, None, _conflict(holder)
        return record, None, None

    def _is_only_newcomer(self, values, digest, position):
        """Whether no earlier row brings the same new person: the file's own check does not see what is typed later."""
        mine = position, digest
        if digest is not None and self._newcomers.setdefault(digest, mine) != mine:
            return False
        if not values.get("mobile"):
            return True
        other = self._newcomers.setdefault((values["name"], values["mobile"]), mine)
        # two numbers are two people, whatever else they share
        return other == mine or (digest is not None and other[1] is not None)

    def _find(self, values, digest, derived):
        """(record, candidates to choose from, parameters of an identity conflict); at most one is not empty."""
        name = values["name"]
        if digest is not None and (record := self.by_digest.get(digest)):
            known = self._records_of(record)
            names = {each[place] for each in known for place in (NAME, FORMER_NAME)}
            if name in {*names, values.get("former_name", "")} or any(
                values.get("former_name") == each[NAME] for each in known
            ):
                return self.by_id.get(record[ID], record), None, None
            return None, None, _conflict(record)
        namesakes = self.by_name.get(name)
        if not namesakes:
            return None, None, None
        for same in (_same_number, _same_mobile, _same_birth):
            found = self._persons(record for record in namesakes if same(record, values))
            if found:
                if len(found) == 1 and not self._contradicts(found[0], digest):
                    return found[0], None, None
                return None, found, None
        employer = values.get("employer")
        if employer:
            found = self._persons(record for record in namesakes if record[EMPLOYER] == employer)
        elif not (digest or values.get("number") or values.get("mobile") or values.get("birth")):
            found = self._persons(namesakes)
        else:
            found = []
        # a question, unless the row says nothing that the one member's record does not say already
        parts = self._parts.get(found[0][ID], ()) if found else ()
        if len(found) == 1 and not difference(found[0], values, digest, derived, parts):
            return found[0], None, None
        return None, found, None

    def _contradicts(self, record, digest):
        known = (each[DIGEST] for each in self._records_of(record))
        return digest is not None and any(each is not None and each != digest for each in known)


def _message(cell, key, level, code, params):
    return Message(cell(key), level, code, params, key)


def _ambiguous(values, members, cell):
    params = {"name": values["name"], "members": members}
    return Match("question", messages=[_message(cell, "name", "question", "ambiguous_match", params)])


def _conflict(holder):
    """Parameters of the message that another member has the row's identity number."""
    return {"name": holder[NAME], "members": [holder[ID]]}


def _same_number(record, values):
    return bool(record[NUMBER]) and record[NUMBER] == values.get("number")


def _same_mobile(record, values):
    numbers = {values.get("mobile"), values.get("second_mobile")} - {None, ""}
    return any(record[place] in numbers for place in MOBILES)


def _same_birth(record, values):
    """The same date as far as both know it, at least to the month."""
    known, written = record[BIRTH], values.get("birth", "")
    shorter = min(len(known), len(written))
    return shorter >= 7 and known[:shorter] == written[:shorter]


def difference(record, values, digest, derived=frozenset(), parts=()):
    """{key: [before, after]} of what `values` would change in `record`; the identity number's pair is None.

    What one of the `parts` said, the records merged into this one, was put aside by the merge and changes nothing.
    """
    diff = {}
    for key, after in values.items():
        place = PLACE.get(key)
        if place is None:
            continue
        before = record[place] or ""
        if before == after or key in derived:
            continue
        if after and key in DATE_KEYS and before.startswith(after):
            continue  # the register knows the date more precisely
        if before and any(part[place] == after for part in parts):
            continue
        diff[key] = [before, after]
    known = [record[DIGEST], *(part[DIGEST] for part in parts if record[DIGEST] is not None)]
    if digest is not None and digest not in known:
        diff["id_number"] = None
    return diff


def new_status(values):
    """The status a new member starts with: the row's, else registered."""
    return values.get("status", Status.ACTIVE.value)
