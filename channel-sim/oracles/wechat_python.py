"""wechatpayv3, in public-key mode, through a whole payment at the simulator. Prints what it saw as JSON."""

import gzip
import hashlib
import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from wechatpayv3 import WeChatPay, WeChatPayType

given = json.load(sys.stdin)
url, merchant = given["url"], given["merchant"]

pay = WeChatPay(
    wechatpay_type=WeChatPayType.NATIVE,
    mchid=merchant["mchid"],
    private_key=merchant["privateKey"],
    cert_serial_no=merchant["serial"],
    apiv3_key=merchant["apiV3Key"],
    appid=merchant["appid"],
    notify_url="http://127.0.0.1/unused",
    public_key=merchant["publicKey"],
    public_key_id=merchant["publicKeyId"],
)
# There is no option for another host.
pay._core._gate_way = url

notices = {}


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = pay.callback(dict(self.headers), body)
        if told:
            notices[told["event_type"]] = told["resource"]
        self.send_response(200 if told else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
notify_url = f"http://127.0.0.1:{server.server_port}/notify"


def control(path, body):
    request = urllib.request.Request(
        f"{url}/simulator/api/{path}",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    return json.load(urllib.request.urlopen(request))


def until(read):
    while True:
        value = read()
        if value:
            return value
        time.sleep(0.02)


def read(answer):
    status, text = answer
    return {"status": status, "body": json.loads(text) if text else None}


def outcome(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__


seen = {}
amount = {"total": 100, "currency": "CNY"}
native = dict(description="咖啡", out_trade_no="py-native-1", amount=amount, notify_url=notify_url)
seen["native"] = read(pay.pay(**native))
seen["open"] = read(pay.query(out_trade_no="py-native-1"))
control("pay", {"channel": "wechat", "outTradeNo": "py-native-1"})
seen["paidNotice"] = until(lambda: notices.get("TRANSACTION.SUCCESS"))
seen["paid"] = read(pay.query(out_trade_no="py-native-1"))
seen["byId"] = read(pay.query(transaction_id=seen["paid"]["body"]["transaction_id"]))
seen["refund"] = read(
    pay.refund(
        out_refund_no="py-refund-1",
        out_trade_no="py-native-1",
        amount={"refund": 100, "total": 100, "currency": "CNY"},
        notify_url=notify_url,
    )
)


def refunded():
    answer = read(pay.query_refund("py-refund-1"))
    return answer if answer["body"]["status"] == "SUCCESS" else None


seen["refunded"] = until(refunded)
seen["refundNotice"] = until(lambda: notices.get("REFUND.SUCCESS"))
seen["afterRefund"] = read(pay.query(out_trade_no="py-native-1"))
read(pay.pay(**{**native, "out_trade_no": "py-native-2"}))
seen["close"] = read(pay.close("py-native-2"))
seen["closed"] = read(pay.query(out_trade_no="py-native-2"))
seen["absent"] = read(pay.query(out_trade_no="py-nothing"))
bill = read(pay.trade_bill(seen["paid"]["body"]["success_time"][:10]))["body"]
status, packed = pay.download_bill(bill["download_url"])
file = gzip.decompress(packed)
seen["bill"] = {
    "status": status,
    "hashed": hashlib.sha1(file).hexdigest() == bill["hash_value"],
    "lines": [line.split(",`") for line in file.decode("utf-8-sig").splitlines() if "py-native-1" in line],
}
for fault in ("wrong-signature", "unsigned"):
    control("fault", {"fault": f"answer.{fault}", "outTradeNo": "py-native-1"})
    seen[fault] = outcome(lambda: pay.query(out_trade_no="py-native-1"))
print(json.dumps(seen))
