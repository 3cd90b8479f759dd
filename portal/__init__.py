"""The site itself, and the ground that the content apps stand on."""
