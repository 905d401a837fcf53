"""The screens: who may look, mark, merge and take back, and what they show of whom."""

import pytest
from django.urls import reverse

from members.merging import differing
from members.models import DistinctPair, Member, MemberMerge
from members.rights import Role
from organizations.models import Action
from tests.make import grant, make_association, make_id_number, make_member, make_mobile, make_user
from tests.members.merging.pairs import make_pair, merge
from tests.members.screens import body_of, change_url, history_url, messages_of, page_of, sign_in

pytestmark = pytest.mark.django_db

DUPLICATES = reverse("admin:members_member_duplicates")
DISTINCT = reverse("admin:members_member_distinct")
MERGES = reverse("admin:members_member_merges")


def merge_url(one, other):
    return reverse("admin:members_member_merge", args=[one.pk, other.pk])


def unmerge_url(merged):
    return reverse("admin:members_member_unmerge", args=[merged.pk])


def sent(*pair, keep, **sides):
    """What a browser sends of the page of a merge: `sides` name the record whose value of a field stays."""
    one, other = sorted((Member.objects.get(pk=member.pk) for member in pair), key=lambda member: member.pk)
    data = {f"seen-{member.pk}": member.version for member in (one, other)}
    data |= dict.fromkeys(differing(one, other), keep.pk)
    return data | {"keep": keep.pk} | {key: member.pk for key, member in sides.items()}


def shown_pairs(response):
    return [(pair["one"].name, pair["other"].name) for pair in response.context["pairs"]]


# -- rights


@pytest.mark.parametrize(("role", "status"), [(Role.SECRETARY, 200), (Role.MANAGER, 200), (Role.VIEWER, 403)])
def test_who_edits_may_open_the_screens(client, home, role, status):
    merged = merge(*reversed(make_pair(home)))
    pair = make_member("李四", association=home), make_member("李四", association=home)
    sign_in(client, role, home)

    urls = [DUPLICATES, DISTINCT, MERGES, merge_url(*pair), unmerge_url(merged)]

    assert [client.get(url).status_code for url in urls] == [status] * 5


def test_a_stranger_finds_nothing(client, home):
    one, other = make_pair(home)
    merged = merge(make_member("李四", association=home), make_member("李四", association=home))
    sign_in(client, Role.SECRETARY, make_association())

    assert [client.get(url).status_code for url in (merge_url(one, other), unmerge_url(merged))] == [404, 404]
    assert client.post(merge_url(one, other), sent(one, other, keep=one)).status_code == 404
    assert client.post(unmerge_url(merged)).status_code == 404
    assert client.post(DISTINCT, {"one": one.pk, "other": other.pk}).status_code == 404
    assert (shown_pairs(client.get(DUPLICATES)), list(client.get(MERGES).context["page"])) == ([], [])
    assert Member.objects.count() == 3


def test_rights_in_one_of_two_associations_are_not_enough(client, home):
    branch = make_association(parent=home)
    one = make_member("张三", association=home, mobile=make_mobile(1))
    other = make_member("张三", association=branch, mobile=make_mobile(1))
    both = make_member("李四", association=home), make_member("李四", association=branch)
    merged = merge(both[1], both[0])
    user = sign_in(client, Role.SECRETARY, branch)
    unseen = [client.get(url).status_code for url in (merge_url(one, other), unmerge_url(merged))]
    grant(user, Role.VIEWER, home)
    refused = [client.get(url).status_code for url in (merge_url(one, other), unmerge_url(merged))]
    posted = [
        client.post(merge_url(one, other), sent(one, other, keep=one)).status_code,
        client.post(unmerge_url(merged)).status_code,
        client.post(DISTINCT, {"one": one.pk, "other": other.pk}).status_code,
    ]

    assert (unseen, refused, posted) == ([404, 404], [403, 403], [403, 403, 403])
    assert shown_pairs(client.get(DUPLICATES)) == []
    assert (Member.objects.count(), DistinctPair.objects.count()) == (3, 0)


# -- the list


