import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { connectRpcClient } from "./client.ts";
import { EndpointList, type EndpointSource } from "./endpoint-source.ts";
import { createRpcServer, type RpcServer } from "./server.ts";
import type { ServiceDefinition } from "./service.ts";
import { Probe, type ProbeClient, ProbeService, type Sample, sample } from "./test-probe-service.ts";

/** `echo` may be sent again, `fail` may not; both do what the test's peers do. */
const RetriedService: ServiceDefinition<ProbeClient> = {
  ...ProbeService,
  methods: { ...ProbeService.methods, echo: { ...ProbeService.methods.echo, idempotent: true } },
};

/** A peer that counts its calls and answers them as `act` does. */
class Peer extends Probe {
  calls = 0;
  act: () => Promise<void> = async () => {};

  override async echo(_call: Call, request: Sample): Promise<Sample> {
    this.calls += 1;
    await this.act();
    return request;
  }

  override async fail(): Promise<Sample> {
    this.calls += 1;
    await this.act();
    return sample();
  }
}

interface RunningPeer {
  readonly peer: Peer;
  readonly server: RpcServer;
  readonly address: string;
}

async function startPeer(t: TestContext): Promise<RunningPeer> {
  const peer = new Peer();
  const server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 0 });
  server.add(ProbeService, peer);
  const address = await server.start("127.0.0.1:0");
  t.after(() => server.stop(0));
  return { peer, server, address };
}

interface ChangingSource extends EndpointSource {
  set(endpoints: readonly string[]): void;
}

function changingSource(): ChangingSource {
  const list = new EndpointList();
  return {
    target: "etcd:///127.0.0.1:2379?key=probe.rpc",
    authority: "probe.rpc",
    current: () => list.current(),
    onChange: (listener) => list.onChange(listener),
    close: async () => {},
    set: (endpoints) => list.set(endpoints),
  };
}

function connect(
  t: TestContext,
  endpoints: readonly string[] | EndpointSource,
  definition = ProbeService,
): ProbeClient {
  const connection = connectRpcClient({ definition, endpoints, timeoutMs: 2_000, runtime: systemRuntime });
  t.after(() => connection.close());
  return connection.client;
}

async function startThree(t: TestContext): Promise<{ peers: RunningPeer[]; client: ProbeClient }> {
  const peers = [await startPeer(t), await startPeer(t), await startPeer(t)];
  const client = connect(
    t,
    peers.map(({ address }) => address),
  );
  const until = Date.now() + 5_000;
  while (peers.some(({ peer }) => peer.calls === 0) && Date.now() < until) await echoMany(client, 8);
  for (const { peer } of peers) peer.calls = 0;
  return { peers, client };
}

/** `count` calls, eight at a time; returns how many failed. */
async function echoMany(client: ProbeClient, count: number): Promise<number> {
  let failed = 0;
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < count) {
      sent += 1;
      await client.echo(backgroundCall(), sample()).catch(() => {
        failed += 1;
      });
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return failed;
}

function callWithin(ms: number): Call {
  return new Call({ deadline: Date.now() + ms });
}

function callsOf(peers: readonly RunningPeer[]): number[] {
  return peers.map(({ peer }) => peer.calls);
}

test("peers that are alike share the calls", async (t) => {
  const { peers, client } = await startThree(t);
  await echoMany(client, 600);
  for (const calls of callsOf(peers)) assert.ok(calls > 60, `shares ${callsOf(peers)}`);
});

test("a peer that takes 200 ms gets a small share of the calls", async (t) => {
  const { peers, client } = await startThree(t);
  const [slow] = peers;
  assert.ok(slow !== undefined);
  slow.peer.act = () => new Promise((resolve) => systemRuntime.setTimer(resolve, 200));
  await echoMany(client, 1_000);
  assert.ok(slow.peer.calls < 50, `the slow peer got ${slow.peer.calls} of 1000`);
});

test("a peer that fails fast as UNAVAILABLE gets almost no calls, and its share back when it is well", async (t) => {
  const { peers, client } = await startThree(t);
  const [sick] = peers;
  assert.ok(sick !== undefined);
  sick.peer.act = async () => {
    throw new AppError("UNAVAILABLE", "UNAVAILABLE", "out of order");
  };
  const failed = await echoMany(client, 1_000);
  assert.ok(failed < 20, `${failed} of 1000 calls failed`);
  sick.peer.act = async () => {};
  sick.peer.calls = 0;
  const until = Date.now() + 10_000;
  while (sick.peer.calls < 20 && Date.now() < until) await echoMany(client, 100);
  assert.ok(sick.peer.calls >= 20, `only ${sick.peer.calls} calls came back`);
});

