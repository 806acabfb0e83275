"""The layout of /map: networks as frames, containers as cards in them, then volumes and images.

A container that is in several networks is drawn in one of them and carries the names of the others
in their colours: lines across a phone's screen lead nowhere that a thumb could follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.classroom.engine_map import EngineMap, MapContainer, MapNetwork
from bot.pictures.letters import Fonts
from bot.pictures.shapes import MARGIN, WIDTH, Box, Drawing
from bot.pictures.sketch import LINE, NORMAL, SMALL, TITLE, Chip, Sketch
from bot.pictures.theme import Theme
from bot.pictures.words import size_words
from bot.texts import Speech

INNER: Final = WIDTH - 2 * MARGIN
PAD: Final = 12.0
GAP: Final = 12.0
COLUMNS: Final = 2
MANY: Final = 15
"""With more containers than this each says less."""
LIST_ROWS: Final = 4
ROW: Final = SMALL * LINE
NAME_ROW: Final = NORMAL * LINE
FRAME_HEAD: Final = NAME_ROW + PAD


@dataclass(frozen=True, slots=True)
class _Look:
    """How everything on one map looks."""

    sketch: Sketch
    say: Speech
    hues: Mapping[str, str]
    chip_rows: int

    @property
    def theme(self) -> Theme:
        return self.sketch.theme

    @property
    def more(self) -> str:
        """How a list says that there is more."""
        return "+{n}"


def map_layout(engine: EngineMap, say: Speech, fonts: Fonts, theme: Theme) -> Drawing:
    """The map of this engine."""
    sketch = Sketch(fonts, theme)
    names = [network.name for network in engine.networks]
    hues = {name: theme.hues[at % len(theme.hues)] for at, name in enumerate(names)}
    rows = 1 if len(engine.containers) > MANY else 2
    look = _Look(sketch, say, hues, rows)
    y = _head(look, engine)
    for frames in _rows_of(_frames(look, engine)):
        y = _side_by_side(look, frames, y)
    if not engine.containers:
        y = _nothing(look, y)
    y = _volumes(look, engine, y)
    y = _images(look, engine, y)
    return sketch.drawing(y + MARGIN - GAP)


def state_of(container: MapContainer, say: Speech) -> str:
    """The state in a word or two, with what is wrong if anything is."""
    key = f"map.state.{container.state}"
    if container.state == "exited" and container.out_of_memory:
        return say("map.state.out_of_memory")
    word = say(key, code=container.exit_code) if key in say else container.state
    if container.state == "running" and container.health:
        return f"{word} · {say(f'map.health.{container.health}')}"
    return word


def limits_of(container: MapContainer, say: Speech) -> list[str]:
    """Its own limits, one text each."""
    found = []
    if container.memory_bytes:
        found.append(size_words(container.memory_bytes))
    if container.cpus:
        found.append(say("map.cpus", cpus=f"{container.cpus:g}"))
    return found


def _head(look: _Look, engine: EngineMap) -> float:
    sketch, say, theme = look.sketch, look.say, look.theme
    version = f"Docker {engine.version}" if engine.version else ""
    taken = sketch.label(
        WIDTH - MARGIN, MARGIN + 8, version, most=260, colour=theme.muted, anchor="right"
    )
    sketch.label(MARGIN, MARGIN, say("map.title"), most=INNER - taken - GAP, size=TITLE, bold=True)
    y = MARGIN + TITLE * LINE + 4
    for text in (counts(engine, say), limits_line(engine, say)):
        if text:
            sketch.label(MARGIN, y, text, most=INNER, colour=theme.muted)
            y += ROW
    return y + GAP


def counts(engine: EngineMap, say: Speech) -> str:
    """How much there is of everything."""
    return say(
        "map.counts",
        containers=engine.count,
        running=engine.running,
        images=len(engine.images),
        volumes=len(engine.volumes),
    )


def limits_line(engine: EngineMap, say: Speech) -> str:
    """What the sandbox may use; empty when nobody knows."""
    limits = engine.limits
    found = []
    if limits.memory_bytes:
        found.append(say("map.limit.memory", size=size_words(limits.memory_bytes)))
    if limits.cpus:
        found.append(say("map.limit.cpus", cpus=f"{limits.cpus:g}"))
    if limits.disk_bytes:
        found.append(say("map.limit.disk", size=size_words(limits.disk_bytes)))
    return say("map.limits", limits=" · ".join(found)) if found else ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A network, or what is in none, as it is drawn."""

    name: str
    about: str
    containers: Sequence[MapContainer]
    hue: str


