"""Quotas of control groups, from copies of what Linux shows in its file systems."""

from __future__ import annotations

from pathlib import Path

import pytest

from polyc import options, quota


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"proc/self/cgroup": "0::/\n"}, None),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, None),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),
        ({"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "50000 100000\n"}, 1),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "250000 100000\n"}, 3),
        (  # the smallest of the groups around a process counts
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/cpu.max": "200000 100000\n",
                "sys/fs/cgroup/a/b/cpu.max": "800000 100000\n",
            },
            2,
        ),
        (  # a container does not see the path of its own group
            {"proc/self/cgroup": "0::/docker/12ab\n", "sys/fs/cgroup/cpu.max": "400000 100000\n"},
            4,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu,cpuacct:/a\n1:name=systemd:/\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "150000\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
            },
            2,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu:/\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            None,
        ),
        ({"proc/self/cgroup": "0::/../..\n", "sys/fs/cgroup/cpu.max": "garbage\n"}, None),
        ({"proc/self/cgroup": "nonsense"}, None),
    ],
)
def test_a_quota_is_read(files: dict[str, str], expected: int | None, tmp_path: Path) -> None:
    assert quota.quota(tree(tmp_path, files)) == expected


def test_a_quota_limits_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(quota, "processors", lambda: 1)
    assert options.default_threads() == 1
    assert not options.counts_processors()  # the native entry asks Python then
    monkeypatch.setattr(quota, "processors", lambda: 10_000)
    assert options.default_threads() < 10_000  # the affinity mask counts too
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert options.default_threads() == 3  # what the user says wins
