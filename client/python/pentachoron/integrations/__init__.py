"""How other libraries' words reach a run: one module a library, none of which imports it first."""