def _frames(look: _Look, engine: EngineMap) -> list[_Frame]:
    found = [_network(look, network) for network in engine.networks]
    if engine.apart:
        found.append(_Frame(look.say("map.apart"), "", engine.apart, look.theme.muted))
    return found


def _network(look: _Look, network: MapNetwork) -> _Frame:
    notes = [network.driver] if network.driver != network.name else []
    if network.internal:
        notes.append(look.say("map.internal"))
    if not network.containers:
        notes.append(look.say("map.empty_network"))
    about = " · ".join(note for note in notes if note)
    return _Frame(network.name, about, network.containers, look.hues[network.name])


def _rows_of(frames: Sequence[_Frame]) -> list[list[_Frame]]:
    """Each that needs the whole width, then those with one container in pairs, then empty ones."""
    rows = [[frame] for frame in frames if len(frame.containers) > 1]
    for count in (1, 0):
        narrow = [frame for frame in frames if len(frame.containers) == count]
        rows += [narrow[at : at + COLUMNS] for at in range(0, len(narrow), COLUMNS)]
    return rows


def _side_by_side(look: _Look, frames: Sequence[_Frame], y: float) -> float:
    """Frames in a row, all as high as the highest; where the next row begins."""
    width = (INNER - GAP * (len(frames) - 1)) / len(frames)
    columns = COLUMNS if len(frames) == 1 else 1
    card = (width - 2 * PAD - GAP * (columns - 1)) / columns
    heights = [_card_heights(look, frame, card, columns) for frame in frames]
    tallest = max(sum(rows) + GAP * len(rows) for rows in heights)
    height = max(PAD / 2 + FRAME_HEAD + tallest, PAD + FRAME_HEAD)
    for number, (frame, rows) in enumerate(zip(frames, heights, strict=True)):
        x = MARGIN + number * (width + GAP)
        _frame(look, frame, Box(x, y, width, height))
        top = y + PAD / 2 + FRAME_HEAD
        for row, row_height in enumerate(rows):
            for column, container in enumerate(frame.containers[row * columns :][:columns]):
                left = x + PAD + column * (card + GAP)
                _card(look, container, Box(left, top, card, row_height))
            top += row_height + GAP
    return y + height + GAP


def _card_heights(look: _Look, frame: _Frame, card: float, columns: int) -> list[float]:
    """How high each row of its cards is."""
    heights = [_height(look, container, card) for container in frame.containers]
    return [max(heights[at : at + columns]) for at in range(0, len(heights), columns)]


def _frame(look: _Look, frame: _Frame, place: Box) -> None:
    sketch, theme = look.sketch, look.theme
    sketch.box(
        place.x,
        place.y,
        place.width,
        place.height,
        fill=theme.panel,
        outline=frame.hue,
        radius=14,
        name="network",
    )
    inner = place.width - 2 * PAD
    left, top = place.x + PAD, place.y + PAD
    most = inner * 0.6 if frame.about else inner
    taken = sketch.label(left, top, frame.name, most=most, size=NORMAL, colour=frame.hue, bold=True)
    rest = inner - taken - GAP
    sketch.label(left + taken + GAP, top + 1, frame.about, most=rest, colour=theme.muted)


def _height(look: _Look, container: MapContainer, card: float) -> float:
    chips = look.sketch.chips_bottom(
        0, _chips(look, container), most=card - 2 * PAD, rows=look.chip_rows, more=look.more
    )
    return PAD + NAME_ROW + ROW + (chips + 6 if chips else 0) + PAD - 2


