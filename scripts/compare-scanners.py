#!/usr/bin/env python3
"""Writes docs/comparison.md: Portcullis and Prowler on the same accounts, verdict by verdict.

    python3 -m venv /tmp/scanners && /tmp/scanners/bin/pip install prowler 'moto[server]' boto3
    cargo build -p portcullis-cli
    /tmp/scanners/bin/python scripts/compare-scanners.py [--cli target/debug/portcullis-cli]

Two accounts: one that boto3 seeds into moto_server with the cases on which scanners err, and the demo account. Both are
asked through a proxy that counts requests. Every difference must have an explanation in EXPLAINED, else the script fails:
an explanation that is not needed any more is reported too.
"""
import argparse
import collections
import http.client
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

import boto3

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(sys.executable).parent
REGION = "eu-west-1"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "example",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "PATH": os.environ["PATH"],
}

# Prowler's check -> our controls, and what one of its verdicts is about.
CHECKS = {
    "apigateway_restapi_authorizers_enabled": (["C12", "G1", "G2", "G3"], "api"),
    "apigateway_restapi_public_with_authorizer": (["C12", "G1", "G2"], "api"),
    "apigateway_restapi_public": (["C13"], "api"),
    "apigateway_restapi_cache_encrypted": (["C9"], "stage"),
    "apigateway_restapi_client_certificate_enabled": (["C5"], "stage"),
    "apigateway_restapi_logging_enabled": (["C1"], "stage"),
    "apigateway_restapi_no_secrets_in_stage_variables": (["C23"], "stage"),
    "apigateway_restapi_tracing_enabled": (["C4"], "stage"),
    "apigateway_restapi_waf_acl_attached": (["C7"], "stage"),
    "apigateway_domain_name_pqc_tls_enabled": (["C17"], "domain"),
    "apigatewayv2_api_access_logging_enabled": (["C2"], "stage"),
    "apigatewayv2_api_authorizers_enabled": (["C11", "G1"], "api"),
    "wafv2_webacl_with_rules": (["C8", "G27"], "acl"),
    "wafv2_webacl_logging_enabled": (["C8"], "acl"),
    "wafv2_webacl_rule_logging_enabled": (["C8"], "acl"),
}
# C8 is three checks of Prowler in one: which part of it fails is in what it says.
PART_OF_C8 = {
    "wafv2_webacl_with_rules": "no rules",
    "wafv2_webacl_logging_enabled": "no logs",
    "wafv2_webacl_rule_logging_enabled": "no metrics",
}

