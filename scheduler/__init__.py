"""Program -> Schedule: dependences, groups, tiles, nests, storage, and the proof."""
