"""`polyc bench`: the same operators on polyc and on whatever else is installed, one run.

    suites.toml, cases.py   what is run: operators, sizes, inputs, the float64 reference
    contenders/             what it is run on: a file a library, and the table of their names
    worker.py, process.py   a process for each contender, stopped while others measure
    harness.py              the turns: correctness, then time
    machine.py, results.py  where it ran; the results and their JSON
    compare.py              two runs: what is slower, and what is noise
    model.py                what the compiler predicted against what was measured
    report.py, charts.py    the page

Nothing here is imported by anything but the command line.
"""