def test_the_list_says_why_and_shows_both_records(client, home):
    one, other = make_pair(home, name="张三")
    sign_in(client, Role.SECRETARY, home)

    page = client.get(DUPLICATES)

    [pair] = page.context["pairs"]
    assert pair["sentences"] == ["姓名和手机号码相同。", "姓名相同，出生日期相符。"]
    lines = {line["label"]: (line["texts"], line["agree"]) for line in pair["lines"]}
    assert lines["手机"] == ([make_mobile(1)] * 2, True)
    assert lines["工作单位"] == (["甲公司", "乙公司"], False)
    assert make_id_number(1) not in body_of(page)
    assert merge_url(one, other) in body_of(page)


def test_the_list_is_narrowed_by_association_and_reason(client, home):
    branch = make_association("分会", parent=home)
    for name, association in (("张三", home), ("李四", branch)):
        for _ in range(2):
            make_member(name, association=association, mobile=make_mobile(1 if name == "张三" else 2))
    for _ in range(2):
        make_member("王五", association=branch, mobile="", birth="1985-06")
    sign_in(client, Role.SECRETARY, home)

    def asked(**query):
        return [one for one, _other in shown_pairs(client.get(DUPLICATES, query))]

    assert asked() == ["张三", "李四", "王五"]
    assert asked(association=branch.pk) == ["李四", "王五"]
    assert asked(reason="birth") == ["王五"]
    assert asked(association=branch.pk, reason="mobile") == ["李四"]
    assert "没有符合条件的资料" in body_of(client.get(DUPLICATES, {"reason": "identity"}))
    assert client.get(DUPLICATES, {"reason": "unknown"}).status_code == 422


def test_an_empty_list_says_so(client, home):
    sign_in(client, Role.SECRETARY, home)

    assert "没有疑似重复的会员" in body_of(client.get(DUPLICATES))
    assert "尚未记录不是同一人的会员" in body_of(client.get(DISTINCT))
    assert "尚未合并过会员" in body_of(client.get(MERGES))


def test_long_lists_have_pages(client, home, monkeypatch):
    monkeypatch.setattr("members.admin.duplicates.PAIRS_A_PAGE", 2)
    for number in range(3):
        for _ in range(2):
            make_member(f"张{'甲乙丙'[number]}", association=home, mobile=make_mobile(number))
    sign_in(client, Role.SECRETARY, home)

    assert [one for one, _other in shown_pairs(client.get(DUPLICATES, {"page": 2}))] == ["张丙"]
    assert "第 1 页，共 2 页" in body_of(client.get(DUPLICATES))


def test_the_lists_take_the_same_statements_at_one_and_three(client, home, django_assert_max_num_queries):
    sign_in(client, Role.SECRETARY, home)
    client.get(DUPLICATES)
    counts = {}
    for number in (1, 3):
        for serial in range(number):
            for _ in range(2):
                make_member(f"张{'甲乙丙'[serial]}{number}", association=home, employer="甲", birth="1985-06")
            one, other = (make_member("李四", association=home, mobile="") for _ in range(2))
            DistinctPair.objects.create(one=one, other=other, by=make_user())
            merge(*reversed(make_pair(home, number=f"A{number}{serial}", id_number="")))
            Member.objects.filter(number="JJ001").update(number=f"B{number}{serial}")
        for url, most in ((DUPLICATES, 6 + 17), (DISTINCT, 6 + 4), (MERGES, 6 + 4)):
            with django_assert_max_num_queries(most) as captured:
                client.get(url)
            counts.setdefault(url, set()).add(len(captured))

    assert [len(found) for found in counts.values()] == [1, 1, 1]


# -- not the same person


def test_a_pair_noted_as_two_persons_is_not_listed_until_it_is_taken_back(client, home):
    one, other = make_pair(home, name="张三")
    user = sign_in(client, Role.SECRETARY, home)

    noted = client.post(DISTINCT, {"one": other.pk, "other": one.pk, "query": "reason=mobile"})
    listed = shown_pairs(client.get(DUPLICATES))
    pair = DistinctPair.objects.get()
    page = body_of(client.get(DISTINCT))
    client.post(DISTINCT, {"forget": pair.pk})

    assert noted.url == f"{DUPLICATES}?reason=mobile"
    assert ((pair.one, pair.other, pair.by), listed) == ((one, other, user), [])
    assert "重新列出" in page
    assert shown_pairs(client.get(DUPLICATES)) == [("张三", "张三")]


def test_noting_a_pair_twice_notes_it_once(client, home):
    one, other = make_pair(home)
    sign_in(client, Role.SECRETARY, home)

    for _ in range(2):
        client.post(DISTINCT, {"one": one.pk, "other": other.pk})

    assert DistinctPair.objects.count() == 1


