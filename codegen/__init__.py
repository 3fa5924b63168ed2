"""Schedule -> LoopNest -> LLVM IR or C -> object code."""
