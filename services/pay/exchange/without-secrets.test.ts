import assert from "node:assert/strict";
import { test } from "node:test";
import { addressWithout, withoutSecrets } from "./without-secrets.ts";

const said = (text: string): string => withoutSecrets(Buffer.from(text));

test("no signature, key, token, certificate or card stays of what channels are asked and answer", () => {
  const SECRET = "s3cr3t";
  const texts = [
    `{"sign":"${SECRET}","alipay_cert_sn":"${SECRET}","alipay_trade_query_response":{"code":"10000"}}`,
    `{"paySign":"${SECRET}","nonceStr":"${SECRET}","data":{"ciphertext":"${SECRET}"}}`,
    `{"client_secret":"${SECRET}","nested":[{"card":{"number":"${SECRET}"}},{"cvc":"${SECRET}"}]}`,
    `{"access_token":"${SECRET}","api_key":"${SECRET}","private_key":"${SECRET}","auth_code":"${SECRET}"}`,
    `payment_method_data[card][number]=${SECRET}&payment_method_data[card][cvc]=${SECRET}&amount=5`,
    `sign=${SECRET}&app_cert_sn=${SECRET}&method=alipay.trade.query`,
    `biz_content=${encodeURIComponent(`{"auth_code":"${SECRET}","out_trade_no":"P1"}`)}`,
    `{"encrypt_certificate":{"ciphertext":"${SECRET}"},"serial_no":"1"}`,
    `-----BEGIN PRIVATE KEY-----\n${SECRET}`,
    `<html>${SECRET}</html>`,
    `{"broken": "${SECRET}`,
  ];
  for (const text of texts) assert.ok(!said(text).includes(SECRET), said(text));
  assert.ok(!addressWithout(`https://a.example/gateway.do?sign=${SECRET}&method=x`).includes(SECRET));
});

test("all else stays as it was", () => {
  const json = '{"code":"10000","out_trade_no":"P1","sign_type":"RSA2","assign":"x","types":["card"]}';
  assert.equal(said(json), json);
  assert.equal(
    said("amount=500&currency=cny&metadata%5Bout_trade_no%5D=P1"),
    "amount=500&currency=cny&metadata[out_trade_no]=P1",
  );
  assert.equal(addressWithout("https://a.example/v3/pay"), "https://a.example/v3/pay");
  assert.equal(said(""), "");
  assert.equal(withoutSecrets(Buffer.alloc(70_000, "1")), "[70000 bytes]");
});
