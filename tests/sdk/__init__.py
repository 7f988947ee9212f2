"""The official `openai` SDK against the real server process, sync and async."""
