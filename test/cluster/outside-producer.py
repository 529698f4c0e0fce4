"""A producer that is not ours: raw records of one person as their providers would write them, sent by kcat.

usage: outside-producer.py BROKERS NUMBER reference|scam

NUMBER (1 to 99) tells people apart. `reference` registers a person with a phone and an account; `scam` is what the
providers see while a false customer service talks that person into sharing the screen and emptying the account.
"""
import json
import subprocess
import sys
import time

brokers, number, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
n = f"{number:02d}"
person, phone, acct = f"3715261953010112{n}", f"137000000{n}", f"62991038471987{n}01"
device, caller = f"8690158380019{n}", f"171777348{n}"
now = int(time.time() * 1000)
MINUTE = 60_000
TRIES = 60


def send(topic, records):
    lines = "".join(f"{person}\t{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    command = ["kcat", "-P", "-b", brokers, "-t", topic, "-K", "\\t", "-X", "message.timeout.ms=60000"]
    # As any provider would, it sends again what it has no receipt for; a record that came twice counts once.
    for _ in range(TRIES):
        done = subprocess.run(command, input=lines.encode(), capture_output=True, timeout=90)
        if done.returncode == 0:
            return
        time.sleep(1)
    sys.exit(done.stderr.decode())


def reference():
    year = 365 * 24 * 60 * MINUTE
    send("raw.reference", [
        {"id": f"out-p{n}", "kind": "person", "person": person, "name": "王秀兰", "address": "澄河县文昌街道鼓楼街109号", "sex": "f",
         "bornYear": 1953, "occ": "retired", "liveAlone": True, "antifraudApp": False, "community": "C0102", "grid": "G01024",
         "lon": 116.2519, "lat": 36.8657},
        {"id": f"out-n{n}", "kind": "phone", "phone": phone, "person": person, "lineKind": "mobile", "region": "371526",
         "openedMs": now - 10 * year, "ownerNumCnt": 1, "fullView": True, "covered": ["app", "rctl", "im"]},
        {"id": f"out-a{n}", "kind": "acct", "acct": acct, "person": person, "bank": "CHRCB", "acctKind": "personal",
         "acctClass": "I", "region": "371526", "openedMs": now - 10 * year, "fullView": True},
    ])


def scam():
    start = now - 14 * MINUTE
    at = lambda minutes: start + int(minutes * MINUTE)
    phone_is = {"phone": phone, "device": device}
    sid = f"out-call-{n}"
    send("raw.callsig", [{"id": f"out-cs{n}", "t": at(0), "ev": "begin", "sid": sid, "caller": caller, "callee": phone,
                          "caller_kind": "virtual", "callee_kind": "mobile"}])
    send("raw.app", [
        {"id": f"out-ap{n}-{ev}", "t": at(3 + i / 2), **phone_is, "ev": ev, "pkg": "com.tencent.wemeet", "store": True,
         "cat": "meeting", "perm": "none"} for i, ev in enumerate(["install", "first_open"])])
    send("raw.rctl", [{"id": f"out-rc{n}", "t": at(5), **phone_is, "ev": "share_start", "sid": f"out-share-{n}",
                       "tool": "com.tencent.wemeet", "peer_region": "overseas", "in_bank": False}])
    send("raw.sms", [
        {"id": f"out-sm{n}-{i}", "t": at(6 + i / 2), "phone": phone, "dir": "in", "peer": f"1069100{i}", "port": "a2p",
         "cls": "otp", "has_url": False, "domain": None} for i in range(5)])
    send("raw.acct", [{"id": f"out-ac{n}", "t": at(9), "acct": acct, "person": person, **phone_is, "ev": "login",
                       "bank": "CHRCB", "klass": "I", "agent": False, "amt": None, "ip": "10.0.83.199",
                       "ip_region": "371526", "emu": False, "addr": None, "rphone": phone}])
    send("raw.bank", [
        {"id": f"out-ba{n}-{i}", "t": at(11 + i), "acct": acct, "device": device, "ev": "transfer", "dir": "out",
         "peer": f"629918804332169{i}5{n}", "amt": amount, "bal": balance, "st": "ok", "chan": "mobile", "peer_kind": "personal",
         "peer_bank": "QFB", "peer_region": "440300", "delay": "rt", "purpose": "none", "payroll": False,
         "txid": f"out-tx{n}-{i}", "scene": "transfer"}
        for i, (amount, balance) in enumerate([(995100, 5060000), (1980800, 3079200), (3041800, 37400)])])


{"reference": reference, "scam": scam}[what]()
