"""Google's Vertex AI: the models of several publishers at one address, each in its own format.

https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference; which model speaks which is data, in
`families`.
"""

from trunkline.wires.vertex.families import decoder, encode, error

__all__ = ["decoder", "encode", "error"]
