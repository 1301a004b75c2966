from hypothesis import given
from hypothesis import strategies as st
from tracking_builders import agreement, commitment, day, move, record, status

from detente.record.models import Source
from detente.tracking import timeline, track

DATES = ["2020", "2020-02-29", "~2021-08", "2021-08-10..2021-08-31", "2022-07-31", "2025-03"]


def test_everything_with_a_place_in_time_is_there_in_order():
    made = record(
        move("m", "RETREAT/release", "taliban", "usa", date="2025-03-20", reports="r"),
        status("s", "reward", "usa", "haqqani", **{"from": "2016"}, until="2025-03-22"),
        agreement("doha", "2020-02-29", commitment("leave", "usa", "2021-04-30")),
        reports={"r": "2025-04-07"},
    )
    lines = [(line.kind, line.entry, str(line.date)) for line in timeline(made)]
    assert lines == [
        ("status begins", "s", "2016"),
        ("agreement", "doha", "2020-02-29"),
        ("deadline", "leave", "2021-04-30"),
        ("move", "m", "2025-03-20"),
        ("status ends", "s", "2025-03-22"),
    ]
    release = timeline(made)[3]
    assert release.reported == day("2025-04-07")
    assert (release.intensity, release.aspect.value, release.review) == (6.5, "actual", "machine")


def test_a_status_is_named_by_its_value_and_matter():
    made = record(status("s", "detainee", "a", "b", what="George Glezmann", value="held"))
    assert [line.what for line in timeline(made)] == ["detainee: held (George Glezmann)"]
    assert [line.what for line in timeline(record(status("s", "embassy", "a", value="open")))] == [
        "embassy: open"
    ]


def test_an_agreement_was_reported_when_the_first_of_its_reports_was():
    cited = tuple(Source(report=name, quote="words") for name in ("late", "gone", "undated", "old"))
    made = record(
        agreement("doha", "2020-02-29", sources=cited),
        reports={"late": "2020-03-05", "undated": "", "old": "2020-03-01"},
    )
    assert [line.reported for line in timeline(made)] == [day("2020-03-01")]


def test_undated_entries_stand_last_by_their_first_report():
    made = record(
        move("late", "REQUEST", "a", "b", reports="new"),
        move("unreported", "REQUEST", "a", "b", reports="undated"),
        move("early", "REQUEST", "a", "b", reports="new old"),
        move("dated", "REQUEST", "a", "b", date="2030"),
        reports={"old": "2019-05-01", "new": "2025-01-01", "undated": ""},
    )
    assert [line.entry for line in timeline(made)] == ["dated", "early", "late", "unreported"]


def test_as_of_keeps_what_can_have_happened():
    made = record(
        move("straddles", "REQUEST", "a", "b", date="2025-03-10..2025-03-25"),
        move("after", "REQUEST", "a", "b", date="2025-03-21"),
        move("told-later", "REQUEST", "a", "b", date="2025-03-01", reports="new"),
        move("undated-old", "REQUEST", "a", "b", reports="old"),
        move("undated-new", "REQUEST", "a", "b", reports="new"),
        move("undated-unknown", "REQUEST", "a", "b", reports="none"),
        reports={"old": "2025-02-01", "new": "2025-06-01", "none": ""},
    )
    kept = [line.entry for line in timeline(made, as_of=day("2025-03-20"))]
    assert kept == ["told-later", "straddles", "undated-old"]


def test_moves_of_every_aspect_stay_and_rejected_ones_go():
    made = record(
        move("n", "SUPPORT", "a", "b", aspect="negated", date="2025"),
        move("f", "SUPPORT", "a", "b", aspect="future", date="2026"),
        move("gone", "SUPPORT", "a", "b", date="2025", review="rejected"),
    )
    assert [line.entry for line in timeline(made)] == ["n", "f"]


def test_an_empty_record_has_nothing_to_say():
    found = track(record())
    assert (found.timeline, found.ledgers, found.demands) == ((), (), ())
    assert (found.ladder, found.commitments, found.contradictions) == ((), (), ())


@given(
    st.lists(st.tuples(st.sampled_from([None, *DATES]), st.sampled_from(["old", "new", "none"]))),
    st.sampled_from(DATES),
    st.sampled_from(DATES),
)
def test_what_was_there_by_an_earlier_day_is_there_by_a_later_one(entries, one, other):
    made = record(
        *(
            move(f"m{i}", "REQUEST", "a", "b", date=date, reports=told)
            for i, (date, told) in enumerate(entries)
        ),
        reports={"old": "2020-06-01", "new": "2025", "none": ""},
    )
    earlier, later = sorted((day(one), day(other)), key=lambda d: d.latest)
    before, after = timeline(made, as_of=earlier), timeline(made, as_of=later)
    everything = timeline(made)
    assert [line for line in after if line in before] == list(before)
    assert [line for line in everything if line in after] == list(after)
    dated = [line.date for line in everything if line.date]
    assert dated == sorted(dated)
    assert [line.date for line in everything[: len(dated)]] == dated
