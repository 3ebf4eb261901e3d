import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { PROCESSES, ROOT, readProcessFile, readYaml, readYamls, SERVICES } from "./test-files.ts";

const FOLDER = "deploy/kubernetes";

interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly {
    readonly name: string;
    readonly files?: readonly string[];
    readonly literals?: readonly string[];
  }[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
}

interface Probe {
  readonly grpc?: { readonly port: number };
  readonly httpGet?: { readonly path: string; readonly port: string };
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } }[];
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly resources: Record<"requests" | "limits", { readonly cpu: string; readonly memory: string }>;
  readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
}

interface Deployment {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas: number;
    readonly strategy: { readonly rollingUpdate: object };
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: { readonly runAsNonRoot: boolean };
        readonly containers: readonly [Container];
      };
    };
  };
}

interface Service {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly clusterIP?: string;
    readonly selector: object;
    readonly ports: readonly [{ readonly name: string; readonly port: number; readonly targetPort: string }];
  };
}

interface PodSelector {
  readonly matchExpressions: readonly [{ readonly values: readonly string[] }];
}

interface Policy {
  readonly spec: {
    readonly podSelector: PodSelector;
    readonly ingress: readonly [Ingress, Ingress];
  };
}

interface Ingress {
  readonly from?: readonly { readonly podSelector: PodSelector }[];
  readonly ports: readonly object[];
}

interface Budget {
  readonly spec: { readonly maxUnavailable: number; readonly selector: { readonly matchLabels: object } };
}

const kustomization = readYaml<Kustomization>(`${FOLDER}/kustomization.yaml`);
const [secret] = readYamls(`${FOLDER}/secret.example.yaml`) as [
  { metadata: { name: string }; stringData: object },
];
const literals = kustomization.configMapGenerator.flatMap((each) => each.literals ?? []);
const names = PROCESSES.map(({ name }) => name);

function environmentOf(container: Container): Record<string, string> {
  const secrets = container.env.map(({ name }) => [name, "0123456789"] as const);
  const plain = literals.map((text) => [text.split("=")[0] ?? "", text.split("=")[1] ?? ""] as const);
  return Object.fromEntries([...secrets, ...plain]);
}

