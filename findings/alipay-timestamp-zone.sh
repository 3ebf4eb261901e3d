#!/bin/sh
# alipay-sdk 4.14.0 (npm) and alipay-sdk-python 3.7.1411 (PyPI), both by Alipay, and python-alipay-sdk
# 3.4.0 (PyPI), a common one.
#
# A request's timestamp is "yyyy-MM-dd HH:mm:ss" without a zone. All three write the time of the zone that
# the process runs in: a server in UTC signs one that is eight hours behind China's. So a gateway's double
# that holds the timestamp to one zone refuses real SDKs.
#
#   zone           SDK                hours beside UTC
#   UTC            npm                +0
#   UTC            python             +0
#   UTC            python-alipay-sdk  +0
#   Asia/Shanghai  npm                +8
#   Asia/Shanghai  python             +8
#   Asia/Shanghai  python-alipay-sdk  +8
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
install_python() {
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$dir/$1" "$2" || exit 2
}
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" alipay-sdk@4.14.0 || exit 2
install_python official alipay-sdk-python==3.7.1411
install_python common python-alipay-sdk==3.4.0
cd "$dir"

cat > keys.mjs <<'JS'
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
writeFileSync("private.pem", privateKey.export({ type: "pkcs1", format: "pem" }));
writeFileSync("public.pem", publicKey.export({ type: "spki", format: "pem" }));
JS

# Each prints the query of a signed request.
cat > npm.mjs <<'JS'
import { readFileSync } from "node:fs";
import { AlipaySdk } from "alipay-sdk";

const alipay = new AlipaySdk({ appId: "1", privateKey: readFileSync("private.pem", "utf8") });
console.log(alipay.sdkExecute("alipay.trade.app.pay", { bizContent: { out_trade_no: "o1" } }));
JS

cat > official.py <<'PY'
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.request.AlipayTradeAppPayRequest import AlipayTradeAppPayRequest

config = AlipayClientConfig()
config.app_id = "1"
config.app_private_key = "".join(open("private.pem").read().splitlines()[1:-1])
print(DefaultAlipayClient(config).sdk_execute(AlipayTradeAppPayRequest()))
PY

cat > common.py <<'PY'
from alipay import AliPay

client = AliPay(
    appid="1",
    app_notify_url=None,
    app_private_key_string=open("private.pem").read(),
    alipay_public_key_string=open("public.pem").read(),
)
print(client.api_alipay_trade_app_pay(out_trade_no="o1", total_amount="1.00", subject="tea"))
PY

cat > hours.mjs <<'JS'
import { readFileSync } from "node:fs";

const written = new URLSearchParams(readFileSync(0, "utf8")).get("timestamp");
const hours = Math.round((Date.parse(`${written.replace(" ", "T")}Z`) - Date.now()) / 3_600_000);
console.log(`${hours < 0 ? "" : "+"}${hours}`);
JS

node keys.mjs
for zone in UTC Asia/Shanghai; do
  export TZ="$zone"
  printf '%-15s%-19s%s\n' "$zone" npm "$(node npm.mjs | node hours.mjs)"
  printf '%-15s%-19s%s\n' "$zone" python "$(PYTHONPATH=official python3 official.py | node hours.mjs)"
  printf '%-15s%-19s%s\n' "$zone" python-alipay-sdk "$(PYTHONPATH=common python3 common.py | node hours.mjs)"
done > seen
cat seen

cat > stated <<'TEXT'
UTC            npm                +0
UTC            python             +0
UTC            python-alipay-sdk  +0
Asia/Shanghai  npm                +8
Asia/Shanghai  python             +8
Asia/Shanghai  python-alipay-sdk  +8
TEXT
diff stated seen || exit 1
