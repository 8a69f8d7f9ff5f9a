"""What a command costs: one child, watched by a child of its own, since peak memory is told for all children together."""
import json
import subprocess
import sys

WATCH = '''
import json, resource, subprocess, sys, time
began = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, u.ru_utime + u.ru_stime, time.monotonic() - began, u.ru_maxrss]))
'''


def peak(command):
    """(exit code, CPU seconds, wall-clock seconds, peak kilobytes)"""
    out = subprocess.run([sys.executable, '-c', WATCH] + command, stdout=subprocess.PIPE, check=True).stdout
    return json.loads(out)
