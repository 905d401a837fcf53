"""Who may open which address: one entry for each address of the site, checked by tests/test_permission_matrix.py.

An entry says who is served by GET and (where it differs) by POST, as a class of tests/permissions/access.py, and what
stands in the address: words of tests/permissions/world.py for the keys of its records, after "=" a word for itself.
"""

from tests.permissions.access import (
    CLOSED_EVEN_SIGNED_OUT,
    CLOSED_TO_ALL,
    EDIT,
    EDIT_BODY,
    EDIT_BODY_LIST,
    EDIT_FOUND_BODY,
    EDIT_LIST,
    FAR,
    FIGURES,
    LOGS,
    MANAGE,
    MANAGE_LIST,
    MEMBERS,
    NOBODY,
    NOT_EVEN_SIGNED_OUT,
    NOTHING_THERE,
    OWN,
    PUBLIC,
    READ,
    READ_LIST,
    READ_WHOLE,
    READ_WHOLE_LIST,
    RECORD,
    RECORD_EDIT,
    RECORD_EDIT_WHOLE,
    RECORD_MANAGE,
    RECORD_WHOLE,
    SIGNED_IN,
    SIGNED_OUT,
    STAFF,
    STRANGERS,
    SUPERUSER,
    url,
)

# what a member agreed to show the others
LISTED = [("own", "name"), ("own", "public")]
# whom an applicant named to introduce them
INTRODUCED = [("applicant", "name"), ("applicant", "public")]
# an association gets its fields of service with the first form that offers them
FIELDS = ("activities_servicefield",)

