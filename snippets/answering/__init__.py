"""The answering chapter: minutes of a round, numbers to know by heart, and the worked numbers of its transcripts."""
