"""The ASGI edge: listening, who may ask, reading requests, writing answers."""
