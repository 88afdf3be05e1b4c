"""Runs recipes/slurm/ensemble.sbatch on a Slurm of one node, and merges.

munge, slurmctld and slurmd are started in a temporary folder on loopback, and stopped by their
process ids. Exit code 1 if the merged forecast is not the one that `winset forecast` prints.

    WINSET_BIN=target/release/winset python python/cluster/slurm.py [DRAWS]
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
WINSET = Path(os.environ["WINSET_BIN"]).resolve()
DRAWS = sys.argv[1] if len(sys.argv) > 1 else "4000"
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def configure(home: Path) -> None:
    node = socket.gethostname().split(".")[0]
    for name in ("state", "spool"):
        (home / name).mkdir()
    (home / "key").write_bytes(os.urandom(128))
    (home / "key").chmod(0o400)
    (home / "slurm.conf").write_text(
        f"""ClusterName=one
SlurmctldHost={node}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={home}/munge.socket
CredType=cred/munge
StateSaveLocation={home}/state
SlurmdSpoolDir={home}/spool
SlurmctldPidFile={home}/slurmctld.pid
SlurmdPidFile={home}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
MpiDefault=none
NodeName={node} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} RealMemory=1000 State=UNKNOWN
PartitionName=all Nodes={node} Default=YES MaxTime=INFINITE State=UP
"""
    )


def main() -> int:
    missing = [p for p in PROGRAMS if shutil.which(p) is None]
    if missing or os.geteuid() != 0:
        why = f"no {', '.join(missing)}" if missing else "Slurm's node must be started by root"
        print(f"skipped: {why}\nhint: as root: apt-get install slurmctld slurmd munge")
        return 0
    started: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="winset-slurm-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        configure(home)
        env = {**os.environ, "SLURM_CONF": f"{home}/slurm.conf"}
        env["PATH"] = f"{WINSET.parent}:{env['PATH']}"

        def start(*args: str) -> None:
            log = (home / f"{args[0]}.log").open("wb")
            started.append(subprocess.Popen(args, env=env, stdout=log, stderr=log))

        def winset(*args: str) -> bytes:
            return subprocess.run([WINSET, *args], cwd=ROOT, check=True, stdout=-1).stdout

        try:
            munge = [f"--{k}={home}/munge.{k}" for k in ("socket", "pid-file", "log-file", "seed-file")]
            start("munged", "--foreground", "--force", f"--key-file={home}/key", *munge)
            time.sleep(1)
            start("slurmctld", "-D")
            start("slurmd", "-D")
            wanted = winset("forecast", "us-iran-2025", "--draws", DRAWS, "--seed", "1", "--json")
            plan = ["us-iran-2025", "--draws", DRAWS, "--seed", "1", "--shards", "5"]
            winset("ensemble", "plan", *plan, "--out", f"{home}/e")
            begun = time.perf_counter()
            job = ["sbatch", "--wait", "--array=0-1", f"--output={home}/job-%a.log"]
            subprocess.run(
                [*job, str(ROOT / "recipes/slurm/ensemble.sbatch")],
                env={**env, "DIR": f"{home}/e"}, cwd=home, check=True, timeout=300,
            )  # fmt: skip
            print(f"an array of two tasks, five shards: {time.perf_counter() - begun:.1f} s")
            begun = time.perf_counter()
            winset("ensemble", "merge", f"{home}/e", "-o", f"{home}/forecast.json")
            print(f"merge: {time.perf_counter() - begun:.2f} s")
            if (home / "forecast.json").read_bytes() != wanted:
                print("error: the merged forecast has other bytes", file=sys.stderr)
                return 1
            print(f"Slurm, {DRAWS} draws: the same bytes")
            return 0
        except (subprocess.SubprocessError, OSError) as error:
            print(f"error: {error}", file=sys.stderr)
            for log in sorted(home.glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}", file=sys.stderr)
            return 1
        finally:
            for process in reversed(started):
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


if __name__ == "__main__":
    sys.exit(main())
