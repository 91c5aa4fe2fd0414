"""What recognising needs: the encoder, the names of the knowledge base in text, spans by the guidelines."""
