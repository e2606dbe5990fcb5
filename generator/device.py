"""Which device a model runs on, and what to call it. Asked in the worker process only."""

from generator.request import ErrorKind, GenerationError

KINDS = ("cuda", "xpu", "mps", "cpu")  # in the order in which "auto" tries them


def choose(wanted: str) -> str:
    """The device for a wish: "auto", one of `KINDS`, or one with a number as in "cuda:1".

    Raises `GenerationError` when this machine, or this build of torch, does not have it.
    """
    counts = _counts()
    if wanted == "auto":
        return next(kind for kind in KINDS if counts[kind])
    kind, _, number = wanted.partition(":")
    index = int(number) if number.isdigit() else 0
    is_device = kind in KINDS and number in ("", str(index))
    if not is_device or index >= counts[kind]:
        present = ", ".join(kind for kind in KINDS if counts[kind])
        raise GenerationError(
            ErrorKind.UNSUPPORTED, f'There is no device "{wanted}" here; there are: {present}.'
        )
    return wanted


def describe(device: str) -> str:
    """A chosen device in words: "CPU, 2 threads, torch 2.13.0"."""
    import torch

    kind = device.partition(":")[0]
    match kind:
        case "cuda":
            cuda = torch.cuda.get_device_properties(device)
            words = f"{cuda.name}, {cuda.total_memory / 2**30:.0f} GiB"
        case "xpu":
            xpu = torch.xpu.get_device_properties(device)
            words = f"{xpu.name}, {xpu.total_memory / 2**30:.0f} GiB"
        case "mps":
            words = "Apple GPU"
        case _:
            words = f"CPU, {torch.get_num_threads()} threads"
    return f"{words}, torch {torch.__version__}"


def name_of(kind: str) -> str:
    """What to call a device of that kind in a sentence."""
    return "CPU" if kind == "cpu" else "GPU"


def free_bytes(device: str) -> int | None:
    """How much memory an accelerator has free now; None where it does not tell."""
    import torch

    kind = device.partition(":")[0]
    match kind:
        case "cuda" | "xpu":
            free, _ = getattr(torch, kind).mem_get_info(device)
            # What torch holds for its next tensors is free, too.
            memory = getattr(torch, kind)
            return int(free + memory.memory_reserved(device) - memory.memory_allocated(device))
        case "mps":
            most = torch.mps.recommended_max_memory()
            return max(0, int(most - torch.mps.current_allocated_memory()))
        case _:
            return None


def release_cached(kind: str) -> None:
    """Give back what torch holds of an accelerator's memory without using it."""
    import gc

    import torch

    gc.collect()
    if kind in ("cuda", "xpu", "mps"):
        getattr(torch, kind).empty_cache()


def _counts() -> dict[str, int]:
    import torch

    return {
        "cuda": torch.cuda.device_count() if torch.cuda.is_available() else 0,
        "xpu": torch.xpu.device_count() if torch.xpu.is_available() else 0,
        "mps": int(torch.backends.mps.is_available()),
        "cpu": 1,
    }