# (check, Prowler, ours) -> why they differ.
EXPLAINED = {
    ("apigateway_restapi_authorizers_enabled", "PASS", "FAIL"):
        "Prowler passes an API as soon as it has one authorizer object, attached or not. Ours judges each method that a stage serves: some ask nobody although their audience should be asked, or ask for nothing but a key.",
    ("apigateway_restapi_authorizers_enabled", "FAIL", "PASS"):
        "Prowler fails an API whose methods are open. Ours knows whose they are: public by its audience, where people sign in, or a provider's callback.",
    ("apigateway_restapi_public_with_authorizer", "PASS", "FAIL"):
        "As above: an authorizer that is attached to nothing, or not to every method that needs one.",
    ("apigateway_restapi_public_with_authorizer", "FAIL", "PASS"):
        "Prowler wants an authorizer object. Methods signed with AWS_IAM need none, and routes of the public need none either.",
    ("apigateway_restapi_public", "FAIL", "N/A"):
        "Prowler fails every API that is not private. A shop is meant to be public: ours asks the question only of routes of staff and services.",
    ("apigateway_restapi_public", "FAIL", "PASS"):
        "The routes are of services and signed with AWS_IAM.",
    ("apigateway_restapi_cache_encrypted", "PASS", "FAIL"):
        "Prowler passes the stage when any cached method is encrypted. Ours names the methods that are not.",
    ("apigateway_restapi_client_certificate_enabled", "FAIL", "N/A"):
        "Nothing behind the stage is an HTTP backend on the internet: Lambda functions, AWS services and VPC links have no use for a client certificate.",
    ("apigateway_restapi_logging_enabled", "PASS", "FAIL"):
        "Prowler passes the stage when any method is logged. Ours names the methods that are not.",
    ("apigateway_restapi_no_secrets_in_stage_variables", "PASS", "N/A"):
        "The stage has no variables: nothing to judge.",
    ("apigateway_restapi_no_secrets_in_stage_variables", "PASS", "FAIL"):
        "The variable's name promises a secret, which Prowler's scanner does not take for one by its value; or the secret is in a canary's override, which it does not read.",
    ("apigateway_restapi_waf_acl_attached", "FAIL", "N/A"):
        "The API is private: requests come from VPC endpoints only.",
    ("apigateway_domain_name_pqc_tls_enabled", "FAIL", "PASS"):
        "Prowler wants post-quantum key exchange. TLS 1.2 without it passes ours, which says that AWS Security Hub's APIGateway.11 wants the TLS 1.3 family.",
    ("apigatewayv2_api_authorizers_enabled", "PASS", "FAIL"):
        "Prowler passes the API when it has any authorizer object. Ours judges each route: some are open although nobody said that they are public.",
    ("apigatewayv2_api_authorizers_enabled", "FAIL", "PASS"):
        "Prowler wants an authorizer object. Routes signed with AWS_IAM need none.",
    ("wafv2_webacl_with_rules", "FAIL", "N/A"):
        "It is CloudFront's. Prowler lists it in us-east-1 and asks for its rules and its logging only where that region is audited too: it fails what it did not read. It has rules and is logged. Ours judges the web ACLs that stages refer to, and no stage refers to one of CloudFront.",
    ("wafv2_webacl_logging_enabled", "FAIL", "N/A"):
        "It is CloudFront's. Prowler lists it in us-east-1 and asks for its rules and its logging only where that region is audited too: it fails what it did not read. It has rules and is logged. Ours judges the web ACLs that stages refer to, and no stage refers to one of CloudFront.",
    ("wafv2_webacl_with_rules", "PASS", "FAIL"):
        "Prowler counts rules. Ours looks at what they do: all of them count, so that nothing is blocked, and no rate limit stands where logins are hammered.",
}
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy:
    """Forwards to another port and counts."""

    def __init__(self, target):
        self.count = 0
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self):
                proxy.count += 1
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                upstream = http.client.HTTPConnection("127.0.0.1", target, timeout=60)
                upstream.request(self.command, self.path, body, dict(self.headers))
                answer = upstream.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                upstream.close()

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = forward

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def wait_for(port):
    for _ in range(150):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit(f"nothing listens on port {port}")


