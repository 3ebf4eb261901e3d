import assert from "node:assert/strict";
import { test } from "node:test";
import { status } from "@grpc/grpc-js";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import { choosePeer, isPeerFault, PeerLoad } from "./peer-load.ts";

interface Peer {
  readonly load: PeerLoad;
}

function peersOn(runtime: ManualRuntime, count: number): Peer[] {
  return Array.from({ length: count }, () => ({ load: new PeerLoad(runtime) }));
}

/** One call that takes `ms`. */
function call(peer: Peer | undefined, runtime: ManualRuntime, ms: number, succeeded = true): void {
  assert.ok(peer !== undefined);
  const end = peer.load.begin();
  runtime.advance(ms);
  end(succeeded);
}

function makeSick(peer: Peer | undefined, runtime: ManualRuntime): void {
  for (let failures = 0; failures < 7; failures++) call(peer, runtime, 0, false);
}

/** Chances that lead to each pair of peers in turn. */
function everyChance(): () => number {
  let step = 0;
  return () => (step++ * 0.37) % 1;
}

test("of two peers the quicker one is chosen, and among equals the one with fewer calls under way", () => {
  const runtime = createManualRuntime();
  const [slow, quick] = peersOn(runtime, 2);
  assert.ok(slow !== undefined && quick !== undefined);
  call(slow, runtime, 200);
  call(quick, runtime, 2);
  const chance = everyChance();
  for (let round = 0; round < 20; round++) assert.equal(choosePeer([slow, quick], chance), quick);
  const [busy, idle] = peersOn(runtime, 2);
  assert.ok(busy !== undefined && idle !== undefined);
  busy.load.begin();
  for (let round = 0; round < 20; round++) assert.equal(choosePeer([busy, idle], chance), idle);
});

test("a slow peer that is not called is forgotten, and so gets tried again", () => {
  const runtime = createManualRuntime();
  const [slow, quick] = peersOn(runtime, 2);
  assert.ok(slow !== undefined && quick !== undefined);
  call(slow, runtime, 200);
  for (let second = 0; second < 20; second++) {
    call(quick, runtime, 2);
    runtime.advance(998);
  }
  assert.ok(slow.load.cost <= quick.load.cost + 1);
});

test("a sick peer gets one call at a time, at ever longer intervals, and is well once it answers", () => {
  const runtime = createManualRuntime();
  const [sick, well] = peersOn(runtime, 2);
  assert.ok(sick !== undefined && well !== undefined);
  makeSick(sick, runtime);
  const chance = everyChance();
  for (const restMs of [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
    runtime.advance(restMs - 1);
    assert.equal(choosePeer([sick, well], chance), well, `${restMs} ms`);
    runtime.advance(1);
    assert.equal(choosePeer([sick, well], chance), sick, `${restMs} ms`);
    assert.equal(choosePeer([sick, well], chance), well, "a second call at once");
    call(sick, runtime, 0, false);
  }
  runtime.advance(10_000);
  assert.equal(choosePeer([sick, well], chance), sick);
  call(sick, runtime, 0);
  assert.ok(sick.load.healthy);
});

test("where all peers are sick, all get calls", () => {
  const runtime = createManualRuntime();
  const peers = peersOn(runtime, 3);
  for (const peer of peers) makeSick(peer, runtime);
  const chance = everyChance();
  const chosen = new Set(Array.from({ length: 50 }, () => choosePeer(peers, chance)));
  assert.equal(chosen.size, 3);
});

test("one failure, or every second one, does not make a peer sick", () => {
  const runtime = createManualRuntime();
  const [peer] = peersOn(runtime, 1);
  for (let round = 0; round < 100; round++) call(peer, runtime, 1, round % 2 === 0);
  assert.ok(peer?.load.healthy);
});

test("a peer is to blame for shedding load, not for refusing one caller who has had his share", () => {
  assert.equal(isPeerFault(status.UNAVAILABLE, ""), true);
  assert.equal(isPeerFault(status.RESOURCE_EXHAUSTED, "service overloaded"), true);
  assert.equal(isPeerFault(status.RESOURCE_EXHAUSTED, "登录失败次数过多，请稍后再试"), false);
  assert.equal(isPeerFault(status.NOT_FOUND, ""), false);
});
