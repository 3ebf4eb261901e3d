import { randomInt } from "node:crypto";
import { endOf, readFlags, wholeNumberOf } from "@mall/kit/testing";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "../support/people.ts";
import { openPay, orderOne, putUp } from "../support/shop.ts";
import { spawnMall } from "../support/spawned-mall.ts";
import { findSchemathesis, runSchemathesis } from "./run-schemathesis.ts";

// holds a mall to its own API description, with requests that follow it and that do not.

const HELP = `npm run schemathesis -- [--seed N] [--examples N]

Starts a mall with some products, orders and payments, and lets schemathesis ask it as an admin and as a buyer.
Brings schemathesis along by uvx or, where that is missing, in a venv below node_modules; needs Python 3.10.

  --seed N      decides what is asked
  --examples N  how much, of each operation (50)

Exit code 0: all answers are as described, or there is no Python; 1: some are not.
`;

/** As many as hooks.py leads ids to. */
const SEEDED = 20;

const { values } = readFlags({
  options: {
    seed: { type: "string" },
    examples: { type: "string", default: "50" },
    help: { type: "boolean" },
  },
});
if (values.help === true) {
  process.stdout.write(HELP);
  process.exit(0);
}
const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumberOf("--seed", values.seed);
const examples = wholeNumberOf("--examples", values.examples, 1);
const program = findSchemathesis();
if (typeof program === "string") {
  process.stdout.write(`skipped: ${program}\n`);
  process.exit(0);
}
process.stdout.write(`seed ${seed}\n`);
const mall = await spawnMall();
try {
  const urls = gatewayUrls(mall.url);
  const admin = await newCustomer(urls); // the first user of a fresh mall
  const buyer = await newCustomer(urls);
  await sell(admin, buyer);
  for (const [name, { token }] of Object.entries({ admin: personOfRole(urls, "admin", admin.uid), buyer })) {
    process.stdout.write(`as ${name}\n`);
    const code = await runSchemathesis(program, { url: mall.url, token, seed, examples });
    if (code !== 0) process.exitCode = 1;
  }
} catch (error) {
  endOf(error instanceof Error ? String(error.stack) : String(error));
} finally {
  await mall.stop();
}

/** Products, orders and payments from number 1 on, half of them the admin's. */
async function sell(admin: Person, buyer: Person): Promise<void> {
  for (let count = 0; count < SEEDED; count += 1) {
    const person = count % 2 === 0 ? admin : buyer;
    await openPay(person, await orderOne(person, await putUp(admin, 100)));
  }
}
