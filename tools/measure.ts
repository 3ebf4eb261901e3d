import { join } from "node:path";
import { readFlags } from "@mall/kit/testing";
import { measureFlows } from "./measure/flows.ts";
import { readHouse } from "./measure/house.ts";
import { describeHouse } from "./measure/report.ts";

// npm run measure: how large the house and its parts are, whether its imports run in circles, what a request runs.

const HELP = `npm run measure -- [options]

Measures the source of each top folder and of each service. gen/, testdata and tests are left out; tests are counted
as lines for each line of source. A function counts where it has a name or more than one line. A circle is a set of
files each of which reaches every other by imports; type imports lead somewhere too, but not between values.

  --flows      also start a mall in this process, on SQLite, send it requests of five kinds several times, and count
               the files and functions of kit, services and cli that each runs every time
  --of FOLDER  the checkout to measure (this one); not for --flows
  --help       this text
`;

const { values } = readFlags({
  options: {
    flows: { type: "boolean", default: false },
    of: { type: "string", default: join(import.meta.dirname, "..") },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  process.stdout.write(describeHouse(readHouse(values.of)));
  if (values.flows) process.stdout.write(`\n${await measureFlows()}`);
}
