import assert from "node:assert/strict";
import { test } from "node:test";
import { testFolder, writeConfig } from "../testing/test-mall.ts";
import { checkOneLoc } from "./check-one-loc.ts";

test("mall doctor finds fault with files that give the times of one database different meanings", (t) => {
  const folder = testFolder(t);
  const fileWith = (name: string, DataSource: string): string =>
    writeConfig(folder, name, { Mysql: { DataSource } });
  const order = fileWith("order.yaml", "root@tcp(db:3306)/mall?loc=Asia%2FShanghai");
  const product = fileWith("product.yaml", "other:word@tcp(db)/mall?parseTime=true&loc=Asia%2FShanghai");
  const elsewhere = fileWith("elsewhere.yaml", "root@tcp(db2)/mall");
  const api = writeConfig(folder, "api.yaml", { Port: 1 });
  assert.deepEqual(checkOneLoc([order, product, elsewhere, api, `${folder}/none.yaml`]), []);
  const pay = fileWith("pay.yaml", "root@tcp(db)/mall?loc=UTC");
  const user = fileWith("user.yaml", "root@tcp(db)/mall?loc=UTC&Time_Zone=%27%2B08%3A00%27");
  assert.deepEqual(
    checkOneLoc([order, product, pay, user]).map(({ level, what }) => `${level} ${what}`),
    [
      `fail MySQL database mall at db:3306: ${order} has loc Asia/Shanghai, ${pay} has loc UTC, ` +
        `${user} has loc UTC and time_zone '+08:00': each reads the other's times as other instants`,
    ],
  );
});
