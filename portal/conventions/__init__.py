"""How dates are written where Django's own formats do not suit: British English, Arabic without a comma."""
