#!/bin/sh
# alipay-sdk 4.14.0 (npm), by Alipay.
#
# bizContent may be written in camelCase, and answers are read in it; that is what the SDK is known for. It rewrites
# every key at every depth, the merchant's own ones too, which Alipay only hands back (passback_params, goods and
# business data): what was sent as SKU42 is signed and sent as sku42, and what comes as sku_2b is read as sku2B. With
# camelcase: false answers stay as they came, requests do not.
#
#   sent       {"passback_params":{"sku42":1,"order_id":2,"item_v2":3}}
#   read       {"passbackParams":{"sku2B":1,"skuA1":2}}
#   sent       {"passback_params":{"sku42":1,"order_id":2,"item_v2":3}}
#   read       {"passback_params":{"sku_2b":1,"SKU_a1":2}}
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" alipay-sdk@4.14.0 || exit 2

cat > "$dir/call.mjs" <<'JS'
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { AlipaySdk } from "alipay-sdk";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = privateKey.export({ type: "pkcs8", format: "pem" });

const server = createServer(async (request, response) => {
  let form = "";
  for await (const piece of request) form += piece;
  console.log(`sent       ${new URLSearchParams(form).get("biz_content")}`);
  const node = { code: "10000", msg: "Success", passback_params: { sku_2b: 1, SKU_a1: 2 } };
  response.end(JSON.stringify({ alipay_trade_query_response: node, sign: "not looked at" }));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const gateway = `http://127.0.0.1:${server.address().port}/gateway.do`;
for (const camelcase of [true, false]) {
  const alipay = new AlipaySdk({ appId: "1", keyType: "PKCS8", privateKey: key, gateway, camelcase });
  const bizContent = { passbackParams: { SKU42: 1, orderID: 2, itemV2: 3 } };
  const { code, msg, traceId, ...read } = await alipay.exec("alipay.trade.query", { bizContent });
  console.log(`read       ${JSON.stringify(read)}`);
}
server.close();
JS

node "$dir/call.mjs" > "$dir/seen"
cat "$dir/seen"

cat > "$dir/stated" <<'TEXT'
sent       {"passback_params":{"sku42":1,"order_id":2,"item_v2":3}}
read       {"passbackParams":{"sku2B":1,"skuA1":2}}
sent       {"passback_params":{"sku42":1,"order_id":2,"item_v2":3}}
read       {"passback_params":{"sku_2b":1,"SKU_a1":2}}
TEXT
diff "$dir/stated" "$dir/seen" || exit 1
