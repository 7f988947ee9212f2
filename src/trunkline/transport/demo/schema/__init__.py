"""Values that fit a JSON schema, made up without chance: the same schema and words give the same value.

Understood: type (also a list), enum, const, default, examples, properties, required, additionalProperties,
propertyNames, min/maxProperties, items, prefixItems, min/maxItems, uniqueItems, the numeric bounds, multipleOf,
min/maxLength, pattern (simple ones), format, allOf, anyOf, oneOf, not, local $ref, recursive ones included.
Not looked at: contains, patternProperties, dependent*, if/then/else, unevaluated*.
"""

import json
from typing import Any

from trunkline.transport.demo.schema.document import Document, Unfit
from trunkline.transport.demo.schema.filler import Filler

__all__ = ["Unfit", "fill"]

LONGEST_FILL = 80


def fill(schema: Any, words: str, kind: str | None = None) -> str:
    """The JSON text of a value that fits `schema`, free strings filled from `words`; `kind` is the type it must
    have besides. Raises Unfit, also for what is no schema at all."""
    filler = Filler(Document(schema), words.strip()[:LONGEST_FILL] or "text")
    wanted = schema if kind is None else {"allOf": [{"type": kind}, schema]}
    try:
        for value in filler.values(wanted):
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise Unfit("it is nested too deeply.") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # The schema is the client's and unchecked: any keyword may hold anything, a list for `properties`.
        raise Unfit("it is not a valid JSON schema.") from None
    raise Unfit("no value was found that fits it.")
