import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { newTraceContext } from "./trace-context.ts";
import { formatTraceparent, readTraceHeaders } from "./trace-headers.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID = "00f067aa0ba902b7";

describe("trace headers", () => {
  it("are read and written as W3C Trace Context has them", () => {
    const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
    const trace = readTraceHeaders({ traceparent, tracestate: "a=1", baggage: "k=v" });
    assert.deepEqual(trace, {
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      sampled: true,
      traceState: "a=1",
      baggage: "k=v",
    });
    assert.equal(trace && formatTraceparent(trace), traceparent);
    assert.equal(readTraceHeaders({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-02` })?.sampled, false);
  });

  it("of a later version are read as far as they are known", () => {
    assert.equal(readTraceHeaders({ traceparent: `cc-${TRACE_ID}-${SPAN_ID}-01-more` })?.traceId, TRACE_ID);
  });

  const malformed = [
    "",
    "00",
    `00-${TRACE_ID}-${SPAN_ID}`,
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${SPAN_ID}-01-more`,
    `00-${"0".repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${"0".repeat(16)}-01`,
    `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${SPAN_ID}-01, 00-${TRACE_ID}-${SPAN_ID}-01`,
  ];
  for (const traceparent of malformed) {
    it(`that are malformed begin no trace: "${traceparent}"`, () => {
      assert.equal(readTraceHeaders({ traceparent }), undefined);
    });
  }

  it("hand on nothing that gRPC could not send, or that is too long", () => {
    const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
    const trace = readTraceHeaders({ traceparent, tracestate: "a=ü", baggage: "x".repeat(8193) });
    assert.deepEqual([trace?.traceState, trace?.baggage], [undefined, undefined]);
  });
});

describe("a trace context", () => {
  it("makes its ids when they are asked for, and keeps them", () => {
    let bytes = 0;
    const runtime = {
      ...systemRuntime,
      randomBytes: (length: number) => {
        bytes += length;
        return systemRuntime.randomBytes(length);
      },
    };
    const trace = newTraceContext(runtime);
    assert.equal(bytes, 0);
    assert.match(formatTraceparent(trace), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.equal(formatTraceparent(trace), formatTraceparent(trace));
    assert.equal(bytes, 24);
  });

  it("of a child has its parent's trace and decision, and a place of its own", () => {
    const parent = readTraceHeaders({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-01`, tracestate: "a=1" });
    const child = newTraceContext(systemRuntime, parent);
    assert.deepEqual([child.traceId, child.sampled, child.traceState], [TRACE_ID, true, "a=1"]);
    assert.notEqual(child.spanId, SPAN_ID);
  });
});
