"""Retrieval, generation, evaluation, safety and serving as code you could write in the room. Serves docs/chapters/llm-systems/index.md."""
