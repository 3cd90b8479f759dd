"""How fast the portal is, against what its parts can do bare: `make bench`. Prints a table; asserts nothing."""
