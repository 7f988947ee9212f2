"""A server that speaks OpenAI's wire and serves Claude by Anthropic's, because the file says so."""

from collections.abc import Callable

from tests.kit.replies import error_reply, json_reply, raw_reply
from tests.kit.server import Server
from tests.kit.upstream import Request, Step, Upstream
from tests.sdk.talk import Talk
from tests.wires.anthropic.support import MESSAGE_STOP, TEXT, delta, message_delta, message_start, start, stop
from tests.wires.support import sse
from trunkline.types import Json

USAGE: Json = {"input_tokens": 3, "output_tokens": 2}
WHOLE: Json = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "stop_reason": "end_turn",
    "content": [{"type": "text", "text": "Hello"}], "usage": USAGE,
}  # fmt: skip
EVENTS = (
    message_start(**USAGE),
    start(0, TEXT),
    delta(0, type="text_delta", text="Hello"),
    stop(0),
    message_delta("end_turn", {"output_tokens": 2}),
    MESSAGE_STOP,
)


def messages(request: Request) -> list[Step]:
    if request.path != "/v1/messages" or request.header("authorization") != "Bearer k":
        return error_reply(404, f"{request.method} {request.path}")
    if request.json.get("stream"):
        return raw_reply(200, sse(*EVENTS), {"content-type": "text/event-stream"})
    return json_reply(200, WHOLE)


def test_claude_behind_another_wire(
    talk_to: Callable[..., Talk], start_server: Callable[..., Server], upstream: Upstream
) -> None:
    upstream.play(messages)
    server = start_server(
        "server: {auth: none}\nexpose: [models]\nproviders:\n  demo:\n"
        f"  house: {{kind: openai, base_url: '{upstream.base_url}', api_key: '${{KEY}}'}}\n"
        "models: {house/claude: {api: messages}}\n",
        environ={"KEY": "k"},
    )
    talk = talk_to(server)
    answer = talk.chat(model="house/claude")
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("Hello", "stop")
    _, told = talk.helped(model="house/claude")
    assert told.choices[0].message.content == "Hello"
    assert [request.path for request in upstream.requests] == ["/v1/messages"] * 2
