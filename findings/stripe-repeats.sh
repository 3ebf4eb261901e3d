#!/bin/sh
# stripe 23.1.0 (npm) and stripe 16.1.0 (PyPI), both by Stripe.
#
# How often one call is sent when the server closes the connection without an answer. npm's client sends
# once more even where maxNetworkRetries is 0 (with the same idempotency key), and its default of 2 means
# three. In Python the number stripe.max_network_retries (2) is for the module's own calls only: a
# StripeClient sends once unless it is told otherwise.
#
#   npm, maxNetworkRetries 0    2 sent, 1 idempotency key
#   npm, as it comes            3 sent, 1 idempotency key
#   python, StripeClient        1 sent, 1 idempotency key
#   python, module              3 sent, 1 idempotency key
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" stripe@23.1.0 || exit 2
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$dir/python" stripe==16.1.0 || exit 2

cat > "$dir/call.mjs" <<'JS'
import { createServer } from "node:http";
import Stripe from "stripe";

let keys = [];
const server = createServer((request) => {
  keys.push(request.headers["idempotency-key"]);
  request.socket.destroy();
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const local = { host: "127.0.0.1", port: server.address().port, protocol: "http", telemetry: false };

async function count(name, options) {
  keys = [];
  const call = new Stripe("sk_test_1", { ...local, ...options }).customers.create({ name: "a" });
  const error = await call.catch((reason) => reason);
  if (error.type !== "StripeConnectionError") throw error;
  console.log(`${name.padEnd(28)}${keys.length} sent, ${new Set(keys).size} idempotency key`);
}

await count("npm, maxNetworkRetries 0", { maxNetworkRetries: 0 });
await count("npm, as it comes", {});
server.close();
JS

cat > "$dir/call.py" <<'PY'
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe

keys = []


class Api(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        keys.append(self.headers["idempotency-key"])

    def log_message(self, *_):
        pass


def count(name, call):
    keys.clear()
    try:
        call()
    except stripe.APIConnectionError:
        print(f"{name:<28}{len(keys)} sent, {len(set(keys))} idempotency key")


server = HTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
client = stripe.StripeClient("sk_test_1", base_addresses={"api": url})
count("python, StripeClient", lambda: client.v1.customers.create({"name": "a"}))
stripe.api_key, stripe.api_base = "sk_test_1", url
count("python, module", lambda: stripe.Customer.create(name="a"))
PY

node "$dir/call.mjs" > "$dir/seen"
PYTHONPATH="$dir/python" python3 "$dir/call.py" >> "$dir/seen"
cat "$dir/seen"

cat > "$dir/stated" <<'TEXT'
npm, maxNetworkRetries 0    2 sent, 1 idempotency key
npm, as it comes            3 sent, 1 idempotency key
python, StripeClient        1 sent, 1 idempotency key
python, module              3 sent, 1 idempotency key
TEXT
diff "$dir/stated" "$dir/seen" || exit 1
