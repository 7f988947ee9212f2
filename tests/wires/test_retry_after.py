"""How long a provider asks us to stay away: faults rows 15, 16."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import PROPERTY
from tests.wires.support import NOW
from trunkline.wires.failures import LONGEST_WAIT, retry_after


def date(offset: float) -> str:
    return format_datetime(datetime.fromtimestamp(NOW + offset, UTC), usegmt=True)


ROWS: dict[str, tuple[dict[str, str], float | None]] = {
    "nothing": ({}, None),
    "seconds": ({"retry-after": "2"}, 2.0),
    "blanks": ({"retry-after": "  2 "}, 2.0),
    "float": ({"retry-after": "1.5"}, 1.5),
    "exponent": ({"retry-after": "1e1"}, 10.0),
    "milliseconds": ({"retry-after-ms": "250"}, 0.25),
    "float milliseconds": ({"retry-after-ms": "0.5"}, 0.0005),
    "milliseconds before seconds": ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
    "unreadable milliseconds, then seconds": ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
    "empty milliseconds, then seconds": ({"retry-after-ms": "", "retry-after": "9"}, 9.0),
    "milliseconds are no number, then seconds": ({"retry-after-ms": "nan", "retry-after": "9"}, 9.0),
    "unreadable milliseconds, then a date": ({"retry-after-ms": "soon", "retry-after": date(9)}, 9.0),
    "zero": ({"retry-after": "0"}, None),
    "zero milliseconds": ({"retry-after-ms": "0"}, None),
    "negative": ({"retry-after": "-5"}, None),
    "negative zero": ({"retry-after": "-0"}, None),
    "negative milliseconds": ({"retry-after-ms": "-5"}, None),
    "the longest": ({"retry-after": "300"}, 300.0),
    "longer": ({"retry-after": "301"}, 300.0),
    "1e9": ({"retry-after": "1e9"}, 300.0),
    "1000000000": ({"retry-after": "1000000000"}, 300.0),
    "1e9 milliseconds": ({"retry-after-ms": "1000000000"}, 300.0),
    "infinite": ({"retry-after": "inf"}, 300.0),
    "minus infinite": ({"retry-after": "-inf"}, None),
    "NaN": ({"retry-after": "nan"}, None),
    "garbage": ({"retry-after": "soon"}, None),
    "duration": ({"retry-after": "6m0s"}, None),
    "empty": ({"retry-after": ""}, None),
    "blank": ({"retry-after": " "}, None),
    "date": ({"retry-after": date(20)}, 20.0),
    "date by the provider's clock": ({"retry-after": date(3620), "date": date(3600)}, 20.0),
    "date by a clock that is slow": ({"retry-after": date(-3580), "date": date(-3600)}, 20.0),
    "date beside a Date that is garbage": ({"retry-after": date(20), "date": "today"}, 20.0),
    "date in the past": ({"retry-after": date(-20)}, None),
    "date past by the provider's clock": ({"retry-after": date(20), "date": date(40)}, None),
    "date now": ({"retry-after": date(0)}, None),
    "date far away": ({"retry-after": date(86400)}, 300.0),
    "date of another zone": ({"retry-after": "Fri, 21 Nov 2025 05:40:20 +0100", "date": date(0)}, 20.0),
    "date in ISO form": ({"retry-after": "2025-11-21T04:40:20Z"}, None),
    "no such date": ({"retry-after": "Fri, 99 Nov 2025 05:40:20 GMT"}, None),
    "date without a zone": ({"retry-after": "Fri, 21 Nov 2025 04:40:20"}, 20.0),
    "date of an unknown zone": ({"retry-after": "Fri, 21 Nov 2025 04:40:20 -0000"}, 20.0),
    "the reset of another header": ({"x-ratelimit-reset-requests": "1s"}, None),
}


@pytest.mark.parametrize(("headers", "seconds"), ROWS.values(), ids=ROWS)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == (seconds if seconds is None else pytest.approx(seconds))


def test_a_date_without_a_zone_is_utc_wherever_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP dates are GMT, one of their forms without saying so; the machine's own zone has no part in them."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert retry_after({"retry-after": "Fri, 21 Nov 2025 04:40:20"}, NOW) == pytest.approx(20.0)
    finally:
        monkeypatch.undo()
        time.tzset()


NAMES = st.sampled_from(["retry-after", "retry-after-ms", "date"])
PARTS = st.sampled_from(
    ["Fri,", "21", "Nov", "2025", "99999", "04:40:20", "GMT", "+9999999999", "-0000", "-", ",", ":", "1e9"]
)
VALUES = st.text(max_size=20) | st.lists(PARTS, max_size=7).map(" ".join) | st.floats().map(str)


@PROPERTY
@given(st.dictionaries(NAMES, VALUES))
def test_any_headers_give_a_bounded_wait_or_none(headers: dict[str, str]) -> None:
    wait = retry_after(headers, NOW)
    assert wait is None or 0 < wait <= LONGEST_WAIT
