"""`grader collect`: what a learning platform hands out, into `submitted/`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from grader.commands.app import app, err, out
from grader.course import Course, CourseError
from grader.marking.text import visible

if TYPE_CHECKING:
    from grader.term.collecting import Found, Plan
    from grader.term.people import Roster

NO_TIME = "no time of submission"


@app.command()
def collect(
    chapter: Annotated[str, typer.Argument(help="For example ch1_xor.")],
    source: Annotated[Path, typer.Argument(metavar="ZIP_OR_FOLDER", help="As the platform gives it.")],
    roster: Annotated[
        Path | None, typer.Option("--roster", help="Who there is; what `grader roster` read, by default.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: take whoever is matched.")] = False,
    who: Annotated[
        list[str] | None, typer.Option("--who", help="NAME_IN_ARCHIVE=ID, for a name that two people have.")
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", help="Of times in file names, such as Europe/Berlin.")
    ] = "UTC",
    groups: Annotated[
        bool, typer.Option("--groups", help="What one of a group hands in counts for all.")
    ] = False,
) -> None:
    """Recognise who handed in what, show it, and put it into submitted/ once you agree.

    Knows what Moodle, Canvas and Blackboard make, a folder per student, and bare files. Every attempt is kept in
    collected/, the newest goes to submitted/. Without a time of submission none is made up: nobody is late then.
    """
    from grader.gradebook.timestamps import zone_called
    from grader.term import collecting, people

    course = Course.find()
    course.check_chapter(chapter)
    try:
        zone = zone_called(timezone)
    except ValueError as problem:
        raise CourseError(str(problem)) from None
    known = people.read(roster) if roster else people.kept(course)
    told = _told(who or [])

    def plan() -> Plan:
        return collecting.plan(course, chapter, source, known, zone=zone, told=told, by_group=groups)

    made = plan()
    show(made, known, timezone)
    if not yes and sys.stdin.isatty():
        if ask(made, told):
            made = plan()
            show(made, known, timezone)
        if made.rows and not typer.confirm(f"Put these {len(made.rows)} into submitted/?", err=True):
            raise typer.Exit(1)
    elif not yes and made.rows:
        raise CourseError("nothing was written: say --yes to collect what is matched")
    if not made.rows:
        raise CourseError(f"nothing was collected from {source}")
    outcome = collecting.write(course, made)
    counts = {state: list(outcome.values()).count(state) for state in ("new", "newer", "unchanged", "older")}
    told_of = ", ".join(f"{n} {state}" for state, n in counts.items() if n)
    out.print(f"collected {len(outcome)}: {told_of}; every attempt is in collected/{chapter}/")
    for student, state in outcome.items():
        if state == "older":
            out.print(f"{escape(student)}: what is in submitted/ is newer, and stays", soft_wrap=True)
    if made.ambiguous or made.unknown:
        err.print(
            f"[yellow]note:[/] {len(made.ambiguous) + len(made.unknown)} were not collected", soft_wrap=True
        )


def _told(who: list[str]) -> dict[str, str]:
    found = {}
    for text in who:
        name, equals, person = text.rpartition("=")
        if not equals or not name or not person:
            raise CourseError(f"--who {visible(text)}: say it as NAME_IN_ARCHIVE=ID")
        found[name] = person
    return found


def show(made: Plan, known: Roster, timezone: str) -> None:
    """What would be collected, before anything is."""
    out.print(
        f"{made.chapter}: {made.layout}"
        + ("" if known.people else ", and no roster: names are taken as they are")
    )
    times = [f for _, f in made.rows if f.chosen and f.chosen.time]
    if times and made.layout == "Blackboard":
        out.print(f"times in names are read as {escape(timezone)}")
    timeless = {f.who for _, f in made.rows if f.chosen and not f.chosen.time}
    if timeless and not times:
        out.print("no time of submission is in these names: nobody is late by them", soft_wrap=True)
    for title, style, found in (
        ("matched", "green", [f for _, f in made.rows]), ("ambiguous", "yellow", made.ambiguous),
        ("unknown", "red", made.unknown),
    ):  # fmt: skip
        if found:
            out.print(f"[{style}]{title}[/] {len(found)}")
        people = [p for p, _ in made.rows] if title == "matched" else [None] * len(found)
        for person, one in zip(people, found, strict=True):
            line = _line(one, person.id if person else "", said=not times)
            out.print("  " + escape(line), soft_wrap=True)
    if made.before:
        out.print(f"[dim]not in it[/] {len(made.before)} who handed in before: that stays")
    if made.missing:
        out.print(f"[dim]missing[/] {len(made.missing)}")
        for absent in made.missing:
            name = "" if absent.name == absent.id else f" {absent.name}"
            out.print(f"  {escape(visible(absent.id + name))}", soft_wrap=True)
    for name, why in made.left:
        out.print(f"[dim]left[/] {escape(visible(name))}: {escape(visible(why))}", soft_wrap=True)


def _line(found: Found, person: str, said: bool = False) -> str:
    """Who is matched with whom, and what is to be known of it; `said` is that no name has a time."""
    parts = [visible(found.who)]
    if person:
        parts = [visible(person)] + ([f"({visible(found.who)})"] if person != found.who else [])
        if found.chosen and found.chosen.time:
            parts.append(f"{found.chosen.time:%Y-%m-%d %H:%M:%S} UTC")
    elif found.match.people:
        names = ", ".join(f"{p.id} {p.name} {p.email}".strip() for p in found.match.people)
        if found.person is not None:  # it is known who, and not whether it counts
            parts.append(
                f"is {visible(names)}: --who '{visible(found.who)}={visible(found.person.id)}' says that it counts"
            )
        else:
            parts.append(f"may be {visible(names)}: --who '{visible(found.who)}=ID' says who")
    notes = [n.removeprefix(NO_TIME).removeprefix("; ") if said else n for n in found.notes]
    return " ".join(parts) + (f": {told}" if (told := "; ".join(filter(None, notes))) else "")


def ask(made: Plan, told: dict[str, str]) -> bool:
    """Ask whose the ambiguous ones are; whether anything was said."""
    said = False
    for found in made.ambiguous:
        choices = [p.id for p in found.match.people]
        if found.person is not None:
            which = f"{_line(found, '')}\nDoes what {visible(found.who)} handed in count?"
            if typer.confirm(which, default=False, err=True):
                told[found.who] = found.person.id
                said = True
            continue
        answer = typer.prompt(
            f"{visible(found.who)} is one of {', '.join(map(visible, choices))}; which (empty: leave it)",
            default="", show_default=False, err=True,
        )  # fmt: skip
        if answer in choices:
            told[found.who] = answer
            said = True
    return said
