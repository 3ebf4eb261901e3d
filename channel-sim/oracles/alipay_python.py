"""python-alipay-sdk, in key mode, through a whole payment at the simulator. Prints what it saw as JSON."""

import csv
import io
import json
import sys
import threading
import time
import urllib.parse
import urllib.request
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from alipay import AliPay
from alipay.exceptions import AliPayValidationError

given = json.load(sys.stdin)
url, merchant = given["url"], given["merchant"]

alipay = AliPay(
    appid=merchant["appId"],
    app_notify_url=None,
    app_private_key_string=merchant["privateKeyPkcs1"],
    alipay_public_key_string=merchant["alipayPublicKey"],
    sign_type="RSA2",
)
# There is no option for another host.
alipay._gateway = f"{url}/gateway.do"

notices = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = dict(urllib.parse.parse_qsl(body))
        signature = told.pop("sign")
        verified = alipay.verify(dict(told), signature)
        notices.append({"verified": verified, "told": told})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"success")

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


def outcome(call):
    try:
        return call().get("sub_code", "none")
    except AliPayValidationError:
        return "AliPayValidationError"


seen = {}
number = "py-qr-1"
seen["precreate"] = alipay.api_alipay_trade_precreate(
    subject="咖啡 +1 100% / ~!*()'", out_trade_no=number, total_amount="1.00", notify_url=notify_url
)
seen["beforeScan"] = outcome(lambda: alipay.api_alipay_trade_query(out_trade_no=number))
control("pay", {"channel": "alipay", "outTradeNo": number})
seen["paidNotice"] = until(lambda: notices and notices[0])
seen["paid"] = alipay.api_alipay_trade_query(out_trade_no=number)
seen["refund"] = alipay.api_alipay_trade_refund(
    refund_amount="1.00", out_trade_no=number, out_request_no="py-refund-1"
)
seen["refunded"] = alipay.api_alipay_trade_fastpay_refund_query(
    out_request_no="py-refund-1", out_trade_no=number
)
seen["refundNotice"] = until(lambda: len(notices) > 1 and notices[1])
page = alipay.api_alipay_trade_wap_pay(subject="x", out_trade_no="py-wap-1", total_amount="2.00", notify_url=notify_url)
urllib.request.urlopen(f"{url}/gateway.do?{page}")
seen["close"] = alipay.api_alipay_trade_close(out_trade_no="py-wap-1")
seen["closed"] = alipay.api_alipay_trade_query(out_trade_no="py-wap-1")
asked = {"bill_type": "trade", "bill_date": seen["paid"]["send_pay_date"][:10]}
bill = alipay.server_api("alipay.data.dataservice.bill.downloadurl.query", biz_content=asked)
archive = io.BytesIO(urllib.request.urlopen(bill["bill_download_url"]).read())
with zipfile.ZipFile(archive, metadata_encoding="gbk") as files:
    detail, sums = files.namelist()
    text = files.read(detail).decode("gbk")
rows = [line for line in text.splitlines() if not line.startswith("#")]
seen["bill"] = {
    "files": [detail.partition("_")[2][9:], sums.partition("_")[2][9:]],
    "rows": [row for row in csv.DictReader(rows) if row["商户订单号"] == f"{number}\t"],
}
control("fault", {"fault": "answer.wrong-signature", "outTradeNo": number})
seen["wrongSignature"] = outcome(lambda: alipay.api_alipay_trade_query(out_trade_no=number))
print(json.dumps(seen))
