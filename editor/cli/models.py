"""`models`: list, get, add, verify and find the models on this machine.

Nothing is fetched but by `get`, and by `get` only after its terms are shown and accepted.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from editor.cli.model_words import (
    described_file,
    described_model,
    described_weights,
    line_of_file,
    line_of_model,
)
from editor.cli.output import NotDoneError, ProgressLine, UsageError, answer, answer_json, say
from generator.models.adapters import adapters
from generator.models.adopt import adopt, adopt_folder
from generator.models.fetch import Fetching, Plan, get, plan
from generator.models.locate import located, other_folders
from generator.models.places import hub_cache
from generator.models.published import FAMILIES, catalogue, published
from generator.models.recognise import Kind
from generator.models.registry import Adopted, read_registry
from generator.models.store import SHIPPED, folders, models
from generator.models.verify import Checked, State, verify
from generator.request import Progress

MB = 1_000_000
WRONG = frozenset({State.DAMAGED, State.MISSING})


def run(options: argparse.Namespace) -> None:
    """Run one of the actions; raises what `editor.cli.run` turns into a sentence."""
    actions: dict[str, Callable[[argparse.Namespace], None]] = {
        "list": _list, "get": _get, "add": _add, "verify": _verify, "where": _where,
    }  # fmt: skip
    if options.action in ("get", "add") and not options.names:
        what = "NAME" if options.action == "get" else "FILE"
        raise UsageError(f"Say what to {options.action}: models {options.action} {what}.")
    actions[options.action](options)


def _list(options: argparse.Namespace) -> None:
    found = models()
    if not options.json:
        answer([*map(line_of_model, found), *map(line_of_file, _adapters())])
        return
    there = located()
    answer_json(
        {
            "models": [described_model(model) for model in found],
            "loras": [described_file(lora) for lora in adapters(Kind.LORA)],
            "adapters": [described_file(each) for each in _adapters()],
            "weights": [
                described_weights(weights, there.get(weights.name)) for weights in catalogue()
            ],
        }
    )


def _adapters() -> list[Adopted]:
    """Return all that a job may take beside its model."""
    return [each for kind in (Kind.LORA, Kind.CONTROL, Kind.STYLE) for each in adapters(kind)]


def _get(options: argparse.Namespace) -> None:
    plans = [plan(name) for name in options.names if name not in SHIPPED]
    for each in plans:
        if each.missing:
            has_accepted = _show_terms(each, options.accept_licence)
            _fetch(each, has_accepted)
    there = located()
    fetched = [weights.name for each in plans for weights in each.missing]
    if options.json:
        places = {each.name: str(there[each.name]) for p in plans for each in published(p.name)}
        answer_json({"fetched": fetched, "places": places})
    else:
        answer([f"{name}: {there[name]}" for name in fetched] or ["Everything is here already."])


def _show_terms(chosen: Plan, is_accepted: bool) -> bool:
    say(f"{chosen.name} is {chosen.about_bytes / 1e9:.2f} GB to fetch, under these terms:")
    for terms, names in chosen.terms:
        say(f"{terms.licence} ({', '.join(names)}): {terms.restrictions} {terms.page}")
    if is_accepted:
        return True
    if sys.stdin.isatty() and sys.stderr.isatty():
        sys.stderr.write("Accept and fetch? [y/N] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() in ("y", "yes"):
            return True
    raise NotDoneError(
        f"Nothing was fetched: models get {chosen.name} --accept-licence accepts these terms."
    )


def _fetch(chosen: Plan, has_accepted: bool) -> None:
    line = ProgressLine()

    def on_fetching(at: Fetching) -> None:
        stage = f"Fetching {at.name}: {at.file}, MB"
        line.show(Progress(stage, at.done_bytes // MB, at.total_bytes // MB))

    try:
        get(chosen, has_accepted, on_fetching, lambda: False)
    except KeyboardInterrupt:
        raise NotDoneError(
            "Cancelled; what has arrived is kept, and the same command goes on from there."
        ) from None
    finally:
        line.close()


def _add(options: argparse.Namespace) -> None:
    if options.name is not None and len(options.names) > 1:
        raise UsageError("With --name there can be one FILE only.")
    line, added = ProgressLine(), list[dict[str, object]]()
    for path in map(Path, options.names):
        if path.is_dir():
            added.append({"folder": str(adopt_folder(path))})
            continue

        def on_bytes(done: int, total: int | None, name: str = path.name) -> None:
            line.show(Progress(f"Reading {name}, MB", done // MB, (total or 0) // MB))

        try:
            adopted = adopt(path, options.name, options.copy, on_bytes, lambda: False)
        finally:
            line.close()
        added.append(described_file(adopted))
    if options.json:
        answer_json({"added": added})
    else:
        answer(
            f"{each['name']}: {each['words']}" if "name" in each else str(each["folder"])
            for each in added
        )
    for each in added:
        if each.get("warning"):
            say(f"{each['name']}: {each['warning']}")


def _verify(options: argparse.Namespace) -> None:
    _check_names(options.names)
    line, checked = ProgressLine(), list[Checked]()

    def on_checking(path: str, done: int, total: int | None) -> None:
        line.show(Progress(f"Reading {path}, MB", done // MB, (total or 0) // MB))

    try:
        for each in verify(tuple(options.names), on_checking, lambda: False):
            checked.append(each)
            if not options.json:
                line.close()
                answer([f"{each.name}: {each.state}: {each.path}"])
    finally:
        line.close()
    if options.json:
        described = [
            {"name": each.name, "path": str(each.path), "state": each.state} for each in checked
        ]
        answer_json({"files": described})
    wrong = [each for each in checked if each.state in WRONG]
    if wrong:
        paths = ", ".join(str(each.path) for each in wrong)
        raise NotDoneError(
            f"Damaged or missing: {paths}; remove what is damaged, then get or add it again."
        )


def _where(options: argparse.Namespace) -> None:
    _check_names(options.names)
    if not options.names:
        own, shipped = folders()
        places = {
            "own": str(own),
            "shipped": str(shipped),
            "hub cache": str(hub_cache()),
            "other": [str(folder) for folder in other_folders(read_registry())],
        }
        if options.json:
            answer_json(places)
        else:
            answer(str(place) for place in (own, shipped, hub_cache(), *places["other"]))
        return
    known = _places()
    missing = [name for name in options.names if name not in known]
    if missing:
        raise NotDoneError(f"Not on this machine: {', '.join(missing)}.")
    if options.json:
        answer_json({name: known[name] for name in options.names})
    else:
        answer(known[name] for name in options.names)


def _places() -> dict[str, str]:
    """Where each model, entry of the catalogue and file of the user's lies."""
    places = {model.name: str(model.folder) for model in models() if model.is_installed}
    places |= {name: str(path) for name, path in located().items()}
    files = (each for each in read_registry().files if each.is_there)
    return places | {each.name: each.path for each in files}


def _check_names(names: list[str]) -> None:
    known = {model.name for model in models()} | set(FAMILIES)
    known |= {weights.name for weights in catalogue()}
    known |= {each.name for each in read_registry().files}
    for name in names:
        if name not in known:
            raise UsageError(f'There is no model "{name}"; there are: {", ".join(sorted(known))}.')
