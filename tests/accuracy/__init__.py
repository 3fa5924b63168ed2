"""How far the built-in functions are from the mathematics, in units in the last place."""
