"""Conway's game of life: integer types, a stencil and a condition on data."""

import numpy as np

import polyc

step = polyc.compile("""
def step(uint8(H,W) board) -> (uint8(H,W) next) {
  n(y,x) += int32(pad(board(y+dy-1,x+dx-1), 0)) where y in 0:H, x in 0:W, dy in 0:3, dx in 0:3
  next(y,x) = n(y,x) == 3 || (n(y,x) == 4 && board(y,x) == 1) ? 1 : 0
}""")

board = np.zeros((6, 8), np.uint8)
board[1, 2] = board[2, 3] = board[3, 1] = board[3, 2] = board[3, 3] = 1  # a glider
for _ in range(4):
    print("\n".join("".join(".#"[cell] for cell in row) for row in board), "\n")
    board = step(board)
assert board[2:5, 2:5].tolist() == [[0, 1, 0], [0, 0, 1], [1, 1, 1]]
