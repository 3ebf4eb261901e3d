#!/bin/sh
# alipay-sdk 4.14.0 (npm) and alipay-sdk-python 3.7.1411 (PyPI), both by Alipay, and python-alipay-sdk
# 3.4.0 (PyPI), a common one.
#
# An answer is JSON with the method's node and a signature over the node's text, so the order of its
# members looks free. It is not: each SDK cuts the signed text out of the answer in its own way. All three
# take the node, then sign, then what else there is (alipay_cert_sn). A sign before the node is refused by
# both SDKs of Alipay, alipay_cert_sn between the two by the Python one, and a brace in a string by the
# third, which counts them. The signatures are right in all of them; npm is told to look at them
# (validateSign).
#
#   answer                        npm      python   python-alipay-sdk
#   node, sign                    taken    taken    taken
#   node, sign, alipay_cert_sn    taken    taken    taken
#   node, alipay_cert_sn, sign    taken    refused  taken
#   sign, node                    refused  refused  taken
#   node with a list, sign        taken    taken    taken
#   node with "}" in text, sign   taken    taken    refused
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
install_python() {
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$dir/$1" "$2" || exit 2
}
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" alipay-sdk@4.14.0 || exit 2
install_python official alipay-sdk-python==3.7.1411
install_python common python-alipay-sdk==3.4.0

cat > "$dir/answers.mjs" <<'JS'
import { generateKeyPairSync, sign } from "node:crypto";
import { writeFileSync } from "node:fs";

const channel = generateKeyPairSync("rsa", { modulusLength: 2048 });
const shop = generateKeyPairSync("rsa", { modulusLength: 2048 });
const node = (content) => `"alipay_trade_query_response":${content}`;
const signed = (content) => `"sign":"${sign("sha256", content, channel.privateKey).toString("base64")}"`;
const flat = '{"code":"10000","msg":"Success","out_trade_no":"o1"}';
const list = '{"code":"10000","msg":"Success","fund_bill_list":[{"amount":"1.00"}]}';
const brace = '{"code":"10000","msg":"Success","subject":"tea :}"}';
const serial = '"alipay_cert_sn":"0097f648bcf0422125f2399c1953e483"';
const answers = [
  ["node, sign", [node(flat), signed(flat)]],
  ["node, sign, alipay_cert_sn", [node(flat), signed(flat), serial]],
  ["node, alipay_cert_sn, sign", [node(flat), serial, signed(flat)]],
  ["sign, node", [signed(flat), node(flat)]],
  ["node with a list, sign", [node(list), signed(list)]],
  ['node with "}" in text, sign', [node(brace), signed(brace)]],
].map(([name, members]) => [name, `{${members.join()}}`]);
const bare = (key, type) => key.export({ type, format: "der" }).toString("base64");
const keys = { channel: bare(channel.publicKey, "spki"), shop: bare(shop.privateKey, "pkcs1") };
writeFileSync("answers.json", JSON.stringify({ answers, ...keys }));
JS

cat > "$dir/npm.mjs" <<'JS'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { AlipaySdk } from "alipay-sdk";

const { answers, channel, shop } = JSON.parse(readFileSync("answers.json", "utf8"));
let answer;
const server = createServer((request, response) => request.resume().on("end", () => response.end(answer)));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const gateway = `http://127.0.0.1:${server.address().port}/gateway.do`;
const alipay = new AlipaySdk({ appId: "1", privateKey: shop, alipayPublicKey: channel, gateway });
for (const [, text] of answers) {
  answer = text;
  const query = alipay.exec("alipay.trade.query", { bizContent: { out_trade_no: "o1" } }, { validateSign: true });
  console.log(await query.then(({ code }) => (code === "10000" ? "taken" : code), () => "refused"));
}
server.close();
server.closeAllConnections();
JS

# The Python SDKs take no port, or no other host at all: what they fetch with is replaced.
cat > "$dir/official.py" <<'PY'
import json

from alipay.aop.api import DefaultAlipayClient as module
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.exception.Exception import ResponseException
from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest

given = json.load(open("answers.json"))
config = AlipayClientConfig()
config.app_id, config.app_private_key, config.alipay_public_key = "1", given["shop"], given["channel"]
client = module.DefaultAlipayClient(config)
for _, text in given["answers"]:
    module.do_post = lambda *_, text=text: text.encode()
    try:
        print("taken" if json.loads(client.execute(AlipayTradeQueryRequest()))["code"] == "10000" else "other")
    except ResponseException:
        print("refused")
PY

cat > "$dir/common.py" <<'PY'
import io
import json
import textwrap

import alipay
from alipay.exceptions import AliPayValidationError

given = json.load(open("answers.json"))


def pem(kind, text):
    return "\n".join([f"-----BEGIN {kind}-----", *textwrap.wrap(text, 64), f"-----END {kind}-----"])


client = alipay.AliPay(
    appid="1",
    app_notify_url=None,
    app_private_key_string=pem("RSA PRIVATE KEY", given["shop"]),
    alipay_public_key_string=pem("PUBLIC KEY", given["channel"]),
)
for _, text in given["answers"]:
    alipay.urlopen = lambda *_, text=text, **__: io.BytesIO(text.encode())
    try:
        print("taken" if client.api_alipay_trade_query(out_trade_no="o1")["code"] == "10000" else "other")
    except AliPayValidationError:
        print("refused")
PY

cd "$dir"
node answers.mjs
node npm.mjs > npm.seen
PYTHONPATH=official python3 official.py > official.seen
PYTHONPATH=common python3 common.py > common.seen
node -p 'JSON.parse(require("fs").readFileSync("answers.json")).answers.map(([name]) => name.padEnd(29)).join("\n")' |
  paste -d'\t' - npm.seen official.seen common.seen | expand -t 30,39,48 > seen
cat seen

cat > stated <<'TEXT'
node, sign                    taken    taken    taken
node, sign, alipay_cert_sn    taken    taken    taken
node, alipay_cert_sn, sign    taken    refused  taken
sign, node                    refused  refused  taken
node with a list, sign        taken    taken    taken
node with "}" in text, sign   taken    taken    refused
TEXT
diff stated seen || exit 1
