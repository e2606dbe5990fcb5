"""Every word the model reads, in the order of its rows in the text encoder.

A row that was trained keeps its place, so that words are only ever added at the end.
"""

from __future__ import annotations

_WORDS = """
a an anchor apple avocado background ball balloon banana basketball bear beautiful bee bell
big bird black blue boat book bottle box bright brown bubble bulb butterfly cactus cake
camera candle car carrot cat chair cherries cloud cookie cream crown cut cute cyan dog donut
drawing drop feather fire fish flower football fox frog fruit gem ghost gift glass glossy
glow grapes gray green guitar hair hamburger hat heart house ice icon illustration isolated
key koala ladybug lamp large leaf lemon light lion little moon mug mushroom nice octopus of
on orange out owl panda penguin photo picture pig pine pineapple pink pizza planet pumpkin
purple rabbit rainbow red robot rocket rose shiny simple single skull small smiley smoke
snowflake snowman soft star sticker strawberry sun sunflower sword table the tiger
transparent tree trophy turtle umbrella watermelon whale white wine with yellow above at
beach city forest in mountains night room scene sea sky snow space street studio tabletop
scenery staged shaded lifted traced

two three metal man woman walking sitting standing hand curly ponytail parrot horse cow sofa
armchair bed potted plant pot drink curtain truck bus airplane bicycle toy rain lightning sparkle
bubbles mirror circle square triangle ring letter_a letter_b letter_c letter_d letter_e letter_f
letter_g letter_h letter_i letter_j letter_k letter_l letter_m letter_n letter_o letter_p letter_q
letter_r letter_s letter_t letter_u letter_v letter_w letter_x letter_y letter_z
"""
ORDER: tuple[str, ...] = tuple(_WORDS.split())