def _card(look: _Look, container: MapContainer, place: Box) -> None:
    sketch, theme = look.sketch, look.theme
    sketch.box(
        place.x,
        place.y,
        place.width,
        place.height,
        fill=theme.card,
        outline=theme.line,
        name="container",
    )
    colour, hollow = _light(container, theme)
    left, top, inner = place.x + PAD, place.y + PAD, place.width - 2 * PAD
    sketch.dot(left + 8, top + NORMAL / 2, 8, colour, hollow=hollow)
    sketch.label(left + 24, top, container.name, most=inner - 24, size=NORMAL, bold=True)
    top += NAME_ROW
    state = state_of(container, look.say)
    right = left + inner
    taken = sketch.label(right, top, state, most=inner * 0.68, colour=colour, anchor="right")
    image = _last_part(container.image)
    sketch.label(left, top, image, most=inner - taken - 10, colour=theme.muted)
    sketch.chips(
        left,
        top + ROW + 4,
        _chips(look, container),
        most=inner,
        rows=look.chip_rows,
        more=look.more,
    )


def _light(container: MapContainer, theme: Theme) -> tuple[str, bool]:
    """Colour of its state, and whether it is a ring: it has no process."""
    match container.state:
        case "running":
            return (theme.bad if container.health == "unhealthy" else theme.good), False
        case "paused" | "restarting":
            return theme.warn, False
        case "exited" if container.exit_code == 0 and not container.out_of_memory:
            return theme.idle, True
        case "created" | "removing":
            return theme.idle, True
        case _:
            return theme.bad, True


def _chips(look: _Look, container: MapContainer) -> list[Chip]:
    """What is worth knowing, the most worth first."""
    theme, say = look.theme, look.say
    chips = [
        Chip(str(port), theme.accent, solid=container.state == "running")
        for port in container.ports
    ]
    chips += [
        Chip(f"+ {name}", look.hues.get(name, theme.muted)) for name in container.networks[1:]
    ]
    chips += [Chip(limit, theme.muted) for limit in limits_of(container, say)]
    chips += [
        Chip(f"{mount.source}{'' if mount.writable else ' (ro)'}", theme.warn)
        for mount in container.mounts
    ]
    return chips


def _nothing(look: _Look, y: float) -> float:
    sketch, theme = look.sketch, look.theme
    height = 120.0
    sketch.box(MARGIN, y, INNER, height, fill=theme.panel, outline=theme.line, radius=14)
    sketch.label(
        WIDTH / 2,
        y + 34,
        look.say("map.nothing"),
        most=INNER - 2 * PAD,
        size=NORMAL,
        bold=True,
        anchor="middle",
    )
    sketch.label(
        WIDTH / 2,
        y + 68,
        look.say("map.nothing.try"),
        most=INNER - 2 * PAD,
        colour=theme.muted,
        anchor="middle",
    )
    return y + height + GAP


def _volumes(look: _Look, engine: EngineMap, y: float) -> float:
    chips = []
    for volume in engine.volumes:
        users = ", ".join(volume.used_by)
        name = _short(volume.name)
        if volume.used_by:
            chips.append(Chip(f"{name} ← {users}", look.theme.warn))
        else:
            chips.append(Chip(name, look.theme.muted))
    return _list(look, look.say("map.volumes"), chips, y)


def _images(look: _Look, engine: EngineMap, y: float) -> float:
    chips = [
        Chip(
            f"{image.name} · {size_words(image.size_bytes)}",
            look.theme.text if image.containers else look.theme.muted,
        )
        for image in engine.images
    ]
    return _list(look, look.say("map.images"), chips, y)


def _list(look: _Look, title: str, chips: Sequence[Chip], y: float) -> float:
    if not chips:
        return y
    sketch = look.sketch
    sketch.label(MARGIN, y, title, most=INNER, size=NORMAL, bold=True)
    top = y + NAME_ROW + 4
    return sketch.chips(MARGIN, top, chips, most=INNER, rows=LIST_ROWS, more=look.more) + GAP


def _last_part(image: str) -> str:
    """Of an image's long name what tells it from others: the registry is mostly the same."""
    path, slash, name = image.rpartition("/")
    return f"…/{name}" if slash and path and name else image


def _short(name: str) -> str:
    """Names that an engine made up are 64 letters long; the first twelve are as good."""
    made_up = 64
    if len(name) == made_up and all(letter in "0123456789abcdef" for letter in name):
        return name[:12]
    return name
