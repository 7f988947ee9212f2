"""The hub format: OpenAI's JSON, checked on the way in and held to the letter on the way out.

Every wire translates between this and its provider; nothing outside `wires` knows another form.
"""