TABLE = {
    # -- the frame
    "home": url(SIGNED_IN),
    "health": url(PUBLIC),
    "set_language": url(PUBLIC),
    "unsent": url(SIGNED_IN, key="none"),
    # -- signing in: allauth's
    "account_login": url(PUBLIC),
    "account_logout": url(SIGNED_IN, SIGNED_OUT),
    "account_inactive": url(PUBLIC, CLOSED_EVEN_SIGNED_OUT),
    "account_signup": url(PUBLIC),
    "account_reauthenticate": url(SIGNED_IN),
    "account_email": url(SIGNED_IN),
    "account_email_verification_sent": url(PUBLIC, CLOSED_EVEN_SIGNED_OUT),
    "account_change_password": url(SIGNED_IN),
    "account_set_password": url(SIGNED_IN),
    "account_reset_password": url(PUBLIC),
    "account_confirm_login_code": url(SIGNED_IN),
    "account_confirm_email": url(PUBLIC, NOT_EVEN_SIGNED_OUT, key="none"),
    "account_reset_password_from_key_done": url(PUBLIC, CLOSED_EVEN_SIGNED_OUT),
    "account_reset_password_from_key": url(PUBLIC, uidb36="1", key="none"),
    "account_reset_password_done": url(PUBLIC, CLOSED_EVEN_SIGNED_OUT),
    "account_request_login_code": url(PUBLIC),
    "mfa_index": url(SIGNED_IN, CLOSED_TO_ALL),
    "mfa_authenticate": url(SIGNED_IN),
    "mfa_reauthenticate": url(SIGNED_IN),
    "mfa_activate_totp": url(SIGNED_IN),
    "mfa_deactivate_totp": url(NOTHING_THERE),
    "mfa_view_recovery_codes": url(NOTHING_THERE, CLOSED_TO_ALL),
    "mfa_generate_recovery_codes": url(SIGNED_IN),
    "mfa_download_recovery_codes": url(NOTHING_THERE),
    "mfa_list_webauthn": url(SIGNED_IN, CLOSED_TO_ALL),
    "mfa_add_webauthn": url(SIGNED_IN),
    "mfa_reauthenticate_webauthn": url(SIGNED_IN),
    "mfa_remove_webauthn": url(NOTHING_THERE, pk="1"),
    "mfa_edit_webauthn": url(SIGNED_IN, pk="1"),
    "mfa_login_webauthn": url(SIGNED_IN),
    "usersessions_list": url(SIGNED_IN),
    # -- activities
    "activities:activities": url(READ_LIST, CLOSED_TO_ALL),
    "activities:activity": url(READ, CLOSED_TO_ALL, pk="activity"),
    "activities:attendance": url(EDIT_BODY, pk="activity"),
    "activities:services": url(READ_WHOLE_LIST, CLOSED_TO_ALL),
    "activities:services_confirm": url(CLOSED_TO_ALL, EDIT_LIST),
    "activities:service_new": url(EDIT_LIST, writes=FIELDS),
    "activities:service": url(READ_WHOLE, EDIT, pk="service"),
    "activities:honours": url(READ_WHOLE_LIST, CLOSED_TO_ALL),
    "activities:honour_new": url(EDIT_LIST),
    "activities:honour": url(READ_WHOLE, EDIT, pk="honour"),
    "activities:honour_edit": url(EDIT, pk="honour"),
    "own_activities:contributions": url(MEMBERS, CLOSED_TO_ALL),
    "own_activities:service_claim": url(MEMBERS, writes=FIELDS),
    "own_activities:service_edit": url(OWN, pk="service", writes=FIELDS),
    "own_activities:service_withdraw": url(CLOSED_TO_ALL, OWN, pk="service"),
    "own_activities:honour_claim": url(MEMBERS),
    "own_activities:honour_edit": url(OWN, pk="claimed_honour"),
    "own_activities:honour_withdraw": url(CLOSED_TO_ALL, OWN, pk="claimed_honour"),
    "activities:people": url(READ, CLOSED_TO_ALL, pk="activity"),
    "activities:people_export": url(EDIT, pk="activity"),
    "own_activities:activities": url(MEMBERS, CLOSED_TO_ALL),
    "activities:invite": url(EDIT_BODY, pk="activity"),
    "activities:sign_ups": url(READ, EDIT_BODY, pk="activity"),
    "activities:sign_up_members": url(EDIT_BODY, pk="activity"),
    "activities:guests_new": url(EDIT_BODY, pk="activity"),
    "activities:sign_up": url(EDIT_BODY, pk="activity", row_pk="participation"),
    "activities:answers": url(READ, CLOSED_TO_ALL, pk="activity"),
    "own_activities:past": url(MEMBERS, CLOSED_TO_ALL),
    "own_activities:activity": url(MEMBERS, data={"do": "=sign_up"}, pk="activity"),
    "own_activities:record": url(MEMBERS, CLOSED_TO_ALL),
    "own_activities:record_year": url(MEMBERS, CLOSED_TO_ALL, year="=2026"),
    "own_activities:objections": url(MEMBERS, CLOSED_TO_ALL),
    "own_activities:objection_new": url(MEMBERS),
    "own_activities:objection_withdraw": url(CLOSED_TO_ALL, OWN, pk="objection"),
    # -- calendars
    "activities:calendar": url(READ_LIST, CLOSED_TO_ALL),
    "activities:calendar_day": url(READ_LIST, CLOSED_TO_ALL, day="2026-11-05"),
    "activities:calendar_subscribe": url(READ_LIST),
    "own_activities:calendar": url(MEMBERS, CLOSED_TO_ALL),
    "own_activities:calendar_subscribe": url(MEMBERS),
    "own_activities:activity_ics": url(MEMBERS, CLOSED_TO_ALL, pk="activity"),
    "calendar_feed": url(
        PUBLIC, CLOSED_EVEN_SIGNED_OUT, token="feed_token", writes=["activities_calendarfeed"]
    ),
    # -- elections
    "organizations:elections": url(READ_LIST),
    "organizations:election_new": url(EDIT_BODY_LIST.but(no="other_manager")),
    "organizations:election": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_setup": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_bodies": url(
        CLOSED_TO_ALL, EDIT_BODY, data={"remove": "election_part"}, pk="election"
    ),
    "organizations:election_drop": url(CLOSED_TO_ALL, EDIT_BODY, pk="election"),
    "organizations:election_preparations": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_contests": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_contests_change": url(
        CLOSED_TO_ALL, EDIT_BODY, data={"remove": "contest"}, pk="election"
    ),
    "organizations:election_candidates": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_contest": url(READ, EDIT_BODY, pk="election", contest_pk="contest"),
    "organizations:election_ballots": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_results": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_result": url(READ, EDIT_BODY, pk="election", contest_pk="contest"),
    "organizations:election_result_change": url(
        CLOSED_TO_ALL, EDIT_BODY, pk="election", contest_pk="contest"
    ),
    "organizations:election_office": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_undo": url(READ, EDIT_BODY, pk="election"),
    "organizations:election_filing": url(READ, EDIT_BODY, pk="election"),
    # -- bodies and the charter
    "organizations:bodies": url(READ_LIST),
    "organizations:body_new": url(EDIT_LIST),
    "organizations:body": url(READ, pk="council"),
    "organizations:body_edit": url(EDIT_FOUND_BODY, pk="council"),
    "organizations:body_dissolve": url(EDIT_FOUND_BODY.but(no="body_secretary"), pk="council"),
    "organizations:term_new": url(EDIT_FOUND_BODY, pk="council"),
    "organizations:appoint": url(EDIT_FOUND_BODY, pk="council"),
    "organizations:term_edit": url(EDIT_FOUND_BODY, pk="term"),
    "organizations:term_end": url(EDIT_FOUND_BODY, pk="term"),
    "organizations:appointment_edit": url(EDIT_FOUND_BODY, pk="appointment"),
    "organizations:appointment_end": url(EDIT_FOUND_BODY, pk="appointment"),
    "organizations:appointment_void": url(EDIT_FOUND_BODY, pk="appointment"),
    "organizations:findings": url(READ_WHOLE_LIST),
    "organizations:charter_rules": url(READ_WHOLE_LIST),
    "organizations:charter_rule": url(
        READ_WHOLE, MANAGE, association_pk="home", kind="fewest_members", body_kind="=association"
    ),
    # -- meetings
    "organizations:meetings": url(READ_LIST),
    "organizations:meeting_new": url(EDIT_BODY_LIST),
    "organizations:meeting_rules": url(READ_WHOLE_LIST),
    "organizations:meeting_rules_of": url(READ_WHOLE, pk="home"),
    "organizations:meeting_rule": url(MANAGE, pk="home", kind="=council"),
    "organizations:meeting_rule_reset": url(CLOSED_TO_ALL, MANAGE, pk="home", kind="=council"),
    "organizations:meeting": url(READ, pk="meeting"),
    "organizations:meeting_edit": url(EDIT_BODY, pk="meeting"),
    "organizations:meeting_print": url(READ, pk="meeting"),
    "organizations:meeting_history": url(LOGS.but(hidden=FAR), pk="meeting"),
    "organizations:meeting_hold": url(CLOSED_TO_ALL, EDIT_BODY, pk="meeting"),
    "organizations:meeting_sign": url(EDIT_BODY, pk="meeting"),
    "organizations:meeting_cancel": url(EDIT_BODY, pk="meeting"),
    "organizations:meeting_attendance": url(EDIT_BODY, pk="meeting"),
    "organizations:meeting_observers": url(CLOSED_TO_ALL, EDIT_BODY, pk="meeting"),
    "organizations:item_new": url(EDIT_BODY, pk="meeting"),
    "organizations:resolution_new": url(EDIT_BODY, pk="meeting"),
    "organizations:item": url(EDIT_BODY, pk="item"),
    "organizations:item_delete": url(EDIT_BODY, pk="item"),
    "organizations:vote_new": url(EDIT_BODY, pk="item"),
    "organizations:vote": url(EDIT_BODY, pk="vote"),
    "organizations:vote_delete": url(EDIT_BODY, pk="vote"),
    "organizations:resolution": url(READ, NOBODY.but(hidden="other_manager"), pk="resolution"),
    "organizations:resolution_edit": url(EDIT_BODY, pk="resolution"),
    "organizations:resolution_delete": url(EDIT_BODY, pk="resolution"),
    "organizations:resolution_carry_out": url(CLOSED_TO_ALL, EDIT_BODY, pk="resolution"),
    "organizations:resolution_take_back": url(CLOSED_TO_ALL, EDIT_BODY, pk="resolution"),
    # -- file and papers
    "organizations:files": url(READ_WHOLE_LIST),
    "organizations:file": url(READ_WHOLE, pk="home"),
    "organizations:papers": url(EDIT_LIST),
    "organizations:paper_make": url(
        READ.but(hidden="viewer supervisor department_persons body_viewer"),
        source="body",
        pk="council",
        kind="roster",
    ),
    "organizations:paper": url(EDIT, MANAGE, association_pk="home", kind="roster"),
    "organizations:paper_use": url(CLOSED_TO_ALL, MANAGE, association_pk="home", kind="roster"),
    "organizations:paper_template": url(EDIT, association_pk="home", kind="roster"),
    "organizations:paper_sample": url(EDIT, association_pk="home", kind="roster", form="docx"),
    # -- members
    "members:me": url(SIGNED_IN),
    "members:statistics": url(FIGURES),
    "members:statistics_sheet": url(CLOSED_TO_ALL, FIGURES),
    "members:photo": url(RECORD_EDIT.but(hidden="stranger other_member expired", ok="member"), pk="own"),
    "members:rights": url(MANAGE_LIST),
    "members:seen_by": url(MANAGE, pk="own"),
    "members:sees": url(MANAGE, pk="user"),
    "members:birthdays_switch": url(CLOSED_TO_ALL, STAFF),
    # -- imports
    "members:import_upload": url(EDIT_LIST),
    "members:import_template": url(EDIT_LIST),
    "members:import_batch": url(EDIT, pk="batch"),
    "members:import_columns": url(EDIT, pk="batch"),
    "members:body_export": url(EDIT, pk="council"),
    "members:body_roster_template": url(EDIT, pk="council"),
    "members:body_roster": url(EDIT, pk="batch"),
    "members:import_rows": url(CLOSED_TO_ALL, EDIT, pk="batch"),
    "members:import_row": url(EDIT, pk="batch", row="row"),
    "members:import_apply": url(CLOSED_TO_ALL, EDIT, pk="batch"),
    "members:import_undo": url(EDIT, pk="batch"),
    "members:import_error_sheet": url(
        EDIT, CLOSED_TO_ALL, writes=["members_disclosed", "organizations_action"], pk="batch"
    ),
    "members:import_discard": url(EDIT, pk="batch"),
    "members:import_cancel": url(CLOSED_TO_ALL, EDIT, pk="batch"),
    "members:import_again": url(CLOSED_TO_ALL, EDIT, pk="batch"),
    # -- self-service, the staff's side
    "members:cards": url(EDIT_LIST),
    "members:cards_issue": url(CLOSED_TO_ALL, EDIT_LIST),
    "members:cards_print": url(CLOSED_TO_ALL, EDIT_LIST),
    "members:card_revoke": url(CLOSED_TO_ALL, EDIT, pk="card"),
    "members:member_cards": url(EDIT, pk="own"),
    "members:notices": url(EDIT_LIST),
    "members:notice": url(EDIT, pk="notice"),
    "members:notice_publish": url(CLOSED_TO_ALL, MANAGE, pk="draft"),
    "members:notice_edit": url(MANAGE, association_pk="home"),
    # -- the members' own pages
    "portal:home": url(MEMBERS),
    "portal:seen_by": url(MEMBERS),
    "portal:profile": url(MEMBERS),
    "portal:photo": url(MEMBERS),
    "portal:posts": url(MEMBERS, CLOSED_TO_ALL),
    "portal:taken_part": url(SIGNED_IN),
    "portal:sign_in_email": url(NOTHING_THERE, signed="none"),
    "portal:profile_section": url(MEMBERS, section="contact"),
    "portal:directory": url(MEMBERS, CLOSED_TO_ALL, tells=LISTED),
    "portal:directory_entry": url(CLOSED_TO_ALL, MEMBERS),
    "portal:directory_member": url(MEMBERS, CLOSED_TO_ALL, pk="own", tells=LISTED),
    "portal:directory_photo": url(NOTHING_THERE, CLOSED_TO_ALL, pk="own"),
    "portal:inbox": url(MEMBERS, CLOSED_TO_ALL),
    "portal:inbox_read": url(CLOSED_TO_ALL, MEMBERS),
    "portal:message": url(OWN, CLOSED_TO_ALL, pk="message"),
    "portal:card": url(MEMBERS),
    "portal:card_pdf": url(OWN),
    # -- open to whoever holds the address
    "notice": url(PUBLIC, code="home_code"),
    "notice_version": url(PUBLIC, code="home_code", version="1"),
    "card_find": url(PUBLIC),
    "card_check": url(PUBLIC, token="card_token", tells=[("own", "name")]),
    # -- the admin's own
    "admin:index": url(STAFF),
    "admin:login": url(STAFF),
    "admin:logout": url(SIGNED_IN, SIGNED_OUT.but(ok=STRANGERS)),
    "admin:password_change": url(STAFF),
    "admin:password_change_done": url(STAFF),
    "admin:autocomplete": url(
        READ_LIST,
        CLOSED_TO_ALL,
        query="?app_label=organizations&model_name=appointment&field_name=member&term=%E6%AC%A7",
    ),
    "admin:jsi18n": url(STAFF, CLOSED_TO_ALL),
    # -- records of organizations
    "admin:organizations_association_restore": url(
        RECORD_EDIT_WHOLE.but(no="secretary"),
        query="?field=data_contact",
        object_id="home",
        change_id="change of home",
    ),
    "admin:organizations_association_changelist": url(READ_LIST),
    "admin:organizations_association_add": url(MANAGE_LIST),
    "admin:organizations_association_history": url(RECORD_WHOLE, object_id="home"),
    "admin:organizations_association_delete": url(SUPERUSER, object_id="home"),
    "admin:organizations_association_change": url(
        RECORD_WHOLE.but(no="department"), MANAGE, object_id="home"
    ),
    "admin/organizations/association/<path:object_id>/": url(
        STAFF, path="/admin/organizations/association/{object_id}/", object_id="home"
    ),
    "admin:organizations_body_restore": url(
        NOBODY.but(hidden="department other_manager"),
        query="?field=basis",
        object_id="council",
        change_id="change of council",
    ),
    "admin:organizations_body_changelist": url(STAFF),
    "admin:organizations_body_add": url(NOBODY),
    "admin:organizations_body_history": url(RECORD, object_id="council"),
    "admin:organizations_body_delete": url(NOBODY, object_id="council"),
    "admin:organizations_body_change": url(STAFF, object_id="council"),
    "admin/organizations/body/<path:object_id>/": url(
        STAFF, path="/admin/organizations/body/{object_id}/", object_id="council"
    ),
    "admin:organizations_post_restore": url(
        NOBODY.but(hidden="department other_manager"),
        query="?field=seats",
        object_id="post",
        change_id="change of post",
    ),
    "admin:organizations_post_changelist": url(READ_LIST),
    "admin:organizations_post_add": url(MANAGE_LIST),
    "admin:organizations_post_history": url(RECORD, object_id="post"),
    "admin:organizations_post_delete": url(NOBODY, object_id="post"),
    "admin:organizations_post_change": url(READ, MANAGE, object_id="post"),
    "admin/organizations/post/<path:object_id>/": url(
        STAFF, path="/admin/organizations/post/{object_id}/", object_id="post"
    ),
    "admin:organizations_charterrule_restore": url(
        RECORD_EDIT_WHOLE.but(no="secretary manager superuser"),
        query="?field=note",
        object_id="rule",
        change_id="change of rule",
    ),
    "admin:organizations_charterrule_changelist": url(READ_WHOLE_LIST),
    "admin:organizations_charterrule_add": url(NOBODY),
    "admin:organizations_charterrule_history": url(RECORD_WHOLE, object_id="rule"),
    "admin:organizations_charterrule_delete": url(NOBODY, object_id="rule"),
    "admin:organizations_charterrule_change": url(READ_WHOLE, NOBODY, object_id="rule"),
    "admin/organizations/charterrule/<path:object_id>/": url(
        STAFF, path="/admin/organizations/charterrule/{object_id}/", object_id="rule"
    ),
    "admin:organizations_filing_restore": url(
        RECORD_EDIT_WHOLE, query="?field=note", object_id="filing", change_id="change of filing"
    ),
    "admin:organizations_filing_changelist": url(READ_WHOLE_LIST),
    "admin:organizations_filing_add": url(EDIT_LIST),
    "admin:organizations_filing_history": url(RECORD_WHOLE, object_id="filing"),
    "admin:organizations_filing_delete": url(MANAGE, object_id="filing"),
    "admin:organizations_filing_change": url(READ_WHOLE, EDIT, object_id="filing"),
    "admin/organizations/filing/<path:object_id>/": url(
        STAFF, path="/admin/organizations/filing/{object_id}/", object_id="filing"
    ),
    "admin:organizations_change_changelist": url(LOGS),
    "admin:organizations_change_add": url(NOBODY),
    "admin:organizations_change_history": url(
        RECORD_EDIT_WHOLE.but(no="secretary manager superuser"), object_id="change_of_own"
    ),
    "admin:organizations_change_delete": url(NOBODY, object_id="change_of_own"),
    "admin:organizations_change_change": url(
        NOBODY.but(hidden="other_manager"), NOBODY, object_id="change_of_own"
    ),
    "admin/organizations/change/<path:object_id>/": url(
        STAFF, path="/admin/organizations/change/{object_id}/", object_id="change_of_own"
    ),
    "admin:organizations_action_changelist": url(LOGS),
    "admin:organizations_action_add": url(NOBODY),
    "admin:organizations_action_history": url(NOTHING_THERE.but(no=STRANGERS), object_id="action"),
    "admin:organizations_action_delete": url(NOBODY, object_id="action"),
    "admin:organizations_action_change": url(
        EDIT.but(hidden="supervisor secretary manager superuser"), NOBODY, object_id="action"
    ),
    "admin/organizations/action/<path:object_id>/": url(
        STAFF, path="/admin/organizations/action/{object_id}/", object_id="action"
    ),
    # -- accounts, words, employers, imports
    "admin:members_user_restore": url(
        NOTHING_THERE.but(no="stranger member other_member manager superuser expired"),
        query="?field=name",
        object_id="user",
        change_id="change of user",
    ),
    "admin:auth_user_password_change": url(MANAGE, id="user"),
    "admin:members_user_changelist": url(MANAGE_LIST),
    "admin:members_user_add": url(MANAGE_LIST),
    "admin:members_user_history": url(RECORD_MANAGE, object_id="user"),
    "admin:members_user_delete": url(NOBODY, object_id="user"),
    "admin:members_user_change": url(MANAGE, object_id="user"),
    "admin/members/user/<path:object_id>/": url(
        STAFF, path="/admin/members/user/{object_id}/", object_id="user"
    ),
    "admin:members_listedword_restore": url(
        RECORD_EDIT_WHOLE.but(no="secretary manager superuser"),
        query="?field=name",
        object_id="word",
        change_id="change of word",
    ),
    "admin:members_listedword_changelist": url(READ_WHOLE_LIST),
    "admin:members_listedword_add": url(MANAGE_LIST),
    "admin:members_listedword_history": url(RECORD_WHOLE, object_id="word"),
    "admin:members_listedword_delete": url(MANAGE, object_id="word"),
    "admin:members_listedword_change": url(READ_WHOLE, MANAGE, object_id="word"),
    "admin/members/listedword/<path:object_id>/": url(
        STAFF, path="/admin/members/listedword/{object_id}/", object_id="word"
    ),
    "admin:members_employer_duplicates": url(READ_WHOLE_LIST),
    "admin:members_employer_merge": url(
        RECORD_EDIT_WHOLE.but(no="secretary"), one="employer", other="other_employer"
    ),
    "admin:members_employer_restore": url(
        RECORD_EDIT_WHOLE, query="?field=kind", object_id="employer", change_id="change of employer"
    ),
    "admin:members_employer_changelist": url(READ_WHOLE_LIST),
    "admin:members_employer_add": url(EDIT_LIST),
    "admin:members_employer_history": url(RECORD_WHOLE, object_id="employer"),
    "admin:members_employer_delete": url(MANAGE, object_id="employer"),
    "admin:members_employer_change": url(READ_WHOLE, EDIT, object_id="employer"),
    "admin/members/employer/<path:object_id>/": url(
        STAFF, path="/admin/members/employer/{object_id}/", object_id="employer"
    ),
    "admin:members_importbatch_changelist": url(EDIT_LIST),
    "admin:members_importbatch_add": url(NOBODY),
    "admin:members_importbatch_history": url(
        RECORD_WHOLE.but(hidden="viewer supervisor department_persons"), object_id="batch"
    ),
    "admin:members_importbatch_delete": url(NOBODY, object_id="batch"),
    "admin:members_importbatch_change": url(
        RECORD_WHOLE.but(hidden="viewer supervisor department_persons"), object_id="batch"
    ),
    "admin/members/importbatch/<path:object_id>/": url(
        STAFF, path="/admin/members/importbatch/{object_id}/", object_id="batch"
    ),
    # -- members
    "admin:members_member_duplicates": url(EDIT_LIST),
    "admin:members_member_distinct": url(EDIT_LIST, EDIT, data={"one": "twin_one", "other": "twin_two"}),
    "admin:members_member_merge": url(RECORD_EDIT_WHOLE, one="twin_one", other="twin_two"),
    "admin:members_member_merges": url(EDIT_LIST),
    "admin:members_member_unmerge": url(RECORD_EDIT_WHOLE, pk="merged"),
    "admin:members_member_narrow": url(STAFF),
    "admin:members_member_lists": url(READ_WHOLE_LIST),
    "admin:members_member_list_add": url(READ_WHOLE_LIST),
    "admin:members_member_list_change": url(
        RECORD_EDIT_WHOLE.but(ok="viewer", no="secretary manager superuser"), pk="saved_list"
    ),
    "admin:members_member_list_save": url(
        CLOSED_TO_ALL, RECORD_EDIT_WHOLE.but(ok="viewer", no="secretary manager superuser"), pk="saved_list"
    ),
    "admin:members_member_list_delete": url(
        RECORD_EDIT_WHOLE.but(ok="viewer", no="secretary"), pk="saved_list"
    ),
    "admin:members_member_columns": url(CLOSED_TO_ALL, STAFF),
    "admin:members_member_bulk": url(EDIT_LIST, name="status"),
    "admin:members_member_detail": url(RECORD, pk="own"),
    "admin:members_member_section": url(RECORD_EDIT, pk="own", section="association"),
    "admin:members_member_next": url(RECORD, pk="own"),
    "admin:members_member_previous": url(RECORD, pk="own"),
    "admin:members_member_reveal": url(RECORD_EDIT, pk="own"),
    "admin:members_member_form": url(RECORD, RECORD_EDIT, pk="own"),
    "admin:members_member_photo": url(RECORD_EDIT, pk="own"),
    "admin:members_member_restore": url(
        RECORD_EDIT, query="?field=township", object_id="own", change_id="change of own"
    ),
    "admin:members_member_process_import": url(STAFF),
    "admin:members_member_import": url(STAFF),
    "admin:members_member_export": url(EDIT_LIST),
    "admin:members_member_changelist": url(READ_LIST),
    "admin:members_member_add": url(EDIT_LIST),
    "admin:members_member_history": url(RECORD, object_id="own"),
    "admin:members_member_delete": url(MANAGE, object_id="own"),
    "admin:members_member_change": url(READ, EDIT, object_id="own"),
    "admin/members/member/<path:object_id>/": url(
        RECORD, path="/admin/members/member/{object_id}/", object_id="own"
    ),
    "admin:organizations_strokeoverride_restore": url(
        NOBODY.but(hidden="department body_secretary body_viewer"),
        query="?field=note",
        object_id="stroke",
        change_id="change of stroke",
    ),
    "admin:organizations_strokeoverride_changelist": url(READ_WHOLE_LIST),
    "admin:organizations_strokeoverride_add": url(MANAGE_LIST),
    "admin:organizations_strokeoverride_history": url(
        RECORD_WHOLE.but(ok="other_manager"), object_id="stroke"
    ),
    "admin:organizations_strokeoverride_delete": url(MANAGE_LIST, object_id="stroke"),
    "admin:organizations_strokeoverride_change": url(READ_WHOLE_LIST, MANAGE_LIST, object_id="stroke"),
    "admin/organizations/strokeoverride/<path:object_id>/": url(
        STAFF, path="/admin/organizations/strokeoverride/{object_id}/", object_id="stroke"
    ),
    "admin:app_list": url(STAFF.but(hidden="department"), app_label="members"),
    "admin/(?P<url>.*)$": url(NOTHING_THERE.but(no=STRANGERS), path="/admin/nothing/"),
    # -- what members and those who want to become one begin, and what the staff make of it
    "second_factor": url(SIGNED_IN),
    "end_session": url(CLOSED_TO_ALL, NOTHING_THERE, pk="1"),
    "members:invitations": url(EDIT_LIST, CLOSED_TO_ALL),
    "members:invite": url(EDIT_LIST),
    "members:invitation_sheet": url(EDIT_LIST, CLOSED_TO_ALL),
    "members:invitation": url(EDIT, CLOSED_TO_ALL, pk="hidden"),
    "members:invite_one": url(CLOSED_TO_ALL, EDIT, data={"way": "=link"}, pk="hidden"),
    "members:invitation_revoke": url(CLOSED_TO_ALL, EDIT, pk="hidden"),
    "members:account_disconnect": url(CLOSED_TO_ALL, MANAGE, pk="own"),
    "members:change_requests": url(EDIT_LIST),
    "members:change_request": url(EDIT, pk="request"),
    "members:change_request_number": url(NOBODY.but(hidden=FAR), pk="request"),
    "members:applications": url(EDIT_LIST),
    "members:application": url(EDIT, pk="application"),
    "members:announcement": url(EDIT, pk="home"),
    "members:numbers": url(MANAGE_LIST),
    "members:number": url(EDIT, pk="own"),
    "members:consents": url(EDIT, pk="own"),
    "members:person_requests": url(LOGS),
    "members:person_request_new": url(EDIT_LIST),
    "members:person_request": url(EDIT.but(ok="supervisor"), EDIT, pk="person_request"),
    "members:person_request_copy": url(CLOSED_TO_ALL, EDIT, pk="person_request"),
    "members:person_request_lift": url(CLOSED_TO_ALL, EDIT, pk="person_request"),
    "members:disclosures": url(STAFF),
    "members:disclosures_sheet": url(CLOSED_TO_ALL, STAFF),
    "members:disclosure": url(RECORD_WHOLE.but(hidden="viewer department_persons"), pk="disclosure"),
    "members:retention": url(MANAGE_LIST),
    "members:retention_applications": url(CLOSED_TO_ALL, MANAGE_LIST),
    "members:retention_run": url(MANAGE, pk="run"),
    "members:retention_request": url(MANAGE, pk="deletion_request"),
    "members:retention_anonymise": url(CLOSED_TO_ALL, MANAGE, pk="run"),
    "members:retention_cancel": url(CLOSED_TO_ALL, MANAGE, pk="run"),
    "members:retention_purge": url(MANAGE, pk="run"),
    "members:retention_leave_out": url(MANAGE, pk="retention_item"),
    "members:retention_restore": url(MANAGE, pk="retention_item"),
    "portal:sign_in_mobile": url(MEMBERS),
    "portal:requests": url(MEMBERS),
    "portal:request_new": url(MEMBERS),
    "portal:request": url(OWN, pk="request"),
    "portal:introductions": url(MEMBERS, tells=INTRODUCED),
    "portal:introduction": url(OWN, pk="introduction", tells=INTRODUCED),
    "portal:data": url(MEMBERS),
    "portal:data_copy": url(CLOSED_TO_ALL, MEMBERS),
    "portal:consents": url(MEMBERS),
    "portal:person_requests": url(MEMBERS, NOTHING_THERE),
    "portal:person_request_new": url(MEMBERS),
    "join_code": url(PUBLIC),
    "join": url(PUBLIC, token="invitation_token"),
    "join_account": url(PUBLIC, token="invitation_token"),
    "join_passkey": url(CLOSED_EVEN_SIGNED_OUT, PUBLIC, token="invitation_token"),
    "join_again": url(CLOSED_EVEN_SIGNED_OUT, PUBLIC, token="invitation_token"),
    "apply": url(PUBLIC),
    "apply_to": url(PUBLIC, code="home_code"),
    "application_draft": url(PUBLIC, token="draft_token"),
    "application_link": url(PUBLIC, token="draft_token"),
    "application_review": url(PUBLIC, token="draft_token"),
    "application_withdraw": url(PUBLIC, token="draft_token"),
    "application_step": url(PUBLIC, token="draft_token", key="person"),
    "admin:members_user_signing_in": url(RECORD_MANAGE, pk="user"),
    "admin:members_user_sign_out": url(CLOSED_TO_ALL, RECORD_MANAGE, pk="user"),
}
