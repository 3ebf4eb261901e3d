import { styleText } from "node:util";
import { systemRuntime } from "@mall/kit/runtime";
import type { Command } from "commander";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";

const HELP = `
Without -f it looks at what mall up needs: the ports 8000-8003, 9000-9003 and 8888, the data folder and the
database in it. With -f it looks at what each file's process needs: port, database, neighbours.
Exit code 0: nothing fails, 1: something does, 3: it could not look.

Examples:
  mall doctor
  mall doctor --data /var/lib/mall --json
  mall doctor -f services/pay/rpc/etc/pay.yaml -f services/pay/api/etc/pay.yaml`;

interface DoctorFlags {
  readonly file?: string[];
  readonly data?: string;
  readonly json?: boolean;
}

const STYLE = { ok: "green", warn: "yellow", fail: "red" } as const;

/** `mall doctor`: what keeps a mall from starting or serving on this machine, and what to do about it. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("look for what keeps a mall from starting or serving here, and say what to do")
    .option("-f, --file <file...>", "configuration (YAML) of an rpc, an api or an all-in-one")
    .option("--data <folder>", "data folder of an all-in-one (default ./data)")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", HELP)
    .action(doctor);
}

async function doctor({ file = [], data, json }: DoctorFlags): Promise<void> {
  const findings = await examine({ files: file, dataDir: data }, systemRuntime);
  const healthy = findings.every((finding) => finding.level !== "fail");
  const text = json === true ? JSON.stringify({ healthy, findings }, undefined, 2) : report(findings);
  process.stdout.write(`${text}\n`);
  if (!healthy) process.exitCode = 1;
}

function report(findings: readonly Finding[]): string {
  const count = (level: Finding["level"]): number =>
    findings.filter((finding) => finding.level === level).length;
  return [...findings.map(line), "", `${count("ok")} ok, ${count("warn")} warn, ${count("fail")} fail`].join(
    "\n",
  );
}

function line({ level, what, fix }: Finding): string {
  const mark = styleText(STYLE[level], level.padEnd(4), { stream: process.stdout });
  return fix === undefined ? `${mark}  ${what}` : `${mark}  ${what}  — ${fix}`;
}
