"""`train curate`: candidates, verdicts, the next set, and rounds compared."""

from __future__ import annotations

import argparse
import csv
import logging
import sys
from dataclasses import astuple, fields
from pathlib import Path

from generator.backends.layer_diffusion import LayerDiffusionBackend
from generator.models.store import find
from generator.request import ErrorKind, GenerationError, Lora, checked
from generator.training.adapting.arguments import Parser
from generator.training.adapting.assets import bad
from generator.training.adapting.files import not_written
from generator.training.adapting.originals import drawn_originals
from generator.training.curation.candidates import Wanted, make_candidates, prompts_in
from generator.training.curation.compare import Figures, compare_rounds
from generator.training.curation.records import Said
from generator.training.curation.rounds import LIST, Mix, Originals, build_set, originals_from
from generator.training.curation.verdicts import candidates_in, take_verdicts

log = logging.getLogger(__name__)

TO_FILL = "to-judge.csv"


def main(arguments: list[str] | None = None) -> int:
    """Do one of the four; 0 done, 1 not done, 2 wrong input."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        options = _parser().parse_args(arguments)
        for line in options.run(options):
            sys.stdout.write(f"{line}\n")
    except GenerationError as error:
        log.error("%s", error)
        return 2 if error.kind is ErrorKind.BAD_REQUEST else 1
    except OSError as error:  # of the log and the like
        log.error("%s", not_written(Path(error.filename or "A file"), error))
        return 1
    except KeyboardInterrupt:
        log.error("Stopped; what was made is there, and the same command goes on.")
        return 1
    return 0


def _candidates(asked: argparse.Namespace) -> list[str]:
    if asked.each < 1:
        raise bad("There must be at least one candidate a prompt.")
    backend = LayerDiffusionBackend(asked.device)
    lora = None
    if asked.lora is not None:
        lora = Lora(asked.lora.stem, asked.lora_weight, str(asked.lora.resolve()))
    wanted = Wanted(
        prompts=prompts_in(asked.prompts),
        each=asked.each,
        model=asked.model,
        size=backend.capabilities(asked.model).native_size,
        round=asked.round,
        seed=asked.seed,
        lora=lora,
    )
    made = make_candidates(
        wanted,
        asked.out,
        lambda request: backend.generate(checked(request), lambda _told: None, lambda: False),
    )
    flagged = sum(bool(each.flags) for each in made)
    path = asked.out / TO_FILL
    if not path.exists():  # what a person has begun to fill in stays
        with path.open("w", newline="", encoding="utf-8") as stream:
            rows = csv.writer(stream)
            rows.writerow(["file", "verdict", "repaired", "flags"])
            rows.writerows([each.file, "", "", "; ".join(each.flags)] for each in made)
    return [f"{len(made)} candidates, {flagged} flagged, in {asked.out}", str(path)]


def _verdicts(asked: argparse.Namespace) -> list[str]:
    counts = take_verdicts(asked.candidates, asked.verdicts)
    total = len(candidates_in(asked.candidates))
    said = ", ".join(f"{counts[each.value]} {each.value}" for each in Said)
    return [f"{said}, {total - sum(counts.values())} without a verdict"]


def _round(asked: argparse.Namespace) -> list[str]:
    mix = Mix(asked.kept_weight, asked.originals_share)
    originals = Originals()
    if asked.originals is not None:
        originals = originals_from(asked.originals)
    elif mix.originals_share:
        first = next(iter(candidates_in(asked.candidates[0]).values()))
        card = find(first.model).card
        family = card.family if card else ""
        originals = Originals(drawn=drawn_originals(family or "pocket", asked.seed))
    entries = build_set(asked.candidates, originals, mix, asked.out)
    kept = sum(not each.original for each in entries)
    return [f"{kept} kept, {len(entries) - kept} originals", str(asked.out / LIST)]


def _compare(asked: argparse.Namespace) -> list[str]:
    found = compare_rounds(asked.first, asked.second, asked.out, asked.seed)
    names = [field.name for field in fields(Figures)]
    lines = [f"{'':30}" + "".join(f"{name:>10}" for name in names)]
    for folder, figures in found.items():
        lines.append(f"{folder:30}" + "".join(f"{value:10.3f}" for value in astuple(figures)))
    return [*lines, str(asked.out)]


def _parser() -> Parser:
    parser = Parser(prog="main.py train curate", description=__doc__, allow_abbrev=False)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    made = verbs.add_parser("candidates", help="make pictures to choose from")
    made.add_argument(
        "--prompts", type=Path, required=True, metavar="FILE", help="one on each line"
    )
    made.add_argument("--out", type=Path, required=True, metavar="DIR")
    made.add_argument("--each", type=int, default=8, metavar="N", help="candidates a prompt")
    made.add_argument("--model", default="pocket", metavar="NAME")
    made.add_argument("--lora", type=Path, metavar="FILE", help="the adapter of the last round")
    made.add_argument("--lora-weight", type=float, default=1.0, metavar="X")
    made.add_argument("--round", type=int, default=0, metavar="N", help="written into the index")
    made.add_argument("--seed", type=int, default=1, metavar="N", help="of the first candidate")
    made.add_argument("--device", default="auto", metavar="NAME")
    made.set_defaults(run=_candidates)
    said = verbs.add_parser("verdicts", help="take up what was said of them")
    said.add_argument("--candidates", type=Path, required=True, metavar="DIR")
    said.add_argument(
        "--verdicts", type=Path, required=True, metavar="FILE",
        help="CSV or JSONL: file, verdict (keep, reject, fixed), repaired",
    )  # fmt: skip
    said.set_defaults(run=_verdicts)
    built = verbs.add_parser("round", help="put the next training set together")
    built.add_argument("--candidates", type=Path, required=True, action="append", metavar="DIR")
    built.add_argument("--originals", type=Path, metavar="PLACE", help="the pocket's are drawn")
    built.add_argument("--kept-weight", type=float, default=Mix().kept_weight, metavar="X")
    built.add_argument("--originals-share", type=float, default=Mix().originals_share, metavar="X")
    built.add_argument("--seed", type=int, default=1, metavar="N")
    built.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    built.set_defaults(run=_round)
    compared = verbs.add_parser("compare", help="set two folders of candidates side by side")
    compared.add_argument("first", type=Path, metavar="DIR")
    compared.add_argument("second", type=Path, metavar="DIR")
    compared.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    compared.add_argument("--seed", type=int, default=1, metavar="N")
    compared.set_defaults(run=_compare)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