def seed(url):
    """The cases. Each API is named after what it shows."""
    client = lambda service: boto3.client(service, endpoint_url=url, region_name=REGION, aws_access_key_id="example", aws_secret_access_key="example")
    rest, http_api = client("apigateway"), client("apigatewayv2")

    def api(name, methods, audience=None, endpoint="REGIONAL", authorizer=None, patches=(), variables=None):
        tags = {"portcullis:audience": audience} if audience else {}
        made = rest.create_rest_api(name=name, endpointConfiguration={"types": [endpoint]}, tags=tags)["id"]
        root = rest.get_resources(restApiId=made)["items"][0]["id"]
        attached = None
        if authorizer:
            attached = rest.create_authorizer(restApiId=made, name=authorizer, type="TOKEN", identitySource="method.request.header.Authorization",
                                              authorizerUri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:{REGION}:123456789012:function:auth/invocations")["id"]
        for key, kind in methods.items():
            method, path = key.split(" ")
            resource = rest.create_resource(restApiId=made, parentId=root, pathPart=path.strip("/"))["id"]
            more = {"authorizerId": attached} if kind == "CUSTOM" else {}
            rest.put_method(restApiId=made, resourceId=resource, httpMethod=method, authorizationType=kind, **more)
            rest.put_integration(restApiId=made, resourceId=resource, httpMethod=method, type="AWS_PROXY", integrationHttpMethod="POST",
                                 uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:{REGION}:123456789012:function:f/invocations")
        deployment = rest.create_deployment(restApiId=made, stageName="prod", variables=variables or {})["id"]
        assert deployment
        if patches:
            rest.update_stage(restApiId=made, stageName="prod", patchOperations=[{"op": "replace", "path": path, "value": value} for path, value in patches])
        return made

    api("unused-authorizer", {"GET /orders": "NONE", "POST /orders2": "NONE"}, audience="customer", authorizer="attached-to-nothing")
    api("iam-only", {"GET /stock": "AWS_IAM"}, audience="internal")
    api("public-shop", {"GET /products": "NONE", "GET /search": "NONE"}, audience="public")
    api("guarded", {"GET /account": "CUSTOM"}, audience="customer", authorizer="session",
        patches=[("/*/*/logging/loglevel", "ERROR"), ("/tracingEnabled", "true")])
    api("one-method-logged", {"GET /a": "AWS_IAM", "GET /b": "AWS_IAM"}, patches=[("/~1a/GET/logging/loglevel", "INFO")])
    api("half-encrypted-cache", {"GET /a": "AWS_IAM", "GET /b": "AWS_IAM"}, patches=[
        ("/cacheClusterEnabled", "true"), ("/cacheClusterSize", "0.5"),
        ("/~1a/GET/caching/enabled", "true"), ("/~1a/GET/caching/dataEncrypted", "true"),
        ("/~1b/GET/caching/enabled", "true"), ("/~1b/GET/caching/dataEncrypted", "false")])
    api("private-open", {"GET /reports": "NONE"}, audience="admin", endpoint="PRIVATE")
    api("secrets", {"GET /a": "AWS_IAM"}, variables={"dbPassword": "hunter2hunter2", "backend": "orders"})
    rest.create_domain_name(domainName="api.example.com", regionalCertificateArn=f"arn:aws:acm:{REGION}:123456789012:certificate/1",
                            endpointConfiguration={"types": ["REGIONAL"]}, securityPolicy="TLS_1_2")

    def v2(name, routes, authorizer=None, logs=False):
        made = http_api.create_api(Name=name, ProtocolType="HTTP")["ApiId"]
        attached = None
        if authorizer:
            attached = http_api.create_authorizer(ApiId=made, Name=authorizer, AuthorizerType="JWT", IdentitySource=["$request.header.Authorization"],
                                                  JwtConfiguration={"Audience": ["app"], "Issuer": "https://issuer.example.com"})["AuthorizerId"]
        for key, kind in routes.items():
            more = {"AuthorizerId": attached} if kind == "JWT" else {}
            http_api.create_route(ApiId=made, RouteKey=key, AuthorizationType=kind, **more)
        settings = {"AccessLogSettings": {"DestinationArn": f"arn:aws:logs:{REGION}:123456789012:log-group:x", "Format": '{"requestId":"$context.requestId"}'}} if logs else {}
        http_api.create_stage(ApiId=made, StageName="$default", AutoDeploy=True, **settings)

    v2("http-iam-only", {"GET /stock": "AWS_IAM"})
    v2("http-unused-authorizer", {"GET /things": "NONE"}, authorizer="attached-to-nothing", logs=True)


def run_prowler(url, folder):
    proxy = Proxy(int(url.rsplit(":", 1)[1]))
    began = time.monotonic()
    subprocess.run(
        [str(BIN / "prowler"), "aws", "--region", REGION, "--service", "apigateway", "apigatewayv2", "wafv2", "-M", "json-ocsf", "-o", str(folder), "-F", "out", "--no-banner"],
        env={**ENVIRONMENT, "AWS_ENDPOINT_URL": proxy.url, "HOME": str(folder)}, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=500)
    seconds = time.monotonic() - began
    found = folder / "out.ocsf.json"
    rows = json.loads(found.read_text()) if found.exists() else []
    verdicts = {}
    for row in rows:
        check, resource = row["metadata"]["event_code"], row["resources"][0]
        verdicts.setdefault((check, resource["uid"]), (row["status_code"], resource["name"]))
    return verdicts, proxy.count, seconds


def run_ours(url, folder, cli):
    proxy = Proxy(int(url.rsplit(":", 1)[1]))
    began = time.monotonic()
    done = subprocess.run([str(cli), "--region", REGION, "--endpoint-url", proxy.url, "posture", "--passes", "--output", "json"],
                          env={**ENVIRONMENT, "HOME": str(folder), "PORTCULLIS_DATA_DIR": str(folder / "data"), "PORTCULLIS_CONFIG_DIR": str(folder / "config")},
                          capture_output=True, text=True, timeout=500, check=False)
    seconds = time.monotonic() - began
    answer = json.loads(done.stdout)
    return answer, proxy.count, seconds


# The ARNs of both end alike, with or without an account in between.
def tail(arn):
    return re.sub(r"^arn:aws[^:]*:[^:]*:[^:]*:[^:]*:/?", "", arn)


def ours_about(items, check, resource):
    """The worst verdict that ours gives about what Prowler's verdict is about."""
    controls, scope = CHECKS[check]
    relevant = []
    for item in items:
        if item["control"] not in controls:
            continue
        if item["control"] == "C8" and item["verdict"] == "fail" and PART_OF_C8[check] not in item["actual"]:
            item = {**item, "verdict": "pass"}
        api, stage = item.get("apiId"), item.get("stage")
        about = tail(resource)
        if scope == "domain":
            hit = item["resource"]["scope"] == "domain" and item["resource"]["id"] in about
        elif scope == "acl":
            hit = any(resource in (evidence["of"], "") for evidence in item["evidence"])
        elif scope == "stage":
            hit = api is not None and re.search(rf"(^|/){re.escape(api)}/stages/{re.escape(stage or '')}$", about)
            # Prowler's V2 checks name the API alone.
            hit = hit or (api is not None and about in (f"apis/{api}", f"restapis/{api}"))
        else:
            hit = api is not None and re.search(rf"(^|/){re.escape(api)}($|/)", about)
        if hit:
            relevant.append(item)
    order = {"fail": "FAIL", "unknown": "UNKNOWN", "pass": "PASS"}
    for verdict, word in order.items():
        hits = [item for item in relevant if item["verdict"] == verdict]
        if hits:
            return word, hits
    return "N/A", []


def compare(name, prowler, answer, used, unexplained):
    rows = []
    for (check, resource), (status, label) in sorted(prowler.items()):
        if check not in CHECKS:
            continue
        word, hits = ours_about(answer["items"], check, resource)
        why = ""
        if word != status:
            why = EXPLAINED.get((check, status, word))
            used.add((check, status, word))
            if why is None:
                unexplained.append((name, check, label, status, word))
                why = "**not explained**"
        detail = ", ".join(sorted({f"{hit['control']} {hit['resource']['label']}" for hit in hits})[:3]) if word == "FAIL" else ""
        rows.append((check, label, status, word, detail, why))
    return rows


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(rows):
    lines = ["| Check of Prowler | About | Prowler | Ours | Which of ours fail |", "|---|---|---|---|---|"]
    lines += [f"| `{check}` | {cell(label)} | {status} | {word} | {cell(detail)} |" for check, label, status, word, detail, _ in rows]
    return "\n".join(lines)


def differences(rows):
    grouped = collections.OrderedDict()
    for check, label, status, word, _, why in rows:
        if status != word:
            grouped.setdefault((check, status, word, why), []).append(label)
    lines = []
    for (check, status, word, why), labels in grouped.items():
        names = ", ".join(dict.fromkeys(labels))
        lines.append(f"- `{check}`, Prowler {status}, ours {word} ({cell(names)}): {why}")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=pathlib.Path, default=ROOT / "target/debug/portcullis-cli")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs/comparison.md")
    arguments = parser.parse_args()
    version = subprocess.run([str(BIN / "prowler"), "--version"], capture_output=True, text=True, check=False).stdout.strip().split("\n")[0].split(" (")[0]
    used, unexplained, parts, costs = set(), [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        moto_port, demo_port = free_port(), free_port()
        servers = [
            subprocess.Popen([str(BIN / "moto_server"), "-p", str(moto_port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
            subprocess.Popen([str(arguments.cli), "demo", "serve", "--port", str(demo_port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             env={"PATH": ENVIRONMENT["PATH"], "HOME": str(scratch), "PORTCULLIS_DATA_DIR": str(scratch / "served"), "PORTCULLIS_CONFIG_DIR": str(scratch / "served")}),
        ]
        try:
            wait_for(moto_port)
            wait_for(demo_port)
            seed(f"http://127.0.0.1:{moto_port}")
            for name, title, port in [("moto", "The account that boto3 seeded into moto_server", moto_port), ("demo", "The demo account", demo_port)]:
                folder = scratch / name
                folder.mkdir()
                url = f"http://127.0.0.1:{port}"
                prowler, prowler_calls, prowler_seconds = run_prowler(url, folder)
                answer, our_calls, our_seconds = run_ours(url, folder, arguments.cli)
                rows = compare(name, prowler, answer, used, unexplained)
                if not rows:
                    raise SystemExit(f"Prowler found nothing in {name}: the comparison would be empty")
                same = sum(1 for row in rows if row[2] == row[3])
                ours_only = sorted({item["control"] for item in answer["items"] if item["verdict"] == "fail"} - {control for controls, _ in CHECKS.values() for control in controls})
                gaps = [f"{gap['service']}:{gap['operation']} answered {gap['code']}" for gap in answer["coverage"]["gaps"]]
                costs.append((title, prowler_calls, prowler_seconds, our_calls, our_seconds))
                parts.append(
                    f"## {title}\n\n{len(rows)} verdicts of Prowler, {same} the same.\n\n{table(rows)}\n\n### Every difference\n\n{differences(rows) or 'None.'}\n\n"
                    f"### What only ours found here\n\nFailures of controls that Prowler does not have: {', '.join(ours_only) or 'none'}.\n"
                    + (f"\nWhat ours could not read, and says so: {'; '.join(dict.fromkeys(gaps))}.\n" if gaps else ""))
        finally:
            for server in servers:
                server.terminate()
                server.wait()
    cost = "\n".join(f"| {title} | {pc} | {ps:.1f} | {oc} | {os_:.1f} |" for title, pc, ps, oc, os_ in costs)
    text = f"""# Against a scanner

`scripts/compare-scanners.py` writes this page: {version} from PyPI and this console look at the same two accounts, and every
verdict of Prowler on API Gateway and on web ACLs is set beside ours. Ours about an API or a stage is the worst of the mapped
controls over its routes; N/A where there is nothing to judge.

| Account | Prowler, requests | Prowler, seconds | Ours, requests | Ours, seconds |
|---|---|---|---|---|
{cost}

Requests are counted by a proxy in between, identity and tagging calls of both included; seconds are of one run on one machine,
start of the program included, ours as a debug build. Ours judges every control of its catalogue with its
requests; Prowler's are for the services `apigateway`, `apigatewayv2` and `wafv2` alone.

Not compared: Prowler's check for managed rule groups has no counterpart here, since a managed group that counts blocks nothing
(G27 judges that). Prowler has no check for access logs of REST APIs, for alarms, for throttles, for usage plans and keys, for
request validation, and for CORS; ours for them stand under "What only ours found here".

{chr(10).join(parts)}"""
    arguments.output.write_text(text.rstrip() + "\n")
    print(f"{arguments.output} is written.")
    for entry in sorted(set(EXPLAINED) - used):
        print(f"not needed here: {entry}")
    if unexplained:
        for entry in unexplained:
            print(f"NOT EXPLAINED: {entry}", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
