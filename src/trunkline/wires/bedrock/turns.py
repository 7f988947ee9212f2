"""The turns of a conversation, in the order that Converse takes.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html
"""

from itertools import chain
from typing import NamedTuple

from trunkline.types import Json
from trunkline.wires.bedrock.rules import Rules
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.turns import Turn, may_instruct, merged

# What stands where Converse demands a word and nobody said one.
BEGINNING: Json = {"text": "(The assistant begins.)"}
BESIDE_DOCUMENTS: Json = {"text": "(See the documents.)"}


class Conversation(NamedTuple):
    """`system` blocks and `turns`; nothing in them is shared with a caller that changes it."""

    system: list[Json]
    turns: list[Turn]

    @property
    def request(self) -> Json:
        messages = [{"role": turn.role, "content": turn.blocks} for turn in self.turns]
        return {"messages": messages, **({"system": self.system} if self.system else {})}

    @property
    def called(self) -> list[str]:
        """Names of the tools that were called, each once; a tool's result without its call has none."""
        uses = (block["toolUse"] for turn in self.turns for block in turn.blocks if "toolUse" in block)
        names = (use.get("name") for use in uses if isinstance(use, dict))
        return list(dict.fromkeys(name for name in names if isinstance(name, str)))

    @property
    def prefilled(self) -> bool:
        """It ends with words put into the assistant's mouth."""
        return bool(self.turns) and self.turns[-1].role == "assistant"

    @property
    def may_think(self) -> bool:
        """A turn of Claude's budget thinking that is waiting for tool results must have begun with its reasoning, and
        no words can be put into its mouth."""
        if self.prefilled:
            return False
        for turn in reversed(self.turns):
            if turn.role == "assistant":
                return not any("toolUse" in block for block in turn.blocks) or "reasoningContent" in turn.blocks[0]
            if any(not block.keys() & {"toolResult", "cachePoint"} for block in turn.blocks):
                return True
        return True


def arranged(turns: list[Turn], rules: Rules, losses: Losses) -> Conversation:
    """The user begins, turns alternate, tool results come first in theirs, and a document has words beside it."""
    lead = next((index for index, turn in enumerate(turns) if turn.role != "system"), 0) if rules.system else 0
    head, rest = turns[:lead], turns[lead:]
    placed = [_placed(rest, index, rules) for index in range(len(rest))]
    if placed != rest:
        losses.add("messages", "system_as_user")
    joined = merged(placed)
    if joined and joined[0].role == "assistant":
        joined = [Turn("user", [BEGINNING]), *joined]
        losses.add("messages", "user_begins")
    return Conversation(_system(head), [_completed(turn) for turn in joined])


def _placed(turns: list[Turn], index: int, rules: Rules) -> Turn:
    """A later system turn, where the model knows it and it may stand there; else the user says it."""
    turn = turns[index]
    legal = rules.claude and rules.claude.system and may_instruct(turns, index)
    return turn if turn.role != "system" or legal else Turn("user", turn.blocks)


def _system(turns: list[Turn]) -> list[Json]:
    blocks = [block for turn in turns for block in turn.blocks]
    if not all(block.keys() & {"text", "guardContent", "cachePoint"} for block in blocks):
        raise unsupported("messages", "Converse takes text in system messages, nothing else.")
    return blocks


def _completed(turn: Turn) -> Turn:
    if turn.role != "user":
        return turn
    groups = sorted(_groups(turn.blocks), key=lambda group: "toolResult" not in group[0])
    documents = [index for index, group in enumerate(groups) if "document" in group[0]]
    if documents and not any("text" in group[0] for group in groups):
        groups[documents[-1]].insert(1, BESIDE_DOCUMENTS)
    return Turn(turn.role, list(chain.from_iterable(groups)))


def _groups(blocks: list[Json]) -> list[list[Json]]:
    """Each block with the cache points behind it, which mark its end."""
    groups: list[list[Json]] = []
    for block in blocks:
        if groups and "cachePoint" in block:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups
