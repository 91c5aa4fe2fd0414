"""What the report needs: its figures, charts, and page."""
