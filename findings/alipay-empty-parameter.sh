#!/bin/sh
# alipay-sdk 4.14.0 (npm) and com.alipay.sdk:alipay-sdk-java 4.40.734.ALL (Maven), both by Alipay, and
# python-alipay-sdk 3.4.0 (PyPI), a common one.
#
# A notification is signed over its parameters without sign and sign_type. Whether one that came empty (body=) is among
# them, the SDKs do not agree: Java leaves it out, the other two keep it, so that each refuses what the others take. A
# gateway's double must not send empty parameters, and who verifies has to try both texts.
#
#   signed over           npm      python-alipay-sdk  java
#   no empty parameter    taken    taken              taken
#   all parameters        taken    taken              refused
#   those with a value    refused  refused            taken
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" alipay-sdk@4.14.0 || exit 2
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$dir/python" python-alipay-sdk==3.4.0 || exit 2
cd "$dir"
mkdir java
cat > java/pom.xml <<'XML'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.alipay.sdk</groupId>
      <artifactId>alipay-sdk-java</artifactId>
      <version>4.40.734.ALL</version>
    </dependency>
  </dependencies>
</project>
XML
(cd java && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib) || exit 2

# Three notifications; each is a folder with its form and the text that is signed.
cat > make.mjs <<'JS'
import { generateKeyPairSync, sign } from "node:crypto";
import { writeFileSync } from "node:fs";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
writeFileSync("private.pem", privateKey.export({ type: "pkcs1", format: "pem" }));
writeFileSync("public.pem", publicKey.export({ type: "spki", format: "pem" }));

const paid = { notify_id: "n1", out_trade_no: "o1", total_amount: "5.00", trade_status: "TRADE_SUCCESS" };
const made = [];
for (const [what, told, isSigned] of [
  ["no empty parameter", paid, () => true],
  ["all parameters", { body: "", ...paid }, () => true],
  ["those with a value", { body: "", ...paid }, (value) => value !== ""],
]) {
  const names = Object.keys(told).filter((name) => isSigned(told[name])).sort();
  const text = names.map((name) => `${name}=${told[name]}`).join("&");
  const signature = sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64");
  made.push({ what, form: { ...told, sign_type: "RSA2", sign: signature } });
}
writeFileSync("made.json", JSON.stringify(made));
writeFileSync("made.txt", made.map(({ form }) => new URLSearchParams(form).toString()).join("\n"));
JS
node make.mjs

# Each prints a line for each notification: taken or refused.
cat > npm.mjs <<'JS'
import { readFileSync } from "node:fs";
import { AlipaySdk } from "alipay-sdk";

const [privateKey, alipayPublicKey] = ["private.pem", "public.pem"].map((file) => readFileSync(file, "utf8"));
const alipay = new AlipaySdk({ appId: "1", privateKey, alipayPublicKey });
for (const { form } of JSON.parse(readFileSync("made.json", "utf8")))
  console.log(alipay.checkNotifySign(form) ? "taken" : "refused");
JS

cat > common.py <<'PY'
import json

from alipay import AliPay

client = AliPay(
    appid="1",
    app_notify_url=None,
    app_private_key_string=open("private.pem").read(),
    alipay_public_key_string=open("public.pem").read(),
)
for made in json.load(open("made.json")):
    form = dict(made["form"])
    print("taken" if client.verify(form, form.pop("sign")) else "refused")
PY

cat > java/Check.java <<'JAVA'
import com.alipay.api.internal.util.AlipaySignature;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;

class Check {
  public static void main(String[] args) throws Exception {
    String key = String.join("", Files.readAllLines(Path.of("public.pem"))).replaceAll("-----[^-]+-----", "");
    for (String line : Files.readAllLines(Path.of("made.txt"))) {
      HashMap<String, String> form = new HashMap<>();
      for (String pair : line.split("&")) {
        String[] parts = pair.split("=", 2);
        form.put(parts[0], URLDecoder.decode(parts[1], "UTF-8"));
      }
      System.out.println(AlipaySignature.rsaCheckV1(form, key, "utf-8", "RSA2") ? "taken" : "refused");
    }
  }
}
JAVA

node npm.mjs > npm.txt
PYTHONPATH=python python3 common.py > common.txt
# The SDK logs to the standard output too.
java -cp 'java/lib/*' java/Check.java 2>/dev/null | grep -x 'taken\|refused' > java.txt

cat > table.mjs <<'JS'
import { readFileSync } from "node:fs";

const [npm, common, java] = ["npm", "common", "java"].map((name) => readFileSync(`${name}.txt`, "utf8").split("\n"));
JSON.parse(readFileSync("made.json", "utf8")).forEach(({ what }, index) => {
  console.log(`${what.padEnd(22)}${npm[index].padEnd(9)}${common[index].padEnd(19)}${java[index]}`);
});
JS
node table.mjs > seen
cat seen

cat > stated <<'TEXT'
no empty parameter    taken    taken              taken
all parameters        taken    taken              refused
those with a value    refused  refused            taken
TEXT
diff stated seen || exit 1
