"""stripe (PyPI) through whole payments at the simulator. Prints what it saw as JSON."""

import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe

given = json.load(sys.stdin)
url, merchant = given["url"], given["merchant"]
client = stripe.StripeClient(merchant["secretKey"], base_addresses={"api": url})

events = []
secret = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], secret[0])
            events.append((event["type"], event["data"]["object"]["id"]))
            status = 200
        except stripe.SignatureVerificationError:
            status = 400
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()


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


def refusal(call):
    try:
        return call().status
    except stripe.StripeError as error:
        return {"type": type(error).__name__, "code": error.code, "status": error.http_status}


seen = {}
endpoint = client.v1.webhook_endpoints.create(
    {"url": f"http://127.0.0.1:{server.server_port}/hook", "enabled_events": ["payment_intent.succeeded", "charge.refunded"]}
)
secret.append(endpoint.secret)
intents = client.v1.payment_intents
order = {"amount": 500, "currency": "jpy", "metadata": {"a b": "1+1 é"}, "description": None}
intent = intents.create(order, {"idempotency_key": "python-order-1"})
seen["created"] = {"status": intent.status, "metadata": intent.metadata.to_dict(), "currency": intent.currency}
seen["replayed"] = intents.create(order, {"idempotency_key": "python-order-1"}).id == intent.id
seen["declined"] = refusal(lambda: intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"}))
seen["confirmed"] = intents.confirm(intent.id, {"payment_method": "pm_card_mastercard"}).status
until(lambda: ("payment_intent.succeeded", intent.id) in events)
charge = intents.retrieve(intent.id, {"expand": ["latest_charge"]}).latest_charge
seen["paid"] = charge.amount_captured
seen["cancelPaid"] = refusal(lambda: intents.cancel(intent.id))
seen["refund"] = client.v1.refunds.create({"payment_intent": intent.id, "amount": 200}).status
until(lambda: ("charge.refunded", charge.id) in events)
seen["refunds"] = [refund.amount for refund in client.v1.refunds.list({"payment_intent": intent.id}).data]
listed = client.v1.balance_transactions.list({"created": {"gte": intent.created}, "expand": ["data.source"]})
seen["balance"] = [[entry.type, entry.amount, entry.fee, entry.source.object] for entry in listed.auto_paging_iter()]
seen["unknownParameter"] = refusal(lambda: intents.create({**order, "bogus": "1"}))
session = client.v1.checkout.sessions.create(
    {
        "mode": "payment",
        "line_items": [
            {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 900, "product_data": {"name": "x"}}}
        ],
    }
)
control("pay", {"channel": "stripe", "outTradeNo": session.id})
session = client.v1.checkout.sessions.retrieve(session.id)
seen["session"] = [session.status, session.payment_status, session.amount_total]
print(json.dumps(seen))
