"""What a run needs: what earlier runs made, tasks, where they are kept, how tables are put together."""