describe("deploy/kubernetes", () => {
  it("lists every manifest and configuration file of the folder", () => {
    const manifests = readdirSync(join(ROOT, FOLDER)).filter((file) => file.endsWith(".yaml"));
    const apart = ["kustomization.yaml", "secret.example.yaml"];
    assert.deepEqual(
      [...kustomization.resources].sort(),
      manifests.filter((file) => !apart.includes(file)).sort(),
    );
    const files = kustomization.configMapGenerator.flatMap((each) => each.files ?? []);
    assert.deepEqual([...files].sort(), names.map((name) => `etc/${name}.yaml`).sort());
    assert.deepEqual(
      readdirSync(join(ROOT, FOLDER, "etc")).sort(),
      names.map((name) => `${name}.yaml`).sort(),
    );
  });

  it("migrates with the image that it then runs", () => {
    const migrate = readYaml<Kustomization>(`${FOLDER}/migrate/kustomization.yaml`);
    assert.deepEqual(migrate.images, kustomization.images);
  });

  it("lets nobody but the mall's own pods reach the port of an rpc, and of each the port for operators", () => {
    const [policy] = readYamls(`${FOLDER}/network-policies.yaml`) as [Policy];
    const rpcs = SERVICES.map((service) => `${service}-rpc`);
    assert.deepEqual(policy.spec.podSelector.matchExpressions[0].values, rpcs);
    const [callers, operators] = policy.spec.ingress;
    assert.deepEqual(callers.from?.[0]?.podSelector.matchExpressions[0].values.toSorted(), names.toSorted());
    assert.deepEqual(callers.ports, [{ protocol: "TCP", port: "grpc" }]);
    assert.deepEqual([operators.from, operators.ports], [undefined, [{ protocol: "TCP", port: "ops" }]]);
  });

  for (const deployed of PROCESSES) {
    const { name, process, layer } = deployed;
    const [deployment, front, budget] = readYamls(`${FOLDER}/${name}.yaml`) as [Deployment, Service, Budget];
    const pod = deployment.spec.template.spec;
    const [container] = pod.containers;
    const file = readProcessFile(`${FOLDER}/etc/${name}.yaml`, deployed, environmentOf(container));

    it(`${name} runs its process on a file that it accepts`, () => {
      assert.deepEqual(container.args, ["serve", process, "-f", `/etc/mall/${name}.yaml`]);
      assert.deepEqual(file.read.notes, []);
      for (const { valueFrom } of container.env) {
        assert.equal(valueFrom.secretKeyRef.name, secret.metadata.name);
        assert.ok(valueFrom.secretKeyRef.key in secret.stringData);
      }
    });

    it(`${name} differs from its file for compose in addresses only`, () => {
      const compose = readYaml<Record<string, unknown>>(`deploy/etc/${name}.yaml`);
      const apart = /^(Etcd|Mysql|CacheRedis|Telemetry)$|Rpc$/;
      const rest = (values: object) => Object.entries(values).filter(([key]) => !apart.test(key));
      assert.deepEqual(rest(file.written), rest(compose));
      const neighbours = (values: object) => Object.keys(values).filter((key) => key.endsWith("Rpc"));
      assert.deepEqual(neighbours(file.written), neighbours(compose));
    });

    it(`${name} finds its neighbours by headless services`, () => {
      for (const [key, block] of Object.entries(file.written)) {
        if (!key.endsWith("Rpc")) continue;
        const host = `${key.slice(0, -3).toLowerCase()}-rpc`;
        const [, neighbour] = readYamls(`${FOLDER}/${host}.yaml`) as [Deployment, Service];
        const target = `dns:///${host}:${neighbour.spec.ports[0].port}`;
        assert.deepEqual(block, { Target: target });
        assert.equal(neighbour.spec.clusterIP, "None");
      }
    });

    it(`${name} is reached on the port it listens on, and probed there`, () => {
      const ports = Object.fromEntries(container.ports.map((port) => [port.name, port.containerPort]));
      const serving = layer === "rpc" ? "grpc" : "http";
      assert.deepEqual(ports, { [serving]: file.port, ops: file.read.config.DevServer?.Port });
      assert.deepEqual(front.spec.ports, [{ name: serving, port: file.port, targetPort: serving }]);
      const { HealthPath: path } = file.read.config.DevServer ?? {};
      const alive = { path: "/livez", port: "ops" };
      assert.deepEqual(container.startupProbe.httpGet, alive, "a database that is away restarts nothing");
      if (layer === "rpc") assert.deepEqual(container.readinessProbe.grpc, { port: file.port });
      else assert.deepEqual(container.readinessProbe.httpGet, { path, port: "ops" });
      assert.deepEqual(container.livenessProbe.httpGet, alive);
    });

    it(`${name} is replaced without a gap: one more first, and time to finish`, () => {
      assert.deepEqual(deployment.spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
      const pauseSeconds = Number(container.lifecycle.preStop.exec.command[1]);
      const stopSeconds = file.read.config.Shutdown.WaitTime / 1000 + 3;
      assert.ok(pod.terminationGracePeriodSeconds >= pauseSeconds + stopSeconds);
      // A neighbour keeps an answer of DNS for 10 s, and the cluster's DNS its own for up to 5 s.
      if (layer === "rpc") assert.ok(pauseSeconds >= 15);
      assert.ok(deployment.spec.replicas >= 2);
      assert.equal(budget.spec.maxUnavailable, 1);
    });

    it(`${name} is limited, and can write nowhere`, () => {
      assert.ok(container.resources.limits.cpu && container.resources.limits.memory);
      assert.equal(container.securityContext.readOnlyRootFilesystem, true);
      assert.equal(pod.securityContext.runAsNonRoot, true);
    });

    it(`${name} is one set of pods to its deployment, service and budget`, () => {
      const labels = { "app.kubernetes.io/name": name };
      assert.deepEqual([deployment.metadata.name, front.metadata.name], [name, name]);
      assert.deepEqual(deployment.spec.template.metadata.labels, labels);
      assert.deepEqual(deployment.spec.selector.matchLabels, labels);
      assert.deepEqual(front.spec.selector, labels);
      assert.deepEqual(budget.spec.selector.matchLabels, labels);
    });
  }
});
