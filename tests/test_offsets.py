from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.offsets import Alignment, Block, Edit, apply_edits, blocks_between

many = settings(max_examples=200, deadline=None, derandomize=True)


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text with edits that do not overlap."""
    source = draw(st.text(max_size=40))
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=10, unique=True)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        edits.append(Edit(start, end, draw(st.text(max_size=4)), "test"))
    return source, draw(st.permutations(edits))


def test_an_edited_text_with_the_places_of_its_edits() -> None:
    edited = apply_edits("Oekra&iuml;ne\u00ad nu", [Edit(5, 11, "ï", "entity"), Edit(13, 14, "", "shy")])
    assert edited.text == "Oekraïne nu"
    assert edited.places == ((5, 11, 5, 6, "entity"), (13, 14, 8, 8, "shy"))


def test_edits_may_come_in_any_order() -> None:
    edits = [Edit(4, 5, "", "b"), Edit(0, 1, "xyz", "a"), Edit(2, 2, "!", "c")]
    assert apply_edits("abcde", edits).text == "xyzb!cd"


def test_no_edits_change_nothing() -> None:
    edited = apply_edits("De top in Minsk", [])
    assert (edited.text, edited.places) == ("De top in Minsk", ())
    assert edited.alignment.to_source(3, 6) == (3, 6)


def test_an_insertion_at_the_end() -> None:
    assert apply_edits("ab", [Edit(2, 2, "c", "test")]).text == "abc"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (-2, -1)])
def test_an_edit_needs_a_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Edit(start, end, "x", "test")


def test_an_edit_that_changes_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="changes nothing"):
        Edit(4, 4, "", "test")


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 3, "", "a"), Edit(2, 4, "", "b")],
        [Edit(0, 3, "", "a"), Edit(1, 1, "x", "b")],
        [Edit(4, 6, "", "a")],
        [Edit(6, 6, "x", "a")],
    ],
)
def test_overlapping_edits_and_edits_outside_the_text_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlapping or outside"):
        apply_edits("abcde", edits)


@pytest.mark.parametrize(
    ("start", "end", "source"),
    [
        (0, 5, (0, 5)),  # before the edit
        (0, 6, (0, 11)),  # up to its end
        (5, 6, (5, 11)),  # the edit itself
        (6, 8, (11, 13)),  # behind it
        (4, 7, (4, 12)),  # over it
        (8, 10, (14, 16)),  # behind a deletion, which is left out at the edge
        (7, 9, (12, 15)),  # over the deletion
    ],
)
def test_spans_of_the_edited_text_in_the_source(start: int, end: int, source: tuple[int, int]) -> None:
    edited = apply_edits("Oekra&iuml;ne\u00ad nu", [Edit(5, 11, "ï", "entity"), Edit(13, 14, "", "shy")])
    assert edited.alignment.to_source(start, end) == source


@pytest.mark.parametrize(("start", "end"), [(1, 2), (2, 3), (1, 3)])
def test_an_offset_inside_a_replacement_stands_for_all_of_it(start: int, end: int) -> None:
    edited = apply_edits("a&x;b", [Edit(1, 4, "123", "test")])
    assert edited.alignment.to_source(start, end) == (1, 4)


@pytest.mark.parametrize(("start", "end"), [(2, 2), (3, 1), (0, 6), (-1, 2), (9, 12)])
def test_empty_spans_and_spans_outside_the_text_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"empty span|no aligned stretch"):
        apply_edits("abcde", []).alignment.to_source(start, end)


def test_an_offset_between_two_stretches_is_refused() -> None:
    alignment = Alignment([Block(0, 3, 0, 3, edited=False), Block(5, 8, 4, 7, edited=False)])
    assert alignment.to_source(2, 6) == (2, 5)
    with pytest.raises(ValueError, match="no aligned stretch"):
        alignment.to_source(3, 6)


def test_an_alignment_of_nothing_holds_no_offset() -> None:
    with pytest.raises(ValueError, match="no aligned stretch"):
        Alignment([]).to_source(0, 1)


def test_blocks_of_a_stretch_that_begins_further_on() -> None:
    alignment = Alignment(blocks_between([(12, 13, 3, 3), (15, 15, 5, 6)], (10, 20), (1, 11)))
    assert alignment.to_source(1, 11) == (10, 20)
    assert alignment.to_source(2, 4) == (11, 14)
    assert alignment.to_source(5, 6) == (15, 15)


@pytest.mark.parametrize(
    ("edits", "source", "target"),
    [
        ([], (0, 5), (0, 4)),
        ([(2, 3, 1, 2)], (0, 5), (0, 5)),
        ([(0, 3, 0, 3), (2, 4, 2, 4)], (0, 5), (0, 5)),
        ([(4, 7, 4, 7)], (0, 5), (0, 5)),
    ],
)
def test_edits_that_do_not_explain_the_lengths_are_refused(
    edits: list[tuple[int, int, int, int]], source: tuple[int, int], target: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        blocks_between(edits, source, target)


@many
@given(edited_texts())
def test_the_places_say_what_became_of_the_source(case: tuple[str, list[Edit]]) -> None:
    source, edits = case
    edited = apply_edits(source, edits)
    at_source = at = 0
    for edit, (source_start, source_end, start, end, rule) in zip(sorted(edits), edited.places, strict=True):
        assert (source_start, source_end, rule) == (edit.start, edit.end, edit.rule)
        assert edited.text[start:end] == edit.replacement
        assert edited.text[at:start] == source[at_source:source_start]
        at_source, at = source_end, end
    assert edited.text[at:] == source[at_source:]


@many
@given(edited_texts(), st.data())
def test_every_span_maps_to_the_source_it_came_from(
    case: tuple[str, list[Edit]], data: st.DataObject
) -> None:
    source, edits = case
    edited = apply_edits(source, edits)
    if not edited.text:
        return
    start = data.draw(st.integers(0, len(edited.text) - 1))
    end = data.draw(st.integers(start + 1, len(edited.text)))
    low, high = edited.alignment.to_source(start, end)
    assert 0 <= low <= high <= len(source)
    touched = [p for p in edited.places if p[2] < end and start < p[3]]
    if touched:
        assert low <= touched[0][0]
        assert touched[-1][1] <= high
    elif not [p for p in edited.places if start < p[2] < end]:
        assert source[low:high] == edited.text[start:end]
