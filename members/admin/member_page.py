"""The page of one member: to read first, to edit by section or whole; neighbours in the list."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Value
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members import identity
from members.admin.code_lists import SuggestingInput, suggestions
from members.admin.columns import readable_column
from members.admin.forms import FurtherCategoryForm, MemberForm, StatusChangeForm
from members.admin.photo import PhotoScreen
from members.admin.reveal import RevealScreen
from members.admin.sections import SECTIONS, fact, facts, missing
from members.change_requests.queue import with_open_request
from members.codes import Category, Status
from members.invitations.queries import account_line, with_last_invitation
from members.models import Employer, FurtherCategory, Member, PersonRequest, RetentionRun, StatusChange
from members.models.member import LEFT
from members.privacy.viewings import note_viewing
from members.rights import FIELD_CLASSES, Ability
from members.services import first_status
from organizations.admin import ScopedInline
from organizations.changes_in_sight import hidden_parts
from organizations.history_screen import entries, field_label, in_form_order
from organizations.keyset import AFTER, BEFORE
from organizations.models import Change

# Actions in the column beside the record
RECENT = 8
# names of functions of (member, user) that give the (label, address) of a tool on the page, or None; a later app adds
# its own when it starts
TOOLS = []
# Fields whose change may put the record at odds with the identity number
DOUBTED = {"birth", "sex", "id_sealed"}


class FurtherCategoryInline(ScopedInline, admin.TabularInline):
    model = FurtherCategory
    form = FurtherCategoryForm


class StatusChangeInline(ScopedInline, admin.TabularInline):
    """The steps of a member's life in the association. New ones are added; those recorded stay."""

    model = StatusChange
    form = StatusChangeForm
    fields = ["status", "on", "decided_by", "document", "clerk"]
    readonly_fields = ["clerk"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("entered_by")

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request, obj):
        # a new member's first step follows from the status chosen in the form
        return obj is not None and super().has_add_permission(request, obj)

    @admin.display(description=_("entered by"))
    def clerk(self, step):
        # the name alone: the account behind it is a page for managers
        return str(step.entered_by or "")


