"""One stage of a road: words read, weights laid on, latents sampled, the network as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.prediction import Guide, Told, predictor
from generator.layer_diffusion.roads import Sampler, Stage
from generator.layer_diffusion.sampling import (
    Cancelled,
    IsCancelled,
    OnLatent,
    Predict,
    Sampling,
    Start,
    sample,
)
from generator.layer_diffusion.scene import Scene
from generator.layer_diffusion.schedules import scheduler_for
from generator.layer_diffusion.stop_at import is_over, last_sigma, training_sigmas
from generator.layer_diffusion.wearing import Dress, Seen, Wardrobe
from generator.request import GenerationRequest, Role


@dataclass(frozen=True, slots=True)
class Manner:
    """How a job is sampled, where it differs from what its stages say or the model's defaults."""

    steps: int
    guidance: float
    sampler: Sampler | None = None  # None: each stage's
    stop_at: float | None = None  # of the last stage; None: what it says


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """One run of one stage, for some variants at once.

    `seen` holds the pictures that the stage sees, in its order.
    """

    stage: Stage
    request: GenerationRequest
    manner: Manner
    scene: Scene
    seeds: tuple[int, ...]
    seen: tuple[Seen, ...] = ()
    guides: Sequence[Guide] = ()

    @property
    def start(self) -> Start | None:
        """Return what is begun with: a picture is begun with for a foreground alone."""
        return self.scene.start if self.stage.makes[0] is Role.FOREGROUND else None

    @property
    def stop_at(self) -> float:
        """Return for which share of training time the worn weights stay on."""
        return self.stage.stop_at if self.manner.stop_at is None else self.manner.stop_at


class Stages:
    """Runs stages on one loaded model."""

    def __init__(self, parts: Parts) -> None:
        """Begin with nothing worn."""
        self.parts = parts
        self.wardrobe = Wardrobe(parts)

    def made(self, take: Take, on_latent: OnLatent, is_cancelled: IsCancelled) -> Tensor:
        """Make scaled latents (variants x frames, c, h, w), frame fastest; raises `Cancelled`.

        Whatever ends it, the network's weights and processors are as before.
        """
        parts = self.parts
        scheduler = scheduler_for(take.manner.sampler or take.stage.sampler, parts.sampler_config)
        told, prompts = self._told(take)
        with self._dressed(take, told, prompts, scheduler) as on_call:
            once = _heeding(predictor(parts, told, take.scene.seen_size, on_call), is_cancelled)
            predict = take.scene.through(once)
            return sample(predict, scheduler, self.sampling(take), on_latent, is_cancelled)

    def sampling(self, take: Take) -> Sampling:
        """Return how a take is sampled."""
        width, height = (side // self.parts.card.latent_scale for side in take.scene.size)
        return Sampling(
            seeds=take.seeds,
            steps=take.manner.steps,
            shape=(self.parts.latent_channels, height, width),
            device=self.parts.device,
            frames=len(take.stage.makes),
            start=take.start,
            noise=0.0 if take.stage.is_computed else 1.0,
        )

    @contextmanager
    def _dressed(
        self, take: Take, told: Told, prompts: tuple[Tensor | None, ...], scheduler: Any
    ) -> Iterator[Callable[[Tensor], None]]:
        """Lay on what the stage wears, and yield what takes it off in its time."""
        variants = len(take.seeds)
        dress = Dress(
            strength=take.request.patch_weight,
            seen=take.seen,
            roles=take.stage.sees,
            shape=self.sampling(take).shape,
            prompts=prompts,
            conditional=(False,) * (variants * (told.halves - 1)) + (True,) * variants,
        )
        with ExitStack() as stack:
            for guide in take.guides:
                stack.enter_context(guide.wearing(self.parts.unet))
            wears = take.stage.wears if take.stop_at > 0 else ""
            worn = stack.enter_context(self.wardrobe.wearing(wears, dress))
            if not wears or take.stop_at == 1:
                yield lambda time: None
                return
            sigmas = training_sigmas(scheduler.alphas_cumprod.double().numpy())
            last = last_sigma(sigmas, take.stop_at)

            def on_call(time: Tensor) -> None:
                if worn.is_on and is_over(sigmas, float(time), last):
                    worn.take_off()

            yield on_call

    def _told(self, take: Take) -> tuple[Told, tuple[Tensor | None, ...]]:
        """Read the words: for the network, and for each frame that has its own."""
        text, negative = self.parts.text, take.request.negative_prompt
        main, own = prompts_of(take.stage, take.request)
        main, negative = (f"{take.stage.says} {one}".strip() for one in (main, negative))
        chunks = text.chunks([main, negative, *(prompt for prompt in own if prompt)])
        told = Told(
            negative=text.read(negative, chunks, is_negative=True),
            positive=text.read(main, chunks),
            guidance=take.manner.guidance,
            guides=take.guides,
        )
        return told, tuple(text.read(one, chunks).tokens if one else None for one in own)


def _heeding(predict: Predict, is_cancelled: IsCancelled) -> Predict:
    """Let a job end between the windows of one step, too."""

    def predict_or_end(seen: Tensor, time: Tensor) -> Tensor:
        if is_cancelled():
            raise Cancelled
        return predict(seen, time)

    return predict_or_end


def prompts_of(stage: Stage, request: GenerationRequest) -> tuple[str, tuple[str, ...]]:
    """Return the text of a stage, and for each of its frames its own text, "" for none.

    A picture made alone has the prompt of its layer, or the prompt; of pictures made together each
    reads the prompt, with its layer's in front where there is one. Source: sd-forge-layerdiffuse
    b1e6651.
    """
    own = {Role.FOREGROUND: request.foreground_prompt, Role.BACKGROUND: request.background_prompt}
    prompts = [own.get(role, "").strip() for role in stage.makes]
    if len(prompts) == 1:
        return prompts[0] or request.prompt, ("",)
    main = request.prompt.strip()
    return request.prompt, tuple(f"{one}, {main}" if one and main else one for one in prompts)
