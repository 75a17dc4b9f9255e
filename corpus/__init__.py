"""What the articles say: text, spans, sentences, passages and citations.

Pure and synchronous; knows nothing of search or of chat.
"""
