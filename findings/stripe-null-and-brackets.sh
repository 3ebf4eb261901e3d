#!/bin/sh
# stripe 23.1.0 (npm) and stripe 16.1.0 (PyPI), both by Stripe.
#
# The two do not write the same form for the same call. A null parameter is sent as `description=` by
# npm, which unsets the field, and left out by Python, which keeps it. A blank is `%20` or `+`. Brackets
# stand as they are in both bodies and in npm's query; Python escapes them in a query.
#
#   npm     POST name=a&description=&metadata[a%20b]=c
#   npm     GET  /v1/customers?expand[0]=data.subscriptions
#   python  POST name=a&metadata[a+b]=c
#   python  GET  /v1/customers?expand%5B0%5D=data.subscriptions
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" stripe@23.1.0 || exit 2
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$dir/python" stripe==16.1.0 || exit 2

cat > "$dir/call.mjs" <<'JS'
import { createServer } from "node:http";
import Stripe from "stripe";

const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  console.log("npm    ", request.method === "POST" ? `POST ${body}` : `GET  ${request.url}`);
  response.setHeader("content-type", "application/json").end('{"id":"cus_1","object":"customer"}');
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address();
const stripe = new Stripe("sk_test_1", { host: "127.0.0.1", port, protocol: "http", telemetry: false });
await stripe.customers.update("cus_1", { name: "a", description: null, metadata: { "a b": "c" } });
await stripe.customers.list({ expand: ["data.subscriptions"] });
server.close();
server.closeAllConnections();
JS

cat > "$dir/call.py" <<'PY'
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe


class Api(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        print("python ", f"POST {body}" if self.command == "POST" else f"GET  {self.path}", flush=True)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"id":"cus_1","object":"customer"}')

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = stripe.StripeClient("sk_test_1", base_addresses={"api": f"http://127.0.0.1:{server.server_port}"})
client.v1.customers.update("cus_1", {"name": "a", "description": None, "metadata": {"a b": "c"}})
client.v1.customers.list({"expand": ["data.subscriptions"]})
PY

node "$dir/call.mjs" > "$dir/seen"
PYTHONPATH="$dir/python" python3 "$dir/call.py" >> "$dir/seen"
cat "$dir/seen"

cat > "$dir/stated" <<'TEXT'
npm     POST name=a&description=&metadata[a%20b]=c
npm     GET  /v1/customers?expand[0]=data.subscriptions
python  POST name=a&metadata[a+b]=c
python  GET  /v1/customers?expand%5B0%5D=data.subscriptions
TEXT
diff "$dir/stated" "$dir/seen" || exit 1
