"""The conversation: OpenAI's messages as the inputs of a model that takes a prompt."""

from typing import NamedTuple

from trunkline.types import Json
from trunkline.wires.fields import as_text, each
from trunkline.wires.loss import Losses, invalid, unsupported
from trunkline.wires.parts import link_in, text_in
from trunkline.wires.replicate.rules import Family
from trunkline.wires.turns import SYSTEM

ROLES = SYSTEM | {"user", "assistant"}

# https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3
LLAMA_TURN = "<|start_header_id|>{role}<|end_header_id|>\n\n{text}"
LLAMA_BEGIN, LLAMA_END = "<|begin_of_text|>", "<|eot_id|>"
NAMES = {"system": "System", "user": "User", "assistant": "Assistant"}


class Turn(NamedTuple):
    """What somebody said; `parts` as OpenAI has them, where images are among them."""

    role: str
    text: str
    images: list[str]
    parts: list[Json]


def converse(messages: list[Json], family: Family, model: str, instruction: str | None, losses: Losses) -> Json:
    """The inputs that hold the conversation; `instruction` joins what the system says. Raises ApiError for content that
    the model cannot read."""
    turns = [_turn(message, where, losses) for message, where in each(messages, "messages")]
    if instruction:
        turns = [Turn("system", instruction, [], []), *turns]
    lead = next((index for index, turn in enumerate(turns) if turn.role != "system"), len(turns))
    system, said = "\n\n".join(turn.text for turn in turns[:lead]), turns[lead:]
    images = [image for turn in turns for image in turn.images]
    if len(said) == 1 and said[0].role == "user":
        return {**_prompted(system, said[0].text, family, losses), **_seen(images, family, model)}
    if family.history == "messages":
        _seen(images, family, model)
        return {"messages": [{"role": turn.role, "content": turn.parts or turn.text} for turn in turns]}
    if family.history == "template":
        return {"prompt": _templated(turns), "prompt_template": "{prompt}", **_seen(images, family, model)}
    losses.add("messages", "transcript")
    return {**_prompted(system, _transcript(said), family, losses), **_seen(images, family, model)}


def _prompted(system: str, prompt: str, family: Family, losses: Losses) -> Json:
    if not system:
        return {"prompt": prompt}
    if family.system:
        return {family.system: system, "prompt": prompt}
    losses.add("messages", "transcript")
    return {"prompt": f"{system}\n\n{prompt}"}


def _templated(turns: list[Turn]) -> str:
    """In the template of Llama 3, as none of the inputs holds more than one turn."""
    whole = LLAMA_END.join(LLAMA_TURN.format(role=turn.role, text=turn.text) for turn in turns)
    if turns[-1].role != "assistant":
        whole += LLAMA_END + LLAMA_TURN.format(role="assistant", text="")
    return LLAMA_BEGIN + whole


def _transcript(turns: list[Turn]) -> str:
    lines = [f"{NAMES[turn.role]}: {turn.text}" for turn in turns]
    return "\n\n".join(lines if turns and turns[-1].role == "assistant" else [*lines, "Assistant:"])


def _seen(images: list[str], family: Family, model: str) -> Json:
    """The input for images. Raises ApiError where it cannot hold them."""
    if not images:
        return {}
    if family.images is None:
        raise unsupported("messages", f"{model} cannot see images; ask for another model.")
    name, several = family.images
    if len(images) > 1 and not several:
        raise unsupported("messages", f"{model} takes one image, not {len(images)}.")
    return {name: images if several else images[0]}


def _turn(message: Json, where: str, losses: Losses) -> Turn:
    role = message["role"]
    if role not in ROLES or message.get("tool_calls"):
        raise unsupported(where, f"`{where}`: models on Replicate call no tools, and know no results of them.")
    if message.get("name"):
        losses.add("messages", "trimmed")
    role = "system" if role in SYSTEM else role
    content = message.get("content")
    if not isinstance(content, list):
        return Turn(role, as_text(content), [], [])
    parts = [_part(part, at) for part, at in each(content, f"{where}.content")]
    images = [part["image_url"]["url"] for part in parts if "image_url" in part]
    return Turn(role, "\n".join(part["text"] for part in parts if "text" in part), images, parts if images else [])


def _part(part: Json, where: str) -> Json:
    kind = part.get("type")
    if kind in ("text", "refusal"):
        return {"type": "text", "text": text_in(part, where)}
    if kind == "image_url":
        return {"type": "image_url", "image_url": _image(part, where)}
    raise unsupported(where, f"Replicate's models of text cannot read a part of type {str(kind)[:40]!r} (`{where}`).")


def _image(part: Json, where: str) -> Json:
    url, image = link_in(part, "image_url", where)
    if not url.startswith(("https://", "http://", "data:")):
        raise invalid(where, "`image_url.url` must be an https URL or a data URL")
    return {"url": url, **({"detail": image["detail"]} if isinstance(image.get("detail"), str) else {})}
