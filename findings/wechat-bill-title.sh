#!/bin/sh
# wechatpay-axios-plugin 0.9.6 (npm), Formatter.castCsvBill.
#
# WeChat Pay's bills quote nothing: a cell ends where a comma is followed by the back-tick of the next one, and the
# name of a product may hold both. The row of such a product has a cell more than the bill has columns, and what the
# plugin gives by name is moved by one from there on: the fee is a part of the product's name, and the amount of the
# order is the rate. Nothing is thrown. Its three cells before the name are right, as are all of other rows.
#
#   a plain name           fee 0.01000, order 2.00
#   a name with both       fee  b, order 0.60%
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" wechatpay-axios-plugin@0.9.6 || exit 2

cat > "$dir/read.cjs" <<'JS'
const { Formatter } = require("wechatpay-axios-plugin");

const columns = "商户订单号,交易状态,货币种类,商品名称,手续费,费率,订单金额";
const totals = "总交易单数,手续费总金额";
for (const [what, name] of [["a plain name", "tea"], ["a name with both", "tea,` b"]]) {
  const row = ["P1", "SUCCESS", "CNY", name, "0.01000", "0.60%", "2.00"].map((cell) => "`" + cell).join(",");
  const bill = `\ufeff${columns}\r\n${row}\r\n${totals}\r\n\`1,\`0.01000\r\n`;
  const [{ 手续费: fee, 订单金额: order }] = Formatter.castCsvBill(Buffer.from(bill)).rows;
  console.log(`${what.padEnd(23)}fee ${fee}, order ${order}`);
}
JS

node "$dir/read.cjs" > "$dir/seen"
cat "$dir/seen"

cat > "$dir/stated" <<'TEXT'
a plain name           fee 0.01000, order 2.00
a name with both       fee  b, order 0.60%
TEXT
diff "$dir/stated" "$dir/seen" || exit 1
