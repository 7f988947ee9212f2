"""`models:` and `groups:`: what the loader makes of them."""

from decimal import Decimal

from trunkline.catalog import Correction, Price, Rates, shipped
from trunkline.config import load

TEXT = """
server: {auth: none}
providers: {openai: {api_key: "${X:-k}"}, demo: }
models:
  demo/echo: {context_window: 4096, price: {input: 0, output: 0.5}, capabilities: [tools], tags: [free]}
  openai/gpt-4o-mini: {quality: 70}
groups: {Fast: [openai/gpt-4o-mini]}
"""


def test_models_and_groups() -> None:
    loaded = load(TEXT, {}, path="p", read_file=lambda _: "")
    assert loaded.config is not None
    assert loaded.config.groups == {"Fast": ("openai/gpt-4o-mini",)}
    assert loaded.corrections["demo/echo"] == Correction(
        context_window=4096,
        price=Price(Rates(input=Decimal("0"), output=Decimal("0.5"))),
        capabilities=frozenset({"tools"}),
        tags=("free",),
    )
    catalog = shipped().corrected(loaded.corrections)
    own, known = catalog.find("demo", "echo"), catalog.find("openai", "gpt-4o-mini")
    assert own is not None
    assert (own.context_window, own.own) == (4096, True)
    assert known is not None
    assert (known.quality, known.price is not None) == (70, True)


LIKE = """
server: {auth: none}
providers:
  groq: {api_key: "${X:-k}"}
  groq-2: {kind: groq, api_key: "${X:-k}"}
  house: {kind: openai, base_url: "http://127.0.0.1:8000/v1"}
"""


def test_whose_models_an_account_has() -> None:
    loaded = load(LIKE, {}, path="p", read_file=lambda _: "")
    assert loaded.config is not None
    told = {name: provider.like for name, provider in loaded.config.providers.items()}
    assert told == {"groq": "groq", "groq-2": "groq", "house": "house"}
