"""`refresh`: every stale layer of a file made again, bottom up; locked ones are left alone."""

import argparse

from editor.cli.engine import check_able, made, repeatable
from editor.cli.output import NotDoneError, answer, answer_json, say
from editor.cli.pictures import opened
from editor.document.layer import LayerId
from editor.formats import check_target, format_for, write
from editor.generation import Order, Refresh, stale_layers
from editor.settings import backend_name
from generator.client import GeneratorClient
from generator.models.store import check_known
from generator.request import ErrorKind, GenerationError, Task


def run(options: argparse.Namespace) -> None:
    """Refresh a file and write it; raises the errors that `run.py` knows.

    A layer that cannot be made again (its model or a picture is missing) is left as it is, with a
    warning; where that is so of all of them, nothing is written.
    """
    format_for(options.output)
    check_target(options.output)
    document = opened(options.file)
    refresh, warnings = Refresh(document), []
    made_again: list[LayerId] = []
    with GeneratorClient(backend_name(), options.device) as client:
        while (layer := refresh.next_layer()) is not None:
            name = _name(refresh, layer)
            try:
                order = _order(client, refresh, layer)
                say(f"refreshing {name}")
                result = made(client, order)
            except (GenerationError, NotDoneError) as error:
                if isinstance(error, GenerationError) and error.kind is ErrorKind.CANCELLED:
                    raise
                warnings.append(f"{name} was not made again: {error}")
                refresh = refresh.without(layer)
                continue
            warnings += result.warnings
            refresh = refresh.with_result(layer, order, result)
            made_again.append(layer)
    if warnings and not made_again:
        raise NotDoneError(warnings[0])
    _finish(options, refresh, made_again, warnings)


def _order(client: GeneratorClient, refresh: Refresh, layer: LayerId) -> Order:
    order = refresh.order(layer)
    request = order.request
    check_known(request.model)
    if request.task is not Task.SHADOW:
        check_able(request.task, client.capabilities(request.model))
    return repeatable(order)


def _name(refresh: Refresh, layer: LayerId) -> str:
    found = refresh.document.find(layer)
    return "A layer" if found is None else f"“{found.name}”"


def _finish(
    options: argparse.Namespace, refresh: Refresh, made_again: list[LayerId], warnings: list[str]
) -> None:
    still = stale_layers(refresh.document)
    warnings += write(refresh.document, options.output)
    for warning in warnings:
        say(warning)
    if not made_again:
        say("Nothing was stale but what is locked." if still else "Nothing was stale.")
    if options.json:
        answer_json(
            {
                "files": [str(options.output)],
                "refreshed": made_again,
                "still_stale": sorted(still),
                "warnings": warnings,
            }
        )
    else:
        answer([str(options.output)])
