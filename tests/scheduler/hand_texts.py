"""Schedules as text, from which edits start: what the scheduler makes of them may change."""

from __future__ import annotations

TEXTS = {
    "matmul": """\
domain: "{ S0[m, n] : 0 <= m <= 2 and 0 <= n <= 8; S1[m, n, k] : 0 <= m <= 2 and 0 <= n <= 8 and 0 <= k <= 3 }"
child:
  sequence:
  - filter: "{ S0[m, n] }"
    child:
      schedule: "[{ S0[m, n] -> [(m)] }]"
      permutable: 1
      child:
        mark: "vector"
        child:
          schedule: "[{ S0[m, n] -> [(n)] }]"
          permutable: 1
  - filter: "{ S1[m, n, k] }"
    child:
      schedule: "[{ S1[m, n, k] -> [(floor((n)/16))] }]"
      permutable: 1
      child:
        schedule: "[{ S1[m, n, k] -> [(floor((m)/3))] }]"
        permutable: 1
        child:
          schedule: "[{ S1[m, n, k] -> [(k)] }]"
          permutable: 1
          child:
            mark: "unroll"
            child:
              schedule: "[{ S1[m, n, k] -> [(m)] }]"
              permutable: 1
              child:
                mark: "vector"
                child:
                  schedule: "[{ S1[m, n, k] -> [(n)] }]"
                  permutable: 1
""",  # noqa: E501
    "prefix_sum": """\
domain: "{ S0[d] : 0 <= d <= 2; S1[t, d] : 0 < t <= 4 and 0 <= d <= 2 }"
child:
  sequence:
  - filter: "{ S0[d] }"
    child:
      mark: "vector"
      child:
        schedule: "[{ S0[d] -> [(d)] }]"
        permutable: 1
  - filter: "{ S1[t, d] }"
    child:
      schedule: "[{ S1[t, d] -> [(t)] }]"
      permutable: 1
      child:
        mark: "vector"
        child:
          schedule: "[{ S1[t, d] -> [(d)] }]"
          permutable: 1
""",
    "jacobi2d": """\
domain: "{ S0[i, j] : 0 <= i <= 4 and 0 <= j <= 4; S1[i, j] : 0 <= i <= 4 and 0 <= j <= 4; S2[t, i, j] : 0 <= t <= 1 and 0 < i <= 3 and 0 < j <= 3; S3[t, i, j] : 0 <= t <= 1 and 0 < i <= 3 and 0 < j <= 3 }"
child:
  sequence:
  - filter: "{ S0[i, j] }"
    child:
      schedule: "[{ S0[i, j] -> [(i)] }]"
      permutable: 1
      child:
        mark: "vector"
        child:
          schedule: "[{ S0[i, j] -> [(j)] }]"
          permutable: 1
  - filter: "{ S1[i, j] }"
    child:
      schedule: "[{ S1[i, j] -> [(i)] }]"
      permutable: 1
      child:
        mark: "vector"
        child:
          schedule: "[{ S1[i, j] -> [(j)] }]"
          permutable: 1
  - filter: "{ S2[t, i, j]; S3[t, i, j] }"
    child:
      schedule: "[{ S2[t, i, j] -> [(t)]; S3[t, i, j] -> [(t)] }]"
      permutable: 1
      child:
        sequence:
        - filter: "{ S2[t, i, j] }"
          child:
            schedule: "[{ S2[t, i, j] -> [(i)] }]"
            permutable: 1
            child:
              mark: "vector"
              child:
                schedule: "[{ S2[t, i, j] -> [(j)] }]"
                permutable: 1
        - filter: "{ S3[t, i, j] }"
          child:
            schedule: "[{ S3[t, i, j] -> [(i)] }]"
            permutable: 1
            child:
              mark: "vector"
              child:
                schedule: "[{ S3[t, i, j] -> [(j)] }]"
                permutable: 1
""",  # noqa: E501
    "atax": """\
domain: "{ S0[i] : 0 <= i <= 3; S1[i, j] : 0 <= i <= 3 and 0 <= j <= 4; S2[j] : 0 <= j <= 4; S3[j, i] : 0 <= j <= 4 and 0 <= i <= 3 }"
child:
  sequence:
  - filter: "{ S0[i]; S1[i, j] }"
    child:
      sequence:
      - filter: "{ S0[i] }"
        child:
          schedule: "[{ S0[i] -> [(i)] }]"
          permutable: 1
      - filter: "{ S1[i, j] }"
        child:
          schedule: "[{ S1[i, j] -> [(i)] }]"
          permutable: 1
          child:
            mark: "vector"
            child:
              schedule: "[{ S1[i, j] -> [(j)] }]"
              permutable: 1
  - filter: "{ S2[j]; S3[j, i] }"
    child:
      sequence:
      - filter: "{ S2[j] }"
        child:
          schedule: "[{ S2[j] -> [(j)] }]"
          permutable: 1
      - filter: "{ S3[j, i] }"
        child:
          schedule: "[{ S3[j, i] -> [(i)] }]"
          permutable: 1
          child:
            mark: "vector"
            child:
              schedule: "[{ S3[j, i] -> [(j)] }]"
              permutable: 1
""",  # noqa: E501
}
