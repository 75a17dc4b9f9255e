"""Finding what the articles say: embedding, searching, answering.

Synchronous; knows nothing of chat.
"""
