"""What reading needs: files, encodings, formats, the language."""