class PageScreen(RevealScreen, PhotoScreen):
    """The part of the member's admin that shows and changes one member."""

    form = MemberForm
    autocomplete_fields = ["employer"]
    inlines = [StatusChangeInline, FurtherCategoryInline]
    fieldsets = [(section.title, {"fields": list(section.fields)}) for section in SECTIONS]

    def get_urls(self):
        def wrap(view):
            return self.admin_site.admin_view(view)

        # before the admin's own, whose last pattern takes every address
        return [
            path("<int:pk>/", wrap(self.detail_view), name="members_member_detail"),
            path("<int:pk>/edit/<slug:section>/", wrap(self.section_view), name="members_member_section"),
            path("<int:pk>/next/", wrap(self.next_view), name="members_member_next"),
            path("<int:pk>/previous/", wrap(self.previous_view), name="members_member_previous"),
            *super().get_urls(),
        ]

    # -- to read

    def detail_view(self, request, pk):
        member = self._seen(request, pk)
        note_viewing(member, request.user)
        rights = request.user.rights
        further, steps = further_and_steps(member)
        context = {
            **self._frame(request, member),
            "title": member.name,
            "sections": [(section, facts(member, section, rights)) for section in SECTIONS],
            "contact": [
                each for each in (fact(member, key, rights) for key in ("mobile", "email")) if each.text
            ],
            "further": further,
            "steps": steps,
            "posts": posts_of(member, request.user),
            "missing": missing(member, rights),
            "retention_run": retention_run_of(member, request.user),
            "alike": self.possibly_the_same(request, member),
            "entries": self._recent(request, member),
            "account": self._account(request, member),
            "consents": self._consents(request, member),
            "may_change": self.has_change_permission(request, member),
            "asks_for": request.user.has_perm("members.view_changerequest") and member.open_request,
            "may_delete": self.has_delete_permission(request, member),
            "may_see_readers": rights.may(Ability.MANAGE, member.association_id),
            "may_reveal": self.may_reveal(request, member) and member.id_sealed is not None,
            "tools": [tool for name in TOOLS if (tool := import_string(name)(member, request.user))],
        }
        return TemplateResponse(request, "admin/members/member/detail.html", context)

    @staticmethod
    def _account(request, member):
        """(AccountState, moment) for who may invite the member, None for others."""
        if request.user.rights.may(Ability.EDIT, member.association_id) and not member.is_anonymised:
            return account_line(member)
        return None

    @staticmethod
    def _consents(request, member):
        """The Consents in force, None for who may not read them."""
        readable = request.user.rights.associations_with("members.view_consent")
        return list(member.consents.in_force()) if member.association_id in readable else None

    def _seen(self, request, pk):
        """The member of that key, if in sight of the request's user; else 404.

        `is_restricted` says that the data are kept and used no further.
        """
        restricting = PersonRequest.objects.restricting().filter(member=OuterRef("pk"))
        rows = self.get_queryset(request).select_related("association", "employer")
        rows = with_open_request(with_last_invitation(rows)).annotate(is_restricted=Exists(restricting))
        member = rows.filter(pk=pk).first()
        if member is None:
            raise Http404
        if not self.has_view_or_change_permission(request, member):
            raise PermissionDenied
        return member

    def _frame(self, request, member):
        """What all pages about one member need."""
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "member": member,
            "preserved_filters": self.get_preserved_filters(request),
            "may_see_photo": request.user.rights.may_read("photo", member.association_id),
        }

    def _recent(self, request, member):
        """The latest of the member's history; what a new record began with is left to the full page."""
        changes = self.history_of(member).select_related("action__actor", "content_type")
        if hidden := hidden_parts(self.admin_site, member, request.user):
            changes = changes.exclude(content_type__in=hidden)
        rows = list(changes.order_by("-pk")[:RECENT])
        for change in rows:
            if change.kind == Change.Kind.CREATED:
                change.diff = {}
        return entries(rows, self.history_reader(request, member), about=member)

    def page_url(self, request, member, *, name="detail", args=()):
        """The address of a page about `member` that remembers the list one came from."""
        return add_preserved_filters(
            {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts},
            reverse(f"admin:members_member_{name}", args=[member.pk, *args]),
        )

    # -- the neighbours in the list

    def next_view(self, request, pk):
        return self._neighbour(request, pk, AFTER)

    def previous_view(self, request, pk):
        return self._neighbour(request, pk, BEFORE)

    def _neighbour(self, request, pk, side):
        """On to the next or previous member of the list one came from, in its order and under its filters."""
        member = self._seen(request, pk)
        page_url = self.page_url(request, member)
        asked, listed = request.GET, QueryDict(request.GET.get("_changelist_filters", ""), mutable=True)
        for name in (AFTER, BEFORE):
            listed.pop(name, None)
        listed[side] = str(pk)
        request.GET = listed
        try:
            rows = self.get_changelist_instance(request).result_list
        except IncorrectLookupParameters:
            rows = []
        request.GET = asked
        if rows:
            return HttpResponseRedirect(self.page_url(request, rows[0 if side == AFTER else -1]))
        end = {AFTER: gettext("This is the last one of the list."),
               BEFORE: gettext("This is the first one of the list.")}[side]  # fmt: skip
        self.message_user(request, end, messages.INFO)
        return HttpResponseRedirect(page_url)

    # -- to change

    def section_view(self, request, pk, section):
        """The form with the fields of one section; the rest is the admin's own."""
        if section not in {each.key for each in SECTIONS}:
            raise Http404
        if not self.has_change_permission(request, self._seen(request, pk)):
            raise PermissionDenied
        return self.changeform_view(request, str(pk))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            # somebody entered the same number between our look and our writing: the second look sees it and says so
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request, obj=None):
        editable = self._editable(request, obj)
        section = self._section(request)
        sections = []
        for each, (title, options) in zip(SECTIONS, self.fieldsets, strict=True):
            if section in (None, each.key):
                fields = [self._shown(request, obj, name, editable) for name in options["fields"]]
                sections.append(
                    (title, {**options, "fields": [field for field in fields if field is not None]})
                )
        return sections

    def get_inlines(self, request, obj):
        return self.inlines if self._section(request) in (None, "association") else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        # these are written out in the class and would come along with every section, and for who may not read them
        for name in {"id_number", "remove_id"} - {*self._flat(request, obj)}:
            form.base_fields.pop(name, None)
        return form

    def get_readonly_fields(self, request, obj=None):
        if not self._editable(request, obj):
            return []  # the admin makes every field read-only
        return [*(["status"] if obj else []), *(f for f in self._flat(request, obj) if callable(f))]

    def get_autocomplete_fields(self, request):
        return self.autocomplete_fields

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "employer":
            kwargs["queryset"] = Employer.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if suggest := suggestions(request.user).get(db_field.name):
            kwargs["widget"] = SuggestingInput(suggest, {"class": "vTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        diff = obj.pending_diff() if change else {}
        form.saved = [field_label(Member, name) for name, _pair in in_form_order(Member, diff)]
        if change and not diff:
            return
        super().save_model(request, obj, form, change)
        if not change:
            first_status(obj, actor=request.user)
        if not change or DOUBTED & diff.keys():
            for sentence in doubts(obj):
                messages.warning(request, sentence)

    def save_formset(self, request, form, formset, change):
        if formset.model is not StatusChange:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)  # fills the lists that the admin's own log reads
        for added in formset.extra_forms:
            if added.has_changed():
                added.record(form.instance, request.user)
                form.has_new_status = True

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change:
            return
        saved = form.saved + [
            str(capfirst(formset.model._meta.verbose_name))
            for formset in formsets
            if formset.new_objects or formset.changed_objects or formset.deleted_objects
        ]
        if saved:
            sentence = gettext("{name}: {fields} saved.").format(name=form.instance, fields="、".join(saved))
            messages.success(request, sentence)
        else:
            messages.info(request, gettext("{name}: nothing was changed.").format(name=form.instance))
        self._say_what_was_vacated(request, form.instance)
        if getattr(form, "has_new_status", False):
            self._offer_a_number(request, form.instance)

    def _offer_a_number(self, request, member):
        """Who was registered by hand has no number yet: the way to one, where the association numbers its members."""
        current = Member.objects.select_related("association").get(pk=member.pk)
        if current.status == Status.ACTIVE and not current.number and current.association.number_pattern:
            link = reverse("members:number", args=[member.pk])
            text = gettext("{name} has no member number yet.").format(name=member)
            messages.info(
                request, format_html('{} <a href="{}">{}</a>', text, link, gettext("Assign a member number"))
            )

    def _say_what_was_vacated(self, request, member):
        """Name the posts of a member who has left that nobody has ended, with the way to record the end."""
        current = Member.objects.get(pk=member.pk)
        for appointment, stand, may_edit in posts_of(current, request.user):
            if stand == "vacated":
                link = reverse("organizations:body", args=[appointment.body_id])
                sentence = gettext("“{post}” in “{body}” is vacant now.").format(
                    post=appointment.post, body=appointment.body
                )
                todo = (
                    format_html(' <a href="{}">{}</a>', link, gettext("Record the end")) if may_edit else ""
                )
                messages.warning(request, format_html("{}{}", sentence, todo))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        section = next((each for each in SECTIONS if each.key == self._section(request)), None)
        if change:
            context |= {"show_save_and_add_another": False, "page_url": self.page_url(request, obj)}
        if section:
            context |= {"title": section.title, "section": section, "show_delete_link": False}
        context["show_save_and_continue"] = False
        if change:
            note_viewing(obj, request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(self.page_url(request, obj))

    def response_change(self, request, obj):
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        # at its top, where the message stands
        return HttpResponseRedirect(self.page_url(request, obj))

    @staticmethod
    def _section(request):
        """Key of the section that the request is about, None for the whole record."""
        return request.resolver_match.kwargs.get("section")

    def _editable(self, request, obj):
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    def _flat(self, request, obj):
        return [field for _title, options in self.get_fieldsets(request, obj) for field in options["fields"]]

    def _shown(self, request, obj, name, editable):
        """What stands in the form for the field `name`: itself, a masked text (a callable), or None for nothing."""
        if name == "remove_id":
            return name if editable and obj is not None and obj.id_sealed else None
        key = name if name in FIELD_CLASSES else None
        readable = key is None or obj is None or request.user.rights.may_read(key, obj.association_id)
        if editable and readable:
            return name
        # the number itself is never on a page that only shows it
        return self._column(request, name) if name == "id_number" or not readable else name

    def _column(self, request, key):
        return readable_column(request.user.rights, key, self.get_empty_value_display())


def retention_run_of(member, user):
    """Key of the retention run that anonymised `member`, for who may see it; else None."""
    if not member.is_anonymised:
        return None
    runs = RetentionRun.objects.visible_to(user).filter(items__member=member)
    return runs.order_by("-pk").values_list("pk", flat=True).first()


def posts_of(member, user):
    """[(Appointment, "held", "coming", "former" or "vacated", whether to edit)] of `member` in bodies `user` sees.

    Vacated are those that nobody has ended though the member left the association. Held ones first.
    """
    day = timezone.localdate()
    rows = member.appointments.valid().visible_to(user).select_related("post", "body", "term")
    found = [
        (row, _stand(row, member, day), user.rights.may_in_body(Ability.EDIT, row.body))
        for row in rows.order_by("-starts_on", "post__rank", "id")
    ]
    return sorted(found, key=lambda each: each[1] == "former")


def _stand(appointment, member, day):
    if appointment.starts_on > day:
        return "coming"
    if not appointment.in_force_on(day):
        return "former"
    return "vacated" if member.status in LEFT else "held"


def further_and_steps(member):
    """(labels of the further categories, [{"status", "on", "decided_by", "document"}]), in one statement."""
    empty = Value("")
    steps = member.status_changes.order_by().values_list(
        Value(1), "pk", "status", "on", "decided_by", "document"
    )
    further = member.further_categories.order_by().values_list(
        Value(0), "pk", "category", empty, empty, empty
    )
    categories, found = [], []
    for is_step, pk, value, on, decided_by, document in steps.union(further, all=True):
        if is_step:
            step = {"status": Status(value).label, "on": on, "decided_by": decided_by, "document": document}
            found.append(((on, pk), step))
        else:
            categories.append(Category(value).label)
    return categories, [step for _place, step in sorted(found, key=lambda each: each[0])]


def doubts(member):
    """Sentences about what does not fit together in a record that was saved all the same."""
    number = member.id_number
    if len(number) != 18:
        return
    try:
        said = identity.read_citizen_number(number)
    except identity.InvalidNumber:
        return
    born = said.birth.replace(".", "-")
    if member.birth and not born.startswith(member.birth) and not member.birth.startswith(born):
        yield gettext("The date of birth differs from the identity number.")
    if member.sex and member.sex != said.sex:
        yield gettext("The sex differs from the identity number.")
    if not said.area_known:
        yield gettext("The first six digits of the identity number are no area code that is known.")
