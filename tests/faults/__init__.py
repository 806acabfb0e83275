"""Whatever dies, fills up or hangs, and whenever: nothing is lost, nothing is left behind, and
everything answers again within ten seconds."""
