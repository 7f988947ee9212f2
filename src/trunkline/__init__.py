"""Trunkline: a thin OpenAI-compatible reverse proxy in front of every LLM provider."""

__version__ = "0.1.0"
