"""What came of the calls of one client: one JSON line each on the standard output."""

import json
import sys
import urllib.request
from importlib.metadata import version


class Report:
    def __init__(self, package):
        self.package = package
        self.line(package=package, version=version(package))

    def line(self, **members):
        print(json.dumps(members), flush=True)

    def passes(self, call, action, check=lambda answer: True):
        """The call must come back, with an answer that the client could use."""
        try:
            answer = action()
            outcome = "passed" if check(answer) else "failed"
            detail = "" if outcome == "passed" else f"unexpected answer: {answer!r}"[:400]
        except Exception as error:  # every kind of failure is a finding
            answer, outcome, detail = None, "failed", f"{type(error).__name__}: {error}"[:400]
        self.line(call=call, outcome=outcome, detail=detail)
        return answer

    def refuses(self, call, action, reason, text):
        """The call must fail with this text in its error; why that is right is the reason."""
        try:
            outcome, detail = "failed", f"answered {action()!r}"[:400]
        except Exception as error:  # clients have exceptions of their own
            is_as_expected = text in str(error)
            outcome = "refused" if is_as_expected else "failed"
            detail = reason if is_as_expected else f"{type(error).__name__}: {error}"[:400]
        self.line(call=call, outcome=outcome, detail=detail)

    def finish(self, control_url):
        """How many requests really arrived."""
        with urllib.request.urlopen(f"{control_url}/journal") as answer:
            self.line(requests=len(json.load(answer)))


def arguments():
    """Where the platform and its control port are, and an access token."""
    return sys.argv[1], sys.argv[2], sys.argv[3]