@pytest.mark.parametrize(
    "data", [{}, {"one": "x", "other": "1"}, {"forget": "x"}, {"one": "1\n", "other": "9" * 40}]
)
def test_nonsense_is_not_found(client, home, data):
    sign_in(client, Role.SECRETARY, home)

    assert client.post(DISTINCT, data).status_code == 404


# -- merging


def test_the_page_proposes_and_merges_what_was_chosen(client, home):
    one, other = make_pair(home)
    user = sign_in(client, Role.SECRETARY, home)

    page = client.get(merge_url(other, one))
    choices = {
        choice["key"]: [(side["text"], side["checked"]) for side in choice["sides"]]
        for choice in page.context["choices"]
    }
    answer = client.post(merge_url(one, other), sent(one, other, keep=one, position=other, id_number=other))

    assert [checked for _text, checked in choices["birth"]] == [False, True]  # to the day, not to the month
    assert choices["wechat"] == [("", False), ("zhang3", True)]
    assert choices["id_number"] == [("", False), ("500116********0016", True)]
    assert make_id_number(1) not in body_of(page)
    assert answer.url == page_of(one)
    now = Member.objects.get()
    assert (now.pk, now.position, now.wechat, now.id_number) == (one.pk, "总经理", "", make_id_number(1))
    assert Action.objects.get(kind=Action.Kind.MERGE).actor == user


def test_the_other_record_may_stay(client, home):
    one, other = make_pair(home)
    sign_in(client, Role.SECRETARY, home)

    answer = client.post(merge_url(one, other), sent(one, other, keep=other, email=one))

    assert answer.url == page_of(other)
    assert Member.objects.get().email == "zhang@example.org"


def test_a_second_click_is_answered_and_does_nothing(client, home):
    one, other = make_pair(home)
    sign_in(client, Role.SECRETARY, home)
    data = sent(one, other, keep=one)

    client.post(merge_url(one, other), data)
    again = client.post(merge_url(one, other), data)

    assert (again.status_code, again.url) == (302, page_of(one))
    assert messages_of(again)[-1] == "这两份资料此前已合并。"
    assert MemberMerge.objects.count() == 1


def test_a_record_changed_meanwhile_is_shown_as_it_is_now(client, home):
    one, other = make_pair(home)
    sign_in(client, Role.SECRETARY, home)
    data = sent(one, other, keep=other, position=one)
    changed = Member.objects.get(pk=one.pk)
    changed.position, changed.wechat = "董事长", "zhang-3"
    changed.save()

    refused = client.post(merge_url(one, other), data)
    choices = {choice["key"]: choice["sides"] for choice in refused.context["choices"]}
    again = client.post(merge_url(one, other), sent(one, other, keep=other, position=one))

    assert refused.status_code == 422
    assert "有人修改了其中一份资料" in body_of(refused)
    assert (choices["position"][0]["text"], choices["position"][0]["checked"]) == ("董事长", True)
    assert [is_kept for _member, is_kept in refused.context["pair"]] == [False, True]
    assert again.status_code == 302
    assert Member.objects.get().position == "董事长"


@pytest.mark.parametrize("broken", [{"keep": "0"}, {"position": "x"}, {"keep": ""}])
def test_a_broken_form_merges_nothing(client, home, broken):
    one, other = make_pair(home)
    sign_in(client, Role.SECRETARY, home)

    answer = client.post(merge_url(one, other), sent(one, other, keep=one) | broken)

    assert (answer.status_code, Member.objects.count()) == (422, 2)
    assert "请为每一项选择其中一方" in body_of(answer)


def test_two_associations_and_two_accounts_are_told(client, home):
    branch = make_association(parent=home)
    one = make_member("张三", association=home, user=make_user(), number="1")
    other = make_member("张三", association=branch, user=make_user(), number="2")
    sign_in(client, Role.SECRETARY, home)

    page = client.get(merge_url(one, other))

    assert "两份资料都有账号" in body_of(page)
    assert "两份资料属于不同的协会" in body_of(page)
    assert "number" not in [choice["key"] for choice in page.context["choices"]]


