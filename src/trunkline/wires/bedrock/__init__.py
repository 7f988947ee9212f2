"""Amazon Bedrock's wire: Converse for every model's conversation, InvokeModel for embeddings.

https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html; what each model accepts is data, in
`rules`.
"""

from trunkline.wires.bedrock.failures import error
from trunkline.wires.bedrock.replies import decoder
from trunkline.wires.bedrock.request import encode

__all__ = ["decoder", "encode", "error"]
