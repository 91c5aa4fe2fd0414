"""What the gate needs: pins, what moved since, and why."""