def test_one_member_is_no_pair(client, home):
    one = make_member("张三", association=home)
    sign_in(client, Role.SECRETARY, home)

    assert client.get(merge_url(one, one)).status_code == 404


def test_two_ticked_in_the_list_are_brought_to_the_page(client, home):
    one, other = make_pair(home)
    sign_in(client, Role.SECRETARY, home)
    url = reverse("admin:members_member_changelist")

    two = client.post(url, {"action": "merge_selected", "_selected_action": [one.pk, other.pk]})
    alone = client.post(url, {"action": "merge_selected", "_selected_action": [one.pk]})

    assert two.url == merge_url(one, other)
    assert messages_of(alone) == ["请恰好勾选两名会员再合并。"]


# -- after the merge


@pytest.mark.parametrize("url", [page_of, change_url, history_url])
def test_the_old_address_leads_to_the_survivor(client, home, url):
    one, other = make_pair(home)
    old = url(other)
    merge(other, one)
    sign_in(client, Role.SECRETARY, home)

    answer = client.get(old)

    assert (answer.status_code, answer.url) == (302, page_of(one))
    assert messages_of(answer) == ["“张叁”已并入本会员资料。"]


def test_the_old_address_of_a_chain_leads_to_its_end(client, home):
    one, other = make_pair(home)
    third = make_member("张三三", association=home)
    old = page_of(third)
    merge(third, other)
    merge(other, one)
    sign_in(client, Role.SECRETARY, home)

    assert client.get(old).url == page_of(one)


def test_the_old_address_tells_a_stranger_nothing(client, home):
    one, other = make_pair(home)
    old = page_of(other)
    merge(other, one)
    sign_in(client, Role.SECRETARY, make_association())

    assert client.get(old).status_code == 404


def test_the_history_of_the_survivor_leads_to_taking_it_back(client, home):
    one, other = make_pair(home)
    merged = merge(other, one)
    sign_in(client, Role.SECRETARY, home)

    page = body_of(client.get(history_url(one)))

    assert unmerge_url(merged) in page
    assert "“张叁”并入“张三”" in page


def test_the_page_of_a_member_names_who_is_possibly_the_same(client, home):
    one, other = make_pair(home, name="张三")
    viewer = make_user()
    grant(viewer, Role.VIEWER, home)
    sign_in(client, Role.SECRETARY, home)

    page = client.get(page_of(other))
    client.force_login(viewer)
    read = client.get(page_of(other))

    assert merge_url(other, one) in body_of(page)
    assert "可能是同一人" in body_of(page)
    assert "可能是同一人" not in body_of(read)


# -- taking back


def test_the_page_shows_what_comes_back_and_takes_it_back(client, home):
    one, other = make_pair(home)
    merged = merge(other, one, "position", "id_number")
    survivor = Member.objects.get()
    survivor.remarks = "刚写的"
    survivor.save()
    user = sign_in(client, Role.SECRETARY, home)

    page = client.get(unmerge_url(merged))
    done = client.post(unmerge_url(merged))

    assert ("职务", "总经理", "经理") in page.context["back"]
    assert "zhang3" in body_of(page)
    assert make_id_number(1) not in body_of(page)
    assert (done.status_code, done.url) == (302, page_of(other))
    assert Member.objects.get(pk=one.pk).remarks == "刚写的"
    assert Action.objects.get(kind=Action.Kind.UNDO).actor == user


def test_taking_back_twice_is_answered_and_done_once(client, home):
    one, other = make_pair(home)
    merged = merge(other, one)
    sign_in(client, Role.SECRETARY, home)

    client.post(unmerge_url(merged))
    again = client.post(unmerge_url(merged))

    assert (again.url, messages_of(again)[-1]) == (MERGES, "该合并此前已撤销。")
    assert Member.objects.count() == 2
    assert "已撤销" in body_of(client.get(MERGES))


def test_a_merge_under_a_later_one_says_which_to_take_back_first(client, home):
    one, other = make_pair(home)
    first = merge(make_member("张三三", association=home), other)
    merge(other, one)
    sign_in(client, Role.SECRETARY, home)

    looked, posted = client.get(unmerge_url(first)), client.post(unmerge_url(first))

    assert (looked.status_code, posted.status_code) == (200, 422)
    assert "请先撤销那次合并" in body_of(looked)
    assert "请先撤销那次合并" in body_of(posted)
    assert Member.objects.count() == 1
