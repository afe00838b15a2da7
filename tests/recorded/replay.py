"""Asks the demo account what AWS was asked when somebody recorded its answers, and compares.

Usage: replay.py ENDPOINT CORPUS
Every recorded sequence is either replayed (sequences_*.py) or left out with a reason (left_out.py): one that is in
neither is a failure, as is an answer that differs. Ids, names and dates stand as `<id:1>` or `datetime` in a recording;
the same placeholder must stand for the same text throughout a sequence, and different ones for different texts.
"""

import json
import re
import sys
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import sequences_import
import sequences_keys
import sequences_methods
import sequences_resources
import sequences_responses
import sequences_stages
from left_out import LEFT_OUT

FILES = ["api", "common", "extended", "canary", "import", "basic", "integrations", "lambda"]
PLACEHOLDER = re.compile(r"<[a-z-]+(?::\d+)?>|111111111111")
# Members that AWS added to its answers after some of the recordings were made.
LATER = {"ipAddressType"}


class Difference(Exception):
    """What AWS answered and what came instead."""


class Recording:
    """The answers of one sequence, and what its placeholders turned out to stand for."""

    def __init__(self, answers, corpus):
        self.answers = answers
        self.corpus = corpus
        self.bound = {}

    def check(self, step, call, /, **parameters):
        """Makes a call, compares its answer or error with the recorded one, and hands the answer on."""
        try:
            answer = call(**parameters)
        except ClientError as error:
            answer = error.response
        expected = self.answers.pop(step)
        self.same(expected, plain(answer), step)
        return answer

    def same(self, expected, actual, where):
        if isinstance(expected, dict) and isinstance(actual, dict):
            actual = {key: value for key, value in actual.items() if key in expected or key not in LATER}
            if expected.keys() != actual.keys():
                only = f"AWS has {sorted(expected.keys() - actual.keys())}, the demo account {sorted(actual.keys() - expected.keys())}"
                raise Difference(f"{where}: {only}")
            for key, value in expected.items():
                self.same(value, actual[key], f"{where}/{key}")
        elif isinstance(expected, list) and isinstance(actual, list):
            if len(expected) != len(actual):
                raise Difference(f"{where}: AWS has {len(expected)} items, the demo account {len(actual)}")
            for index, value in enumerate(expected):
                self.same(value, actual[index], f"{where}/{index}")
        elif isinstance(expected, str) and isinstance(actual, str):
            self.same_text(expected, actual, where)
        elif expected != actual or type(expected) is not type(actual):
            raise Difference(f"{where}: AWS has {expected!r}, the demo account {actual!r}")

    def same_text(self, expected, actual, where):
        names, pattern, end = [], "", 0
        for match in PLACEHOLDER.finditer(expected):
            names.append(match.group())
            pattern += re.escape(expected[end : match.start()]) + "(.+?)"
            end = match.end()
        found = re.fullmatch(pattern + re.escape(expected[end:]), actual, re.DOTALL)
        if found is None:
            raise Difference(f"{where}: AWS has {expected!r}, the demo account {actual!r}")
        for name, text in zip(names, found.groups()):
            before = self.bound.setdefault(name, text)
            taken = [other for other, bound in self.bound.items() if bound == text and kind(other) == kind(name)]
            if before != text or taken != [name]:
                raise Difference(f"{where}: {name} is {text!r}, and was {before!r}; {text!r} is {taken}")


def kind(placeholder):
    return placeholder.split(":")[0]


def plain(answer):
    """As recordings have it: dates as a word, of the transport the status alone."""
    metadata = answer.get("ResponseMetadata", {})
    answer = json.loads(json.dumps(answer, default=lambda _: "datetime"))
    answer = parsed(answer)
    answer["ResponseMetadata"] = {"HTTPHeaders": {}, "HTTPStatusCode": metadata.get("HTTPStatusCode")}
    return answer


def parsed(value):
    """The recorder parsed what it took for JSON: texts that are objects."""
    if isinstance(value, dict):
        return {key: parsed(member) for key, member in value.items()}
    if isinstance(value, list):
        return [parsed(member) for member in value]
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def main(endpoint, corpus):
    client = boto3.client(
        "apigateway",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
    )
    modules = [sequences_stages, sequences_keys, sequences_methods]
    modules += [sequences_resources, sequences_responses, sequences_import]
    sequences = {name: sequence for module in modules for name, sequence in module.ALL.items()}
    replayed, failures, used = 0, [], set()
    for file in FILES:
        path = Path(corpus) / "recorded" / f"localstack__apigateway_test_apigateway_{file}.snapshot.json"
        for name, recorded in json.loads(path.read_text()).items():
            test = name.split("::", 1)[1]
            sequence = sequences.pop(test, None)
            if sequence is None:
                reasons = [pattern for pattern in LEFT_OUT if re.fullmatch(pattern, f"{file}::{test}")]
                used.update(reasons)
                if not reasons:
                    failures.append(f"{file}::{test} is neither replayed nor left out with a reason")
                continue
            recording = Recording(dict(recorded["recorded-content"]), corpus)
            try:
                sequence(client, recording)
                if recording.answers:
                    raise Difference(f"not asked: {sorted(recording.answers)}")
                replayed += 1
            except Difference as difference:
                failures.append(f"{test}: {difference}")
    failures += [f"{test} was never recorded" for test in sequences]
    failures += [f"nothing is left out by {pattern}" for pattern in LEFT_OUT if pattern not in used]
    print(json.dumps({"replayed": replayed, "failures": failures}, indent=1))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
