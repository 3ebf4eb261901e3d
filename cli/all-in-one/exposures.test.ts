import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkConfig } from "@mall/kit/config";
import { type AllInOneConfig, allInOneConfig } from "./config.ts";
import { exposuresOf, refuseExposed } from "./exposures.ts";

const PUBLISHED = "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl";

function configOf(values: object): AllInOneConfig {
  return checkConfig("(test)", values, allInOneConfig);
}

function told(values: object): string {
  return exposuresOf(configOf(values))
    .map(({ text, fix }) => `${text}; ${fix}`)
    .join("\n");
}

describe("a mall in one process", () => {
  test("opens its rpc ports and its port for operators to this machine alone, whatever its Host", () => {
    const { Host, RpcHost, DevServer } = configOf({ Host: "0.0.0.0", DevServer: {} });
    assert.deepEqual([Host, RpcHost, DevServer?.Host], ["0.0.0.0", "127.0.0.1", "127.0.0.1"]);
  });

  test("in earnest does not start where others reach its rpc ports, and says the way out; elsewhere it warns", () => {
    for (const RpcHost of ["0.0.0.0", "::", "10.0.0.7", ""]) {
      assert.throws(() => refuseExposed(configOf({ Mode: "pro", RpcHost })), {
        code: "FAILED_PRECONDITION",
        reason: "EXPOSED",
        message: /^RpcHost listens on .*: listen on a loopback/,
      });
      refuseExposed(configOf({ RpcHost }));
      assert.match(told({ RpcHost }), /^RpcHost listens on/);
    }
    for (const RpcHost of ["127.0.0.1", "[::1]", "localhost", "127.0.0.53"]) {
      refuseExposed(configOf({ Mode: "pro", RpcHost }));
      assert.equal(told({ RpcHost }), "");
    }
  });

  test("in earnest says that its secrets are those that everybody can read", () => {
    const Auth = { AccessSecret: PUBLISHED };
    const Salt = "HWVOFkGgPTryzICwd7qnJaZR9KQ2i8xe";
    assert.match(
      told({ Mode: "pro", Auth }),
      /^Auth\.AccessSecret is the one of go-zero-mall's published files/,
    );
    assert.match(told({ Mode: "pro", User: { Salt } }), /^Salt is the one of go-zero-mall's published files/);
    assert.equal(told({ Auth, User: { Salt } }), "");
  });

  test("that is tried out where others reach it says what they can do, and so does one with a sandbox or a simulator", () => {
    const inPublic = told({ Host: "0.0.0.0" });
    assert.match(inPublic, /^Mode dev on 0\.0\.0\.0, .* first to register becomes admin/);
    assert.match(inPublic, /^the sandbox bank is open .* pay for nothing/m);
    assert.match(inPublic, /^the channel simulator is open .* pay for nothing.* Simulator\.Enabled: false/m);
    assert.match(
      told({ Mode: "pro", Host: "0.0.0.0", Sandbox: { Enabled: true } }),
      /^the sandbox bank is open/,
    );
    assert.equal(told({ Mode: "pro", Host: "0.0.0.0" }), "");
    assert.equal(told({}), "");
  });
});
