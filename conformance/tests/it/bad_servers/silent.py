"""Accepts, and never says anything; ignores SIGINT and SIGTERM, and has a child that does too."""

import signal
import subprocess
import sys

from listen import serve

signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
# The marker, in the child's command line, is how the test finds it.
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", *sys.argv[2:]])
kept = []
serve(kept.append)
