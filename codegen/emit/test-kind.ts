import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractError } from "./index.ts";

/** A kind of thing that is in other people's contracts, and what comes of it. */
export interface KindCase {
  readonly kind: string;
  /** What stands in the generated files. */
  readonly gives?: readonly string[];
  readonly lacks?: readonly string[];
  /** Instead: what is said of it. */
  readonly refused?: RegExp;
}

interface Generated {
  readonly generated: readonly { readonly content: string }[];
  readonly scaffolds: readonly { readonly content: string }[];
}

/** A test that a contract of the kind is taken, or refused, as it says. */
export function testKind(
  { kind, gives = [], lacks = [], refused }: KindCase,
  generate: () => Generated,
): void {
  test(`${kind} ${refused === undefined ? "is taken" : "is refused"}`, () => {
    if (refused !== undefined) {
      assert.throws(generate, (error) => error instanceof ContractError && refused.test(error.message));
      return;
    }
    const { generated, scaffolds } = generate();
    const text = [...generated, ...scaffolds].map(({ content }) => content).join("\n");
    for (const part of gives) assert.ok(text.includes(part), `${part}\nis not in\n${text}`);
    for (const part of lacks) assert.ok(!text.includes(part), `${part}\nis in\n${text}`);
  });
}
