"""The file that `trunkline init` writes, and that is served where there is none."""

import re
from collections.abc import Mapping, Sequence

from trunkline.config.rows import rows
from trunkline.config.urls import root

_TEXT = """\
# yaml-language-server: $schema=./proxy.schema.json
# (`trunkline schema > proxy.schema.json` lets your editor complete and check this file.)
#
# Trunkline: one OpenAI-compatible base URL in front of every provider.
#   trunkline check     tells every mistake in this file, with its line
#   trunkline serve     serves it; point an OpenAI SDK at http://127.0.0.1:4000/v1

server:
  host: 127.0.0.1
  port: 4000
  auth: none            # anybody on this machine; with `keys:` (`trunkline keys new NAME`) take `auth: keys`

# A built-in name brings its address and its key variable. Any other OpenAI-compatible server:
#   house: {{kind: openai, base_url: http://127.0.0.1:8000/v1}}
providers:
{providers}

# Clients may ask for the routes below and for any PROVIDER/MODEL.
expose: [routes, models]
default_route: auto     # for requests without a `model`

routes:
  auto:
    description: The first of these that answers
    targets:
{targets}
    # params: {{temperature: 0.7}}          # defaults, where the client says nothing
    # timeouts: {{first_token: 30s}}
    # cache: {{ttl: 1h}}
"""

# What a local server calls its models goes into a file unquoted; and `ollama pull nomic-embed-text` cannot chat.
_CHAT_MODEL = re.compile(r"(?!.*embed)[A-Za-z0-9][A-Za-z0-9._:/-]*[A-Za-z0-9]")


def default_text(environ: Mapping[str, str], ollama_models: Sequence[str] = ()) -> str:
    """A commented file: loopback only, the built-in providers whose key variable is set, Ollama where it answered
    with models, `demo`, and a route `auto` over them, the ones with a key first."""
    local = [name for name in ollama_models if _CHAT_MODEL.fullmatch(name)]
    providers: list[str] = []
    targets: list[str] = []
    for name, row in rows().providers.items():
        address = row.base_url or environ.get(row.base_url_env or "") or rows().kinds[row.kind].base_url
        asked = row.key_env or ((row.base_url_env,) if row.base_url_env and not row.discover else ())
        variable = next((variable for variable in asked if environ.get(variable)), None)
        model = row.model or (next(iter(local), None) if row.discover else None)
        placed = all(said.default or any(environ.get(name) for name in said.env) for said in row.place.values())
        if address and placed and (variable or (model and not (row.key_env or row.signer))):
            why = f"{'key' if row.key_env else 'address'} from {variable}" if variable else "needs no key"
            providers.append(f"  {name}:".ljust(24) + f"# {why}")
            targets += [f"      - {name}/{model}"] if model else []
    return _TEXT.format(providers="\n".join(providers), targets="\n".join(targets))


def ollama_address(environ: Mapping[str, str]) -> str | None:
    """The base URL to ask for `ollama_models`; None where the environment's own is no URL."""
    row = rows().providers["ollama"]
    try:
        return root(environ.get(row.base_url_env or "") or row.base_url or "")[0]
    except ValueError:
        return None
