"""Triggers for rules of terms, appointments and meetings that compare rows, which no column constraint can say.

They hold on both databases for every road into the tables. As in members/counting.py they are put back after each
run of migrations, since migrations on SQLite remake a table to change it, which loses its triggers without a word.
A broken rule is an IntegrityError whose text has the rule's name; the services check first and say it in a sentence.

On PostgreSQL the trigger locks the body's row before it looks, so that two writers cannot both find the place free.
SQLite has one writer at a time.
"""

from django.db import connections, transaction

TERM, APPOINTMENT, MEETING = "organizations_term", "organizations_appointment", "organizations_meeting"

# {rule: the condition, of the new row NEW, under which it is broken}
TERM_RULES = {
    "terms_do_not_overlap": f"""EXISTS (
        SELECT 1 FROM {TERM} t WHERE t.body_id = NEW.body_id AND t.id <> NEW.id
        AND t.starts_on <= COALESCE(NEW.ended_on, '9999-12-31')
        AND NEW.starts_on <= COALESCE(t.ended_on, '9999-12-31'))""",
    "term_holds_its_appointments": f"""EXISTS (
        SELECT 1 FROM {APPOINTMENT} a WHERE a.term_id = NEW.id AND a.voided_on IS NULL
        AND (a.starts_on < NEW.starts_on OR a.body_id <> NEW.body_id
             OR (NEW.ended_on IS NOT NULL AND (a.ends_on IS NULL OR a.ends_on > NEW.ended_on))))""",
    "term_holds_its_meetings": f"""EXISTS (
        SELECT 1 FROM {MEETING} m WHERE m.term_id = NEW.id AND m.state <> 'cancelled'
        AND (m."on" < NEW.starts_on OR m.body_id <> NEW.body_id
             OR m."on" > COALESCE(NEW.ended_on, '9999-12-31')))""",
}
_OTHERS = f"""SELECT 1 FROM {APPOINTMENT} a WHERE a.post_id = NEW.post_id AND a.body_id = NEW.body_id
        AND a.id <> NEW.id AND a.voided_on IS NULL
        AND a.starts_on <= COALESCE(NEW.ends_on, '9999-12-31')
        AND NEW.starts_on <= COALESCE(a.ends_on, '9999-12-31')"""
APPOINTMENT_RULES = {
    "appointment_of_one_body": f"""NOT EXISTS (
        SELECT 1 FROM organizations_body b JOIN organizations_post p
        ON p.body_kind = b.kind AND p.association_id = b.association_id
        WHERE b.id = NEW.body_id AND p.id = NEW.post_id)
        OR (NEW.term_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM {TERM} t WHERE t.id = NEW.term_id AND t.body_id = NEW.body_id))""",
    "appointment_within_its_term": f"""NEW.term_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM {TERM} t WHERE t.id = NEW.term_id AND (NEW.starts_on < t.starts_on
        OR (t.ended_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > t.ended_on))))""",
    # a person twice at once in one post
    "appointment_once_at_a_time": f"EXISTS ({_OTHERS} AND a.member_id = NEW.member_id)",
    # one who acts stands beside the one whose post it is
    "post_of_one_held_by_one": f"""EXISTS (
        SELECT 1 FROM organizations_post p WHERE p.id = NEW.post_id AND p.seats = 1)
        AND EXISTS ({_OTHERS} AND a.is_acting = NEW.is_acting)""",
}
MEETING_RULES = {
    "meeting_within_its_term": f"""NEW.term_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM {TERM} t WHERE t.id = NEW.term_id AND t.body_id = NEW.body_id
        AND NEW."on" >= t.starts_on AND NEW."on" <= COALESCE(t.ended_on, '9999-12-31'))""",
}
GUARDED = {
    TERM: ("guard_term", "", TERM_RULES),
    APPOINTMENT: ("guard_appointment", "NEW.voided_on IS NULL", APPOINTMENT_RULES),
    MEETING: ("guard_meeting", "NEW.state <> 'cancelled'", MEETING_RULES),
}


def _postgresql():
    for table, (name, when, rules) in GUARDED.items():
        checks = "\n".join(
            f"IF {_as_dates(condition)} THEN RAISE EXCEPTION '{rule}' USING ERRCODE = 'exclusion_violation'; END IF;"
            for rule, condition in rules.items()
        )
        yield f"""
            CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              PERFORM 1 FROM organizations_body WHERE id = NEW.body_id FOR NO KEY UPDATE;
              {checks}
              RETURN NULL;
            END $$
        """
        condition = f"WHEN ({when})" if when else ""
        yield (
            f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE ON {table} FOR EACH ROW {condition} "
            f"EXECUTE FUNCTION {name}()"
        )


def _as_dates(condition):
    return condition.replace("'9999-12-31'", "DATE '9999-12-31'")


def _sqlite():
    for table, (name, when, rules) in GUARDED.items():
        checks = "\n".join(
            f"SELECT RAISE(ABORT, '{rule}') WHERE {condition};" for rule, condition in rules.items()
        )
        for event in ("insert", "update"):
            condition = f"WHEN {when}" if when else ""
            yield f"CREATE TRIGGER {name}_{event} AFTER {event.upper()} ON {table} {condition} BEGIN {checks} END"


def remove_triggers(using, plan, **kwargs):
    """Before migrations run: away with the triggers, which would be in the way of changes to the tables."""
    connection = connections[using]
    if plan:
        with transaction.atomic(using), connection.cursor() as cursor:
            _drop(connection, cursor)


def ensure_triggers(using, **kwargs):
    """After migrations ran: make the triggers anew."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        if not set(GUARDED) <= set(connection.introspection.table_names(cursor)):
            return
        _drop(connection, cursor)
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def _drop(connection, cursor):
    tables = connection.introspection.table_names(cursor)
    for table, (name, _when, _rules) in GUARDED.items():
        if table not in tables:
            continue
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        else:
            for event in ("insert", "update"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{event}")
