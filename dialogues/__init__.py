"""Migration dialogues: standing forums in which states discuss migration."""