test("a business error does not speak against a peer", async (t) => {
  const { peers, client } = await startThree(t);
  const [strict] = peers;
  assert.ok(strict !== undefined);
  strict.peer.act = async () => {
    throw new AppError("NOT_FOUND", "NOT_FOUND", "用户不存在");
  };
  await echoMany(client, 600);
  assert.ok(strict.peer.calls > 60, `shares ${callsOf(peers)}`);
});

test("a peer that is cut off costs at most the calls it was working on", async (t) => {
  const { peers, client } = await startThree(t);
  const [dying] = peers;
  assert.ok(dying !== undefined);
  const running = echoMany(client, 1_000);
  while (dying.peer.calls < 20) await new Promise((resolve) => setImmediate(resolve));
  await dying.server.stop(0);
  const failed = await running;
  assert.ok(failed <= 8, `${failed} calls failed, 8 can have been under way`);
});

test("a call without side effects is sent to another peer when its own is lost; any other fails", async (t) => {
  const [dying, other] = [await startPeer(t), await startPeer(t)];
  const source = changingSource();
  source.set([dying.address]);
  const client = connect(t, source, RetriedService);
  const entered = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  dying.peer.act = () => {
    entered[dying.peer.calls - 1]?.resolve();
    return new Promise(() => {});
  };
  const harmless = client.echo(backgroundCall(), sample({ id: 7 }));
  const changing = client.fail(backgroundCall(), sample());
  const changingFails = assert.rejects(changing, { code: "UNAVAILABLE" });
  await Promise.all(entered.map(({ promise }) => promise));
  source.set([dying.address, other.address]);
  while (other.peer.calls === 0) {
    // The new peer is connected to in the background; only then can it take over.
    await client.echo(callWithin(50), sample()).catch(() => {});
  }
  const before = other.peer.calls;
  await dying.server.stop(0);
  assert.equal((await harmless).id, 7);
  await changingFails;
  assert.equal(other.peer.calls, before + 1);
});

test("an instance that joins gets calls, one that leaves gets none, and running calls end", async (t) => {
  const [first, second] = [await startPeer(t), await startPeer(t)];
  const source = changingSource();
  source.set([first.address]);
  const client = connect(t, source);
  await echoMany(client, 10);
  source.set([first.address, second.address]);
  const until = Date.now() + 5_000;
  while (second.peer.calls === 0 && Date.now() < until) await echoMany(client, 10);
  assert.ok(second.peer.calls > 0);
  const { promise, resolve } = Promise.withResolvers<void>();
  second.peer.act = () => promise;
  source.set([second.address]);
  await client.hang(callWithin(50), sample()).catch(() => {});
  const seen = first.peer.calls;
  const answers = Promise.all(Array.from({ length: 5 }, () => client.echo(backgroundCall(), sample())));
  while (second.peer.calls < 5) await new Promise((next) => setImmediate(next));
  source.set([first.address]);
  resolve();
  await answers;
  assert.equal(first.peer.calls, seen);
});

test("where no instance is known calls wait, and are UNAVAILABLE naming the service when their time is over", async (t) => {
  const source = changingSource();
  source.set([]);
  const client = connect(t, source);
  const { address } = await startPeer(t);
  await assert.rejects(client.echo(callWithin(50), sample()), {
    code: "UNAVAILABLE",
    message: "service unavailable: probe.Probe",
  });
  const early = client.echo(backgroundCall(), sample({ id: 5 }));
  source.set([address]);
  assert.equal((await early).id, 5);
});

test("waiting for a peer that is not there ends in go-zero's words", async () => {
  const source = changingSource();
  const { ready, close } = connectRpcClient({
    definition: ProbeService,
    endpoints: source,
    timeoutMs: 2_000,
    runtime: systemRuntime,
  });
  await assert.rejects(ready(50), {
    reason: "PEER_NOT_STARTED",
    message:
      'rpc dial: etcd:///127.0.0.1:2379?key=probe.rpc, error: context deadline exceeded, make sure rpc service "probe.rpc" is already started',
  });
  close();
});
