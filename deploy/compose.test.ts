import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadConfig } from "@mall/kit/config";
import { allInOneConfig } from "../cli/all-in-one/config.ts";
import { PROCESSES, ROOT, readProcessFile, readText, readYaml, SERVICES } from "./test-files.ts";

interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
  readonly deploy?: { readonly resources?: { readonly limits?: { cpus?: string; memory?: string } } };
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const FILES = ["deploy/compose.yaml", "deploy/compose.all-in-one.yaml"] as const;
const split = readYaml<Compose>(FILES[0]);

/** What a container's environment holds: the shape counts, not the secrets. */
function environmentOf(service: ComposeService | undefined): Record<string, string> {
  return Object.fromEntries(Object.keys(service?.environment ?? {}).map((name) => [name, "0123456789"]));
}

describe("deploy/compose.yaml", () => {
  for (const deployed of PROCESSES) {
    const { name, process, layer, shipped } = deployed;
    it(`starts ${process} on a file that it accepts, on the shipped file's port`, () => {
      const container = split.services[name];
      const file = `deploy/etc/${name}.yaml`;
      assert.deepEqual(container?.command, ["serve", process, "-f", `/etc/mall/${name}.yaml`]);
      assert.deepEqual(container?.volumes, ["./etc:/etc/mall:ro"]);
      const { read, port } = readProcessFile(file, deployed, environmentOf(container));
      assert.deepEqual(read.notes, []);
      assert.equal(read.config.Mode, "pro");
      assert.equal(port, readProcessFile(shipped, deployed, {}).port);
      if (layer === "api")
        assert.deepEqual(
          container?.ports?.map((text) => text.split(":").slice(-2)),
          [[String(port), String(port)]],
        );
    });

    it(`lets ${process} finish what is in flight`, () => {
      const { read } = readProcessFile(
        `deploy/etc/${name}.yaml`,
        deployed,
        environmentOf(split.services[name]),
      );
      const graceMs = 1000 * Number.parseInt(split.services[name]?.stop_grace_period ?? "0", 10);
      assert.ok(graceMs >= read.config.Shutdown.WaitTime + 3000);
    });
  }

  it("keeps the etcd keys of the seed, by which processes find each other", () => {
    const gateway = readYaml<Record<string, unknown>>("deploy/etc/gateway.yaml");
    for (const service of SERVICES) {
      const seed = readYaml<{ Etcd: unknown }>(`services/${service}/rpc/etc/${service}.yaml`);
      assert.deepEqual(readYaml<{ Etcd: unknown }>(`deploy/etc/${service}-rpc.yaml`).Etcd, seed.Etcd);
      const key = `${service.charAt(0).toUpperCase()}${service.slice(1)}Rpc`;
      assert.deepEqual(gateway[key], { Etcd: seed.Etcd });
    }
  });

  it("holds no secret: each is a variable that must be set, and stands empty in .env.example", () => {
    const example = readText("deploy/.env.example");
    const text = FILES.map(readText).join("\n");
    const secrets = [...text.matchAll(/(?<!\$)\$\{(\w+):\?/g)].map((match) => match[1]);
    assert.ok(secrets.length > 5);
    for (const secret of secrets) assert.match(example, new RegExp(`^${secret}=$`, "m"));
    const all = new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map((match) => match[1]));
    const listed = [...example.matchAll(/^(\w+)=/gm)].map((match) => match[1]);
    assert.deepEqual([...all].sort(), listed.sort());
  });
});

for (const file of FILES) {
  describe(`${file}, each container`, () => {
    const { services, volumes } = readYaml<Compose>(file);
    for (const [name, service] of Object.entries(services)) {
      it(`${name} has an image by tag, limits and a rule for restarts`, () => {
        assert.match(service.image ?? "", /^(\$\{MALL_IMAGE:-mall\}|[\w./-]+:v?\d[\w.-]+)$/);
        assert.ok(service.deploy?.resources?.limits?.cpus);
        assert.ok(service.deploy?.resources?.limits?.memory);
        assert.equal(service.restart, name === "migrate" ? "no" : "unless-stopped");
      });

      it(`${name} waits only for what is there and can tell that it is ready`, () => {
        for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
          const awaited = services[other];
          assert.ok(awaited, other);
          const own = awaited.image?.includes("MALL_IMAGE") === true;
          if (condition === "service_healthy") assert.ok(own || awaited.healthcheck, other);
          else assert.equal(awaited.restart, "no");
        }
      });

      it(`${name} mounts what is there`, () => {
        for (const volume of service.volumes ?? []) {
          const source = volume.split(":")[0] ?? "";
          if (source.startsWith(".")) assert.ok(existsSync(join(ROOT, "deploy", source)), source);
          else assert.ok(source in volumes, source);
        }
      });
    }
  });
}

describe("deploy/etc/mall.yaml", () => {
  it("opens the ports that the image and the compose file name, in mode pro", () => {
    const config = loadConfig(join(ROOT, "deploy/etc/mall.yaml"), allInOneConfig);
    assert.equal(config.Mode, "pro");
    assert.equal(config.DataDir, "/data");
    assert.equal(config.DevServer?.Port, 6060);
    const { mall } = readYaml<Compose>(FILES[1]).services;
    assert.ok(mall?.ports?.[0]?.endsWith(`:${config.Port}:${config.Port}`));
    assert.ok(mall?.volumes?.includes(`data:${config.DataDir}`));
  });
});
