"""What is pure: words, wire form, rules, engine, alerts, indicators. No I/O, clock or chance."""
