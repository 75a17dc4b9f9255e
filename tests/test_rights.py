"""Who may ask and who may run the corpus, whatever platform they are on."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.ledger import Wishes
from bot.rights import Member, Refusal, Rights

_IDS = st.sampled_from(["", "1", "2", "3"])
_MEMBERS = st.builds(
    Member,
    platform=st.sampled_from(["discord", "slack"]),
    id=st.sampled_from(["7", "8"]),
    server=_IDS,
    places=st.frozensets(st.sampled_from(["10", "11"])),
    roles=st.frozensets(st.sampled_from(["1", "2", "3"])),
    manages=st.booleans(),
)
_WISHES = st.builds(
    Wishes,
    channels=st.sampled_from([(), ("10",)]),
    admins=_IDS,
    blocked=_IDS,
    collection=st.sampled_from(["main", "press"]),
)
RIGHTS = Rights.of("discord:7, slack:99", "main")


@given(_MEMBERS, _WISHES)
def test_running_needs_ownership_or_a_server_and_its_trust(member: Member, wishes: Wishes) -> None:
    trusted = member.manages or wishes.admins in member.roles
    expected = RIGHTS.owns(member) or bool(
        member.server and trusted and wishes.collection != "main"
    )
    assert (RIGHTS.to_run(member, wishes) is None) == expected


@given(_MEMBERS, _WISHES)
def test_asking_is_open_but_for_blocked_roles_and_other_channels(
    member: Member, wishes: Wishes
) -> None:
    rights = Rights()
    refusal = rights.to_ask(member, wishes)
    if wishes.blocked in member.roles and rights.to_run(member, wishes):
        assert refusal is Refusal.BLOCKED
    elif member.server and wishes.channels and "10" not in member.places:
        assert refusal is Refusal.NOT_HERE
    else:
        assert refusal is None


@given(_MEMBERS)
def test_who_may_only_run_the_corpus_may_not_configure(member: Member) -> None:
    refusal = RIGHTS.to_configure(member)
    if not member.server:
        assert refusal is Refusal.SERVER_ONLY
    else:
        assert (refusal is None) == (member.manages or RIGHTS.owns(member))


@given(_MEMBERS, _WISHES)
def test_nobody_has_a_right_by_a_role_that_was_never_named(member: Member, wishes: Wishes) -> None:
    plain = replace(member, manages=False)
    wishes = replace(wishes, admins="", blocked="")
    assert Rights().to_run(plain, wishes) is not None
    assert Rights().to_ask(plain, wishes) in (None, Refusal.NOT_HERE)
