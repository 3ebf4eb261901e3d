import { basename } from "node:path";
import { loadConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { z } from "zod";
import { SERVICES } from "../all-in-one/config.ts";
import type { LoadedService } from "../services.ts";
import { neighbourConfig } from "./check-neighbours.ts";

/** What a configuration file is for. */
export type ConfigKind =
  | { readonly kind: "all-in-one" }
  | { readonly kind: "api" | "rpc"; readonly service: LoadedService };

const marks = z.object({
  Name: z.string().default(""),
  ListenOn: z.unknown().optional(),
  ...Object.fromEntries(Object.keys(neighbourConfig.shape).map((key) => [key, z.unknown().optional()])),
});

/**
 * Tells by its keys what a configuration is for: an rpc has ListenOn, an api names an rpc, and the rest is
 * an all-in-one's. Which service, by its Name as in the seed (`pay.rpc`, `Pay`), else by the file's.
 *
 * @throws AppError FAILED_PRECONDITION where the file is no YAML or does not tell its service.
 */
export function configKindOf(path: string): ConfigKind {
  const values = loadConfig(path, marks);
  const isRpc = values.ListenOn !== undefined;
  const hasNeighbours = Object.keys(neighbourConfig.shape).some(
    (key) => Reflect.get(values, key) !== undefined,
  );
  if (!isRpc && !hasNeighbours) return { kind: "all-in-one" };
  const service = serviceNamed(values.Name) ?? serviceNamed(basename(path));
  if (service !== undefined) return { kind: isRpc ? "rpc" : "api", service };
  const message = `config file ${path}: Name does not begin with a service: write e.g. pay.rpc`;
  throw new AppError("FAILED_PRECONDITION", "CONFIG_UNUSABLE", message);
}

function serviceNamed(text: string): LoadedService | undefined {
  return SERVICES.find(({ name }) => text.toLowerCase().startsWith(name));
}
