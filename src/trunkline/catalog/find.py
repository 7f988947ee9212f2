"""Finding a model by the name that a file, a client or an answer calls it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from trunkline.catalog.entry import Correction, Entry, merged
from trunkline.catalog.told import Told, refined

# A dated snapshot costs what its model costs, unless it has an entry of its own. Four digits name a version
# (mistral-large-2411 is not mistral-large-2512), and so does a word: gpt-5-codex is not gpt-5.
_DATED = re.compile(r"[-@_](20\d\d-[01]\d-[0-3]\d|20\d\d[01]\d[0-3]\d)$")

# Where the path before the last word says only where the model lies: an ARN, `models/` of Gemini's answers,
# `publishers/google/models/` of Vertex, `accounts/fireworks/models/`.
_PATH = re.compile(r"^(arn:aws[\w-]*:bedrock:.*:foundation-model/|(publishers|accounts)/[^/]+/models/|models/)")

_LATEST = ":latest"  # Ollama's default tag

# Bedrock's inference profiles name a geography first. Each has its own price.
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_GEOGRAPHY = re.compile(r"^(us|us-gov|eu|apac|jp|au|ca|global)\.(?=[a-z0-9]+\.)")

MOST_REMEMBERED = 4096


class Layers(Mapping[str, Entry]):
    """One mapping over another. Neither is copied: the lower one makes its entries when they are asked for."""

    __slots__ = ("_lower", "_upper")

    def __init__(self, upper: Mapping[str, Entry], lower: Mapping[str, Entry]) -> None:
        self._upper = upper
        self._lower = lower

    def __getitem__(self, key: str) -> Entry:
        return self._upper[key] if key in self._upper else self._lower[key]

    def __iter__(self) -> Iterator[str]:
        yield from self._lower
        yield from (key for key in self._upper if key not in self._lower)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, key: object) -> bool:
        return key in self._upper or key in self._lower


@dataclass(frozen=True, slots=True)
class Catalog:
    """Entries by `provider/model`; `folded` has the same in lower case, for names that differ in nothing else. `told`
    are those that only a provider's list knows: what they can counts, yet a name means nothing because it is listed."""

    entries: Mapping[str, Entry]
    folded: Mapping[str, Entry]
    told: Mapping[str, Entry] = field(default_factory=dict)
    # What was looked up before, misses too: several look-ups a request, each of up to eight spellings.
    _found: dict[tuple[str, str], Entry | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Catalog":
        by_id = {entry.id: entry for entry in entries}
        folded: dict[str, Entry] = {}
        for name, entry in by_id.items():
            folded.setdefault(name.lower(), entry)
        return cls(MappingProxyType(by_id), MappingProxyType(folded))

    def corrected(self, corrections: Mapping[str, Correction]) -> "Catalog":
        """With what a file says of models, by `provider/model`; those the catalog lacks are added."""
        changed = []
        for name, correction in corrections.items():
            provider, _, model = name.partition("/")
            found = self.find(provider, model)
            start = replace(found, model=model) if found else Entry(provider=provider, model=model)
            changed.append(merged(start, correction))
        return self._with(changed)

    def refined(self, lists: Iterable[tuple[str, str, Mapping[str, Told]]]) -> "Catalog":
        """With what providers' lists tell: the provider, the built-in one that it is like, what is told by model."""
        changed = []
        for provider, like, told in lists:
            for model, each in told.items():
                found = self.find(provider, model) or self.find(like, model) or Entry(provider=provider, model=model)
                changed.append(refined(replace(found, provider=provider, model=model), each))
        if not changed:
            return self
        listed = {entry.id: entry for entry in changed if entry.id not in self.entries}
        known = self._with(entry for entry in changed if entry.id not in listed)
        return replace(known, told=MappingProxyType({**self.told, **listed}), _found={})

    def _with(self, changed: Iterable[Entry]) -> "Catalog":
        over = Catalog.of(changed)
        if not over.entries:
            return self
        return Catalog(Layers(over.entries, self.entries), Layers(over.folded, self.folded), self.told)

    def find(self, provider: str, model: str) -> Entry | None:
        """The entry of that name, of the model that a dated snapshot belongs to, or of the same name in another case
        or below another path. None where nobody told of it. A Bedrock geography without a price of its own has none.
        """
        key = (provider, model)
        if key not in self._found:
            if len(self._found) >= MOST_REMEMBERED:
                self._found.clear()  # clients may name any model; configured ones are soon back
            self._found[key] = self._find(provider, model)
        return self._found[key]

    def _find(self, provider: str, model: str) -> Entry | None:
        for name in _spellings(model):
            if found := self._exact(provider, name):
                return found
        for name in _spellings(model):
            base = _GEOGRAPHY.sub("", name)
            if base != name and (found := self._exact(provider, base)):
                return replace(found, model=model, price=None)
        return None

    def billed(self, provider: str, asked: str, named: str | None) -> Entry | None:
        """What a call is billed by: the model that the answer names, which need not be the one asked for.

        The one asked for where the answer names none, and where the user's own file tells of it and the answer names
        it, dated or not, or something nobody knows: a server of one's own calls its models as it likes.
        """
        wanted = self.find(provider, asked)
        own = wanted is not None and wanted.own
        if not named or (own and asked in _spellings(named)):
            return wanted
        return self.find(provider, named) or (wanted if own else None)

    def _exact(self, provider: str, model: str) -> Entry | None:
        name = f"{provider}/{model}"
        return self.entries.get(name) or self.told.get(name) or self.folded.get(name.lower())


def _spellings(model: str) -> Iterator[str]:
    """What else the same model may be called, the name itself first."""
    yield model
    name = _PATH.sub("", model.removesuffix(_LATEST))
    if name != model:
        yield name
    if (undated := _DATED.sub("", name)) != name:
        yield undated
