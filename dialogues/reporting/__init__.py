"""What a focal point sees: the open cycles of their dialogues, what their partner reports, and a form for it."""
