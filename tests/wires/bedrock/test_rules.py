"""Models by the names that people and Amazon give them: (name, what is known of it)."""

import pytest

from trunkline.catalog import shipped
from trunkline.wires.bedrock.rules import PERMISSIVE, Rules, rules_of

PROFILE = "arn:aws:bedrock:us-east-1:000000000000:inference-profile/"
BASE_MODEL = "arn:aws:bedrock:us-east-1::foundation-model/"


def known(rules: Rules) -> str:
    """What a model takes, in words."""
    own = rules.claude
    taken = {
        "claude": own is not None,
        "system": rules.system,
        "later": bool(own and own.system),
        "tools": rules.tools,
        "streamed": rules.tools and rules.streams_tools,
        **{f"force-{kind}": kind in rules.forced for kind in ("any", "tool")},
        "parallel": rules.parallel,
        "schema": rules.schema,
        "sampling": own.sampling if own else bool(rules.sampling),
        "stop": rules.stop,
        "effort": bool(rules.effort),
        **{f"cache-{place}": place in rules.caches for place in ("messages", "tools")},
        "hour": rules.hour,
    }
    return " ".join(name for name, value in taken.items() if value)


FORCED = "force-any force-tool"
CACHES = "cache-messages cache-tools"
OF_4_5 = f"claude system tools streamed {FORCED} parallel schema sampling stop {CACHES} hour"
OF_3 = f"claude system tools streamed {FORCED} sampling stop"
ROWS: dict[str, str] = {
    "us.anthropic.claude-sonnet-4-6": OF_4_5,
    "anthropic.claude-opus-4-6-v1:0": OF_4_5,
    "global.anthropic.claude-haiku-4-5-20251001-v1:0": OF_4_5,
    "us.anthropic.claude-opus-4-8": f"claude system later tools streamed {FORCED} parallel stop {CACHES} hour",
    "us.anthropic.claude-opus-4-7": f"claude system tools streamed {FORCED} parallel stop {CACHES} hour",
    "us.anthropic.claude-sonnet-5": f"claude system later tools streamed {FORCED} parallel stop {CACHES} hour",
    "us.anthropic.claude-opus-5-5": f"claude system later tools streamed parallel stop {CACHES} hour",
    "anthropic.claude-opus-4-1-20250805-v1:0": f"{OF_3} {CACHES}",
    "anthropic.claude-sonnet-4-20250514-v1:0": f"{OF_3} {CACHES}",
    f"{PROFILE}us.anthropic.claude-3-7-sonnet-20250219-v1:0": f"{OF_3} {CACHES}",
    "anthropic.claude-3-5-haiku-20241022-v1:0": f"{OF_3} {CACHES}",
    "anthropic.claude-3-5-sonnet-20240620-v1:0": OF_3,
    "anthropic.claude-3-haiku-20240307-v1:0": OF_3,
    "anthropic.claude-v2:1": f"claude system {FORCED} sampling stop",
    "anthropic.claude-instant-v1": f"claude system {FORCED} sampling stop",
    "us.amazon.nova-2-lite-v1:0": f"system tools streamed {FORCED} sampling stop effort cache-messages",
    "amazon.nova-pro-v1:0": f"system tools streamed {FORCED} sampling stop cache-messages",
    "amazon.titan-text-express-v1": "sampling stop",
    f"{BASE_MODEL}amazon.titan-tg1-large": "sampling stop",
    "ai21.jamba-1-5-mini-v1:0": "system tools streamed sampling stop",
    "ai21.jamba-instruct-v1:0": "system sampling stop",
    "cohere.command-r-plus-v1:0": "system tools sampling stop",
    "cohere.command-light-text-v14": "sampling stop",
    "meta.llama2-13b-chat-v1": "system sampling stop",
    "meta.llama3-70b-instruct-v1:0": "system sampling stop",
    "us.meta.llama3-1-405b-instruct-v1:0": "system tools sampling stop",
    "us.meta.llama3-2-1b-instruct-v1:0": "system sampling stop",
    "us.meta.llama3-2-90b-instruct-v1:0": "system tools sampling stop",
    "us.meta.llama4-scout-17b-instruct-v1:0": "system tools sampling stop",
    "mistral.mistral-7b-instruct-v0:2": "sampling stop",
    "mistral.mistral-large-2407-v1:0": "system tools streamed force-any sampling stop",
    "mistral.mistral-large-3-675b-instruct": "system tools streamed schema sampling stop",
    "us.mistral.pixtral-large-2502-v1:0": "system tools streamed sampling stop",
    "us.deepseek.r1-v1:0": "system sampling stop",
    "deepseek.v3.2": "system tools streamed schema sampling",
    "openai.gpt-oss-120b-1:0": "system tools streamed schema sampling effort",
    "global.openai.gpt-6.1-sol": "system tools streamed effort",
    "qwen.qwen3-coder-480b-a35b-v1:0": "system tools streamed schema sampling effort",
    "moonshot.kimi-k2-thinking": "system tools streamed schema sampling stop",
    "moonshotai.kimi-k3": "system tools streamed sampling stop",
    "google.gemma-3-4b-it": "system tools streamed sampling",
    "zai.glm-5": "system tools streamed sampling",
    "us.writer.palmyra-x5-v1:0": "system tools streamed sampling stop",
}


@pytest.mark.parametrize(("name", "wanted"), ROWS.items(), ids=ROWS)
def test_rules(name: str, wanted: str) -> None:
    assert known(rules_of(name)) == wanted


UNKNOWN = [f"{PROFILE.replace('inference', 'application-inference')}abc", "my-model", "us.nobody.model-v1:0"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_name_nobody_knows_takes_everything(name: str) -> None:
    assert rules_of(name) is PERMISSIVE


def test_every_vendor_of_the_catalog_is_known() -> None:
    """Those that Converse does not serve apart: they make embeddings, or read videos by InvokeModel."""
    names = {name.removeprefix("bedrock/") for name in shipped().entries if name.startswith("bedrock/")}
    unknown = {name for name in names if rules_of(name) is PERMISSIVE}
    assert len(names) > 300
    assert {name for name in unknown if "embed" not in name and "twelvelabs" not in name} == set()
