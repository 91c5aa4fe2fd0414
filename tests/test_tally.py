from __future__ import annotations

import datetime

from pipeline.gating.tally import Month, Place, Tally, changes, steps, tallies

MAY, JUNE = datetime.date(2024, 5, 1), datetime.date(2024, 6, 1)


def place(
    start: int, entity: str | None, *, label: str = "GPE", article: str = "a", text: str = "Rusland",
    published: datetime.date | None = datetime.date(2024, 5, 17), raw: int | None = None,
    reason: str = "exact",
) -> Place:  # fmt: skip
    at = start if raw is None else raw
    return Place(
        article, start, start + len(text), (at, at + len(text)), text, label, entity, reason, published, "s"
    )


def test_roles_are_told_apart_and_articles_share_a_story() -> None:
    found = tallies(
        [place(0, "country/RUS"), place(9, "country/RUS", article="b"), place(9, "country/RUS", label="ROLE"),
         place(30, None), place(0, "country/RUS", published=None)]
    )  # fmt: skip
    assert found == {("country/RUS", MAY): Tally(2, 2, 1, 1), ("country/RUS", None): Tally(1, 1, 1, 0)}


def test_a_step_holds_only_what_moved() -> None:
    before: dict[tuple[str, Month], Tally] = {("a", MAY): Tally(2, 1, 1), ("b", MAY): Tally(1, 1, 1)}
    after: dict[tuple[str, Month], Tally] = {("a", JUNE): Tally(2, 1, 1), ("b", MAY): Tally(1, 1, 1)}
    assert steps(before, after) == {("a", MAY): Tally(-2, -1, -1), ("a", JUNE): Tally(2, 1, 1)}
    assert steps(before, before) == {}


def test_a_mention_is_known_again_by_its_place_in_raw() -> None:
    # Cleaning moved the text, but it stands where it stood in raw.
    assert changes([place(5, "x", raw=20)], [place(0, "x", raw=20)]) == []
    (change,) = changes([place(5, "x")], [place(5, "y")])
    assert (change.entities, change.place.entity) == ({"x", "y"}, "y")
    (other,) = changes([place(5, "x")], [place(5, "x", reason="variant")])
    assert (other.before and other.before.reason, other.place.reason) == ("exact", "variant")
    gone, new = changes([place(5, "x")], [place(50, None)])
    assert (gone.after, new.before, new.entities) == (None, None, set())


def test_mentions_of_a_title_field_do_not_hide_one_another() -> None:
    title = [place(0, "x", raw=0), place(20, "x", raw=0)]
    (change,) = changes(title, title[:1])
    assert change.before == title[1]
