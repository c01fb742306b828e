"""The life of a version: draft, review, approval by a second person, publication from a date, end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from application.shop import PROGRAMME, a_sale, enrol
from cagnotte.application.draft_programme import discard_draft, save_draft
from cagnotte.application.errors import NoProgramme, ProgrammeInPast
from cagnotte.application.programme_drafts import list_drafts, load_draft
from cagnotte.application.programme_refusals import (
    ActRefused,
    ApprovalByAuthor,
    AskedAlready,
    BadDraftName,
    DraftChanged,
    DraftOver,
    EndedAlready,
    EndInPast,
    NotAllowed,
    NotApproved,
    NotAsked,
    NothingNew,
    NotTheAuthor,
    OtherProgramme,
    SalesSince,
    TwoPeoplePublish,
    UnknownDraft,
    UnknownVersion,
    VersionInPast,
    VersionOver,
)
from cagnotte.application.programme_staff import EVERYTHING, Actor, Permission
from cagnotte.application.programme_versions import VersionState, all_versions, states_of
from cagnotte.application.publish_programme import FROM_THE_BEGINNING, publish_draft, publish_programme
from cagnotte.application.published import load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.retire_programme import retire_programme
from cagnotte.application.review_programme import approve_draft, ask_review, send_back_draft
from cagnotte.domain.programme.faults import ProgrammeError
from cagnotte.domain.programme.life import Act, DraftState
from cagnotte.storage.database import connected
from cagnotte.storage.programme_drafts import acts_of_drafts, acts_on_versions

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
HOUR = timedelta(hours=1)
TWICE = PROGRAMME.replace("eligible.paid / 100", "eligible.paid / 50")
FAULTY = PROGRAMME.replace("eligible.paid", "eligible.payd")
ANNE, BRUNO = (Actor(name, EVERYTHING, "backoffice") for name in ("anne", "bruno"))


def without(permission: Permission) -> Actor:
    return Actor("dan", EVERYTHING - {permission}, "terminal")


def approved(conn: psycopg.Connection, name: str = "spring", text: str = TWICE) -> None:
    save_draft(conn, name, text, actor=ANNE, now=NOW)
    ask_review(conn, name, actor=ANNE, now=NOW)
    approve_draft(conn, name, actor=BRUNO, now=NOW)


def published(
    conn: psycopg.Connection, name: str, text: str, begins: datetime | None = None, now: datetime = NOW
) -> int:
    approved(conn, name, text)
    return publish_draft(conn, name, actor=ANNE, now=now, effective_from=begins).version


def texts(conn: psycopg.Connection) -> list[tuple[object, ...]]:
    return conn.execute(
        "SELECT draft, revision, author FROM programme_draft_text ORDER BY draft, revision"
    ).fetchall()


def test_a_version_lives_from_draft_to_publication_and_every_act_is_kept(database: str) -> None:
    with connected(database) as conn:
        save_draft(conn, "spring", FAULTY, actor=ANNE, now=NOW)
        save_draft(conn, "spring", TWICE, actor=ANNE, now=NOW + HOUR, based_on=1, comment="repaired")
        ask_review(conn, "spring", actor=ANNE, now=NOW + 2 * HOUR)
        send_back_draft(conn, "spring", actor=BRUNO, now=NOW + 3 * HOUR, comment="why twice?")
        ask_review(conn, "spring", actor=ANNE, now=NOW + 4 * HOUR, comment="for spring")
        approve_draft(conn, "spring", actor=BRUNO, now=NOW + 5 * HOUR)
        done = publish_draft(conn, "spring", actor=BRUNO, now=NOW + 6 * HOUR)
        draft = load_draft(conn, "spring")
        version = load_published(conn).current

    assert (done.version, done.effective_from, done.new) == (1, FROM_THE_BEGINNING, True)
    assert (version.document, version.author, version.approver) == (TWICE, "anne", "bruno")
    assert (draft.state, draft.version, draft.approver) == (DraftState.PUBLISHED, 1, "bruno")
    assert [(act.act, act.by, act.revision, act.comment) for act in draft.acts] == [
        (Act.SAVED, "anne", 1, ""),
        (Act.SAVED, "anne", 2, "repaired"),
        (Act.REVIEW_ASKED, "anne", 2, ""),
        (Act.SENT_BACK, "bruno", 2, "why twice?"),
        (Act.REVIEW_ASKED, "anne", 2, "for spring"),
        (Act.APPROVED, "bruno", 2, ""),
        (Act.PUBLISHED, "bruno", 2, ""),
    ]
    assert [act.at for act in draft.acts] == [NOW + number * HOUR for number in range(7)]


def test_nobody_approves_a_draft_that_they_wrote_in(database: str) -> None:
    with connected(database) as conn:
        save_draft(conn, "spring", PROGRAMME, actor=BRUNO, now=NOW)
        save_draft(conn, "spring", TWICE, actor=ANNE, now=NOW)
        ask_review(conn, "spring", actor=ANNE, now=NOW)

        for author in (ANNE, BRUNO):
            with pytest.raises(ApprovalByAuthor) as refused:
                approve_draft(conn, "spring", actor=author, now=NOW)
            assert refused.value.params == {"draft": "spring", "who": author.name}
            with pytest.raises(ApprovalByAuthor):
                send_back_draft(conn, "spring", actor=author, now=NOW)
        draft = load_draft(conn, "spring")

    assert (draft.state, draft.approver, len(draft.acts)) == (DraftState.IN_REVIEW, None, 3)


def test_a_change_of_the_text_takes_the_approval_away(database: str) -> None:
    with connected(database) as conn:
        approved(conn)
        same = save_draft(conn, "spring", TWICE, actor=BRUNO, now=NOW)
        changed = save_draft(conn, "spring", TWICE + "# and so on\n", actor=BRUNO, now=NOW)

        with pytest.raises(NotApproved):
            publish_draft(conn, "spring", actor=ANNE, now=NOW)
        assert all_versions(conn) == []

    assert (same.state, same.approver, same.revision) == (DraftState.APPROVED, "bruno", 1)
    assert (changed.state, changed.approver, changed.revision) == (DraftState.DRAFT, None, 2)


def test_a_faulty_draft_may_be_saved_and_cannot_go_to_review(database: str) -> None:
    with connected(database) as conn:
        save_draft(conn, "spring", FAULTY, actor=ANNE, now=NOW)

        with pytest.raises(ProgrammeError) as refused:
            ask_review(conn, "spring", actor=ANNE, now=NOW)
        assert load_draft(conn, "spring").state is DraftState.DRAFT

    assert refused.value.faults[0].code == "rule.unknown_field"


def test_each_act_needs_its_own_permission(database: str) -> None:
    with connected(database) as conn:
        approved(conn)
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        acts = {
            Permission.DRAFT: [
                lambda who: save_draft(conn, "other", TWICE, actor=who, now=NOW),
                lambda who: discard_draft(conn, "spring", actor=who, now=NOW),
            ],
            Permission.REVIEW: [lambda who: ask_review(conn, "spring", actor=who, now=NOW)],
            Permission.APPROVE: [
                lambda who: approve_draft(conn, "spring", actor=who, now=NOW),
                lambda who: send_back_draft(conn, "spring", actor=who, now=NOW),
            ],
            Permission.PUBLISH: [lambda who: publish_draft(conn, "spring", actor=who, now=NOW)],
            Permission.RETIRE: [lambda who: retire_programme(conn, actor=who, now=NOW)],
        }
        for permission, tried in acts.items():
            for act in tried:
                with pytest.raises(NotAllowed) as refused:
                    act(without(permission))
                assert refused.value.params == {"who": "dan", "permission": permission.value}
        kept = acts_of_drafts(conn)

    assert {name: len(done) for name, done in kept.items()} == {"spring": 3}


def test_acts_out_of_order_are_refused_and_nothing_is_written(database: str) -> None:
    with connected(database) as conn:
        save_draft(conn, "spring", TWICE, actor=ANNE, now=NOW)
        refusals: list[tuple[type[ActRefused], object]] = [
            (UnknownDraft, lambda: ask_review(conn, "nobody", actor=ANNE, now=NOW)),
            (NotTheAuthor, lambda: ask_review(conn, "spring", actor=BRUNO, now=NOW)),
            (NotAsked, lambda: approve_draft(conn, "spring", actor=BRUNO, now=NOW)),
            (NotAsked, lambda: send_back_draft(conn, "spring", actor=BRUNO, now=NOW)),
            (NotApproved, lambda: publish_draft(conn, "spring", actor=ANNE, now=NOW)),
            (DraftChanged, lambda: ask_review(conn, "spring", actor=ANNE, now=NOW, revision=2)),
            (DraftChanged, lambda: save_draft(conn, "spring", FAULTY, actor=ANNE, now=NOW, based_on=0)),
            (BadDraftName, lambda: save_draft(conn, "7", TWICE, actor=ANNE, now=NOW)),
            (BadDraftName, lambda: save_draft(conn, "Spring sale", TWICE, actor=ANNE, now=NOW)),
        ]
        for kind, act in refusals:
            with pytest.raises(kind):
                act()  # type: ignore[operator]
        assert len(load_draft(conn, "spring").acts) == 1
        ask_review(conn, "spring", actor=ANNE, now=NOW)
        with pytest.raises(AskedAlready):
            ask_review(conn, "spring", actor=ANNE, now=NOW)

        assert texts(conn) == [("spring", 1, "anne")]


def test_a_discarded_draft_is_over_until_it_is_saved_again(database: str) -> None:
    with connected(database) as conn:
        approved(conn)
        discarded = discard_draft(conn, "spring", actor=BRUNO, now=NOW, comment="not now")
        with pytest.raises(DraftOver):
            publish_draft(conn, "spring", actor=ANNE, now=NOW)
        with pytest.raises(DraftOver):
            discard_draft(conn, "spring", actor=ANNE, now=NOW)
        again = save_draft(conn, "spring", TWICE, actor=BRUNO, now=NOW)

    assert discarded.state is DraftState.DISCARDED
    assert (again.state, again.revision, again.authors) == (DraftState.DRAFT, 2, ("bruno",))


def test_a_version_never_begins_in_the_past(database: str) -> None:
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        approved(conn)

        for past in (NOW - timedelta(seconds=1), NOW - timedelta(days=400)):
            with pytest.raises(VersionInPast) as refused:
                publish_draft(conn, "spring", actor=ANNE, now=NOW, effective_from=past)
            assert refused.value.params["now"] == "2026-06-01T12:00:00+00:00"
            with pytest.raises(VersionInPast):
                publish_programme(conn, TWICE, effective_from=past, now=NOW)
        assert [row.version for row in all_versions(conn)] == [1]

        assert publish_draft(conn, "spring", actor=ANNE, now=NOW, effective_from=NOW).effective_from == NOW


def test_a_version_begins_after_the_last_one(database: str) -> None:
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        published(conn, "spring", TWICE, LATER)
        approved(conn, "summer", TWICE + "# sun\n")

        for early in (LATER, LATER - HOUR, None):
            with pytest.raises(ProgrammeInPast):
                publish_draft(conn, "summer", actor=ANNE, now=NOW, effective_from=early)
        done = publish_draft(conn, "summer", actor=ANNE, now=NOW, effective_from=LATER + HOUR)

    assert done.version == 3


def test_a_draft_of_the_newest_text_or_of_another_programme_is_not_published(database: str) -> None:
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        approved(conn, "same", PROGRAMME)
        approved(conn, "other", PROGRAMME.replace('"maison"', '"jardin"'))

        with pytest.raises(NothingNew):
            publish_draft(conn, "same", actor=ANNE, now=NOW)
        with pytest.raises(OtherProgramme) as refused:
            publish_draft(conn, "other", actor=ANNE, now=NOW)

    assert refused.value.params == {"code": "jardin", "known": "maison"}


def test_nothing_is_published_past_the_second_person_once_there_is_one(database: str) -> None:
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        published(conn, "spring", TWICE)

        with pytest.raises(TwoPeoplePublish):
            publish_programme(conn, PROGRAMME + "# back\n", effective_from=None, now=NOW + HOUR)
        again = publish_programme(conn, TWICE, effective_from=None, now=NOW + HOUR)

    assert (again.version, again.new) == (2, False)


def test_set_up_may_describe_the_past_until_a_sale_since_then_is_recorded(database: str) -> None:
    begins = datetime(2026, 3, 1, tzinfo=UTC)
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        publish_programme(conn, TWICE, effective_from=begins, past=True, now=NOW)
        record_sale(conn, load_published(conn), a_sale(member=None), key="1", now=NOW)

        with pytest.raises(SalesSince):
            publish_programme(conn, PROGRAMME, effective_from=begins + HOUR, past=True, now=NOW)
        publish_programme(conn, PROGRAMME, effective_from=begins + timedelta(days=10), past=True, now=NOW)

        assert [row.effective_from for row in all_versions(conn)][1:] == [begins, begins + timedelta(days=10)]


def test_a_version_that_has_not_begun_is_withdrawn_and_its_time_is_free_again(database: str) -> None:
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        published(conn, "spring", TWICE, LATER)
        ended = retire_programme(conn, actor=BRUNO, now=NOW, version=2, comment="too early")
        standing = load_published(conn).versions
        with pytest.raises(UnknownVersion):
            retire_programme(conn, actor=BRUNO, now=NOW, version=2)
        third = published(conn, "summer", TWICE, LATER)
        rows = all_versions(conn)

    assert (ended.version, ended.ends_at, ended.withdrawn) == (2, LATER, True)
    assert [version.version for version in standing] == [1]
    assert third == 3
    assert states_of(rows, NOW) == {1: VersionState.IN_FORCE, 2: VersionState.WITHDRAWN, 3: VersionState.COMING}
    assert states_of(rows, LATER) == {
        1: VersionState.REPLACED,
        2: VersionState.WITHDRAWN,
        3: VersionState.IN_FORCE,
    }


def test_no_sale_earns_once_the_programme_is_retired(database: str) -> None:
    before, after = "2026-06-02T11:59:59+00:00", "2026-06-02T12:00:00+00:00"
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        enrol(conn, "carol")
        retire_programme(conn, actor=BRUNO, now=NOW, ends_at=NOW + timedelta(days=1))
        retired, now = load_published(conn), NOW + timedelta(days=2)
        late = record_sale(conn, retired, a_sale("S1", at=before), key="1", now=now)

        with pytest.raises(NoProgramme) as refused:
            record_sale(conn, retired, a_sale("S2", at=after), key="2", now=now)
        recorded = conn.execute("SELECT external_id, points_earned FROM sale").fetchall()

    assert late.status == 201
    assert refused.value.params == {"at": after}
    assert recorded == [("S1", 15)]
    assert retired.begun_at(now) == retired.current
    assert [act.act for act in retired_acts(database)] == [Act.RETIRED, Act.PUBLISHED_DIRECTLY]


def retired_acts(database: str) -> list[object]:
    with connected(database) as conn:
        return list(acts_on_versions(conn))


def test_a_retired_programme_goes_on_when_a_version_is_published_again(database: str) -> None:
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        retire_programme(conn, actor=BRUNO, now=NOW, ends_at=NOW + HOUR)
        again = publish_programme(conn, PROGRAMME, effective_from=NOW + 2 * HOUR, now=NOW)
        versions = load_published(conn)

    assert (again.version, again.new) == (2, True)
    assert versions.at(NOW).version == 1
    assert versions.at(NOW + 2 * HOUR).version == 2
    with pytest.raises(NoProgramme):
        versions.at(NOW + HOUR)


def test_an_end_is_refused_in_the_past_twice_or_before_what_follows(database: str) -> None:
    with connected(database) as conn:
        with pytest.raises(UnknownVersion):
            retire_programme(conn, actor=BRUNO, now=NOW)
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        with pytest.raises(EndInPast):
            retire_programme(conn, actor=BRUNO, now=NOW, ends_at=NOW - HOUR)
        published(conn, "spring", TWICE, LATER)
        with pytest.raises(VersionOver):
            retire_programme(conn, actor=BRUNO, now=NOW, version=1, ends_at=NOW + HOUR)
        with pytest.raises(EndInPast):
            retire_programme(conn, actor=BRUNO, now=NOW, version=2, ends_at=LATER)
        retire_programme(conn, actor=BRUNO, now=NOW, version=2, ends_at=LATER + HOUR)
        with pytest.raises(EndedAlready):
            retire_programme(conn, actor=BRUNO, now=NOW, version=2)


def test_a_version_within_the_tolerance_of_clocks_counts_as_begun(database: str) -> None:
    soon = NOW + timedelta(minutes=5)
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None, now=NOW)
        published(conn, "spring", TWICE, soon)

        ended = retire_programme(conn, actor=BRUNO, now=NOW)

    assert (ended.withdrawn, ended.ends_at) == (False, soon + timedelta(minutes=5))


def test_a_scheduled_version_is_not_the_current_one_before_it_begins(database: str) -> None:
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None)
        publish_programme(conn, TWICE, effective_from=datetime(2200, 1, 1, tzinfo=UTC))

        versions = load_published(conn)

    assert (len(versions.versions), versions.current.version) == (2, 1)


@pytest.mark.parametrize(
    ("table", "column"),
    [("programme_draft_text", "document"), ("programme_act", "by_name"), ("programme_version_end", "ends_at")],
)
def test_what_was_done_can_be_neither_changed_nor_deleted(database: str, table: str, column: str) -> None:
    with psycopg.connect(database) as owner:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}", f"TRUNCATE {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), owner.transaction():
                owner.execute(statement.encode())


def test_the_database_itself_refuses_one_person_in_both_parts(database: str) -> None:
    with connected(database) as conn, pytest.raises(psycopg.errors.CheckViolation):
        conn.execute(
            "INSERT INTO programme_version"
            " (programme, version, effective_from, document, sha256, author, approver)"
            " VALUES ('maison', 1, now(), '', '', 'anne', 'anne')"
        )


def test_drafts_are_listed_with_the_last_change_first(database: str) -> None:
    with connected(database) as conn:
        save_draft(conn, "one", PROGRAMME, actor=ANNE, now=NOW)
        save_draft(conn, "two", PROGRAMME, actor=BRUNO, now=NOW + HOUR)
        save_draft(conn, "one", TWICE, actor=BRUNO, now=NOW + 2 * HOUR)

        rows = list_drafts(conn)

    assert [(row.name, row.state, row.authors, row.begun_at) for row in rows] == [
        ("one", DraftState.DRAFT, ("anne", "bruno"), NOW),
        ("two", DraftState.DRAFT, ("bruno",), NOW + HOUR),
    ]
