import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { stringify } from "yaml";
import { promtool, whyNoPrometheus } from "../e2e/support/prometheus.ts";
import { readYaml, readYamls, SERVICES } from "./test-files.ts";

interface ScrapeConfig {
  readonly job_name: string;
  readonly kubernetes_sd_configs?: readonly { role: string; namespaces: { names: readonly string[] } }[];
  readonly static_configs?: readonly { labels: Readonly<Record<string, string>> }[];
  readonly relabel_configs?: readonly object[];
}

interface Prometheus {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly [ScrapeConfig];
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Labels; readonly annotations: Labels };
      readonly spec: {
        readonly containers: readonly [{ ports: readonly { name: string; containerPort: number }[] }];
      };
    };
  };
}

type Labels = Readonly<Record<string, string>>;

const inCluster = readYaml<Prometheus>("deploy/prometheus/kubernetes.yml");
const compose = readYaml<Prometheus>("deploy/prometheus/prometheus.yml");

/** What Prometheus' discovery of pods says of a process's pod, once for each port. */
function discovered(name: string, phase: string): { targets: string[]; labels: Labels }[] {
  const [{ spec }] = readYamls(`deploy/kubernetes/${name}.yaml`) as [Deployment];
  const { metadata, spec: pod } = spec.template;
  const told = (kind: string, values: Labels): Labels =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        `__meta_kubernetes_pod_${kind}_${key.replace(/\W/g, "_")}`,
        value,
      ]),
    );
  const labels = {
    ...told("label", metadata.labels),
    ...told("annotation", metadata.annotations),
    __meta_kubernetes_pod_name: `${name}-${phase}`,
    __meta_kubernetes_pod_phase: phase,
  };
  return pod.containers[0].ports.map((port) => ({
    targets: [`${name}:${port.containerPort}`],
    labels: { ...labels, __meta_kubernetes_pod_container_port_name: port.name },
  }));
}

describe("deploy/prometheus", () => {
  it("looks for pods where the manifests put them, and has the rules of the static configuration", () => {
    const { namespace } = readYaml<{ namespace: string }>("deploy/kubernetes/kustomization.yaml");
    const [{ job_name, kubernetes_sd_configs }] = inCluster.scrape_configs;
    assert.equal(job_name, compose.scrape_configs[0].job_name);
    assert.deepEqual(kubernetes_sd_configs, [{ role: "pod", namespaces: { names: [namespace] } }]);
    assert.deepEqual(inCluster.rule_files, compose.rule_files);
  });

  it("fetches each running pod once, from the port of its figures, under the labels that alerts ask for", (t) => {
    const why = whyNoPrometheus();
    if (why !== undefined) return t.skip(why);
    const folder = mkdtempSync(join(tmpdir(), "mall-prometheus-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const names = SERVICES.flatMap((service) => [`${service}-rpc`, `${service}-api`]);
    const pods = names.flatMap((name) => ["Running", "Failed"].flatMap((phase) => discovered(name, phase)));
    // Debian's promtool knows no cluster, so it is told what one would say.
    const { kubernetes_sd_configs: _, ...scrape } = inCluster.scrape_configs[0];
    const told = { scrape_configs: [{ ...scrape, static_configs: pods }] };
    writeFileSync(join(folder, "told.yml"), stringify(told));
    const answer = promtool(["check", "service-discovery", "--timeout=1s", "told.yml", "mall"], folder);
    const found = (JSON.parse(answer) as { labels: Labels }[]).flatMap(({ labels }) => {
      const { instance, job, service, layer, pod } = labels;
      return instance === undefined ? [] : [{ instance, job, service, layer, pod }];
    });
    const expected = SERVICES.flatMap((service) =>
      ["rpc", "api"].map((layer) => {
        const name = `${service}-${layer}`;
        return { instance: `${name}:6060`, job: "mall", service, layer, pod: `${name}-Running` };
      }),
    );
    const sorted = (targets: readonly { instance: string }[]) =>
      targets.toSorted((left, right) => left.instance.localeCompare(right.instance));
    assert.deepEqual(sorted(found), sorted(expected));
  });
});
