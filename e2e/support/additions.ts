import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { orderOpenApi } from "@mall/order/api/openapi";
import { payOpenApi } from "@mall/pay/api/openapi";
import { productOpenApi } from "@mall/product/api/openapi";
import { userOpenApi } from "@mall/user/api/openapi";
import { ROOT } from "./readme-commands.ts";

/** Names by where they are: columns by table, fields by message. */
export type Names = Readonly<Record<string, readonly string[]>>;

const SERVICES = ["user", "product", "order", "pay"] as const;

/** How many fields the messages of go-zero-mall's protos have; their numbers begin at 1. */
const SEED_MESSAGES: Readonly<Record<string, number>> = {
  "user.LoginRequest": 2,
  "user.LoginResponse": 4,
  "user.RegisterRequest": 4,
  "user.RegisterResponse": 4,
  "user.UserInfoRequest": 1,
  "user.UserInfoResponse": 4,
  "product.CreateRequest": 5,
  "product.CreateResponse": 1,
  "product.UpdateRequest": 6,
  "product.UpdateResponse": 0,
  "product.RemoveRequest": 1,
  "product.RemoveResponse": 0,
  "product.DetailRequest": 1,
  "product.DetailResponse": 6,
  "order.CreateRequest": 4,
  "order.CreateResponse": 1,
  "order.UpdateRequest": 5,
  "order.UpdateResponse": 0,
  "order.RemoveRequest": 1,
  "order.RemoveResponse": 0,
  "order.DetailRequest": 1,
  "order.DetailResponse": 5,
  "order.ListRequest": 1,
  "order.ListResponse": 1,
  "order.PaidRequest": 1,
  "order.PaidResponse": 0,
  "pay.CreateRequest": 3,
  "pay.CreateResponse": 1,
  "pay.DetailRequest": 1,
  "pay.DetailResponse": 6,
  "pay.CallbackRequest": 6,
  "pay.CallbackResponse": 0,
};

/** What go-zero-mall's routes take and give. */
const SEED_ROUTES: Readonly<Record<string, { readonly takes: string; readonly gives: string }>> = {
  "/api/user/login": { takes: "mobile password", gives: "accessToken accessExpire" },
  "/api/user/register": { takes: "name gender mobile password", gives: "id name gender mobile" },
  "/api/user/userinfo": { takes: "", gives: "id name gender mobile" },
  "/api/product/create": { takes: "name desc stock amount status", gives: "id" },
  "/api/product/update": { takes: "id name desc stock amount status", gives: "" },
  "/api/product/remove": { takes: "id", gives: "" },
  "/api/product/detail": { takes: "id", gives: "id name desc stock amount status" },
  "/api/order/create": { takes: "uid pid amount status", gives: "id" },
  "/api/order/update": { takes: "id uid pid amount status", gives: "" },
  "/api/order/remove": { takes: "id", gives: "" },
  "/api/order/detail": { takes: "id", gives: "id uid pid amount status" },
  "/api/order/list": { takes: "uid", gives: "id uid pid amount status" },
  "/api/pay/create": { takes: "uid oid amount", gives: "id" },
  "/api/pay/detail": { takes: "id", gives: "id uid oid amount source status" },
  "/api/pay/callback": { takes: "id uid oid amount source status", gives: "" },
};

/** The columns that the contracts have beside those of go-zero-mall's tables, which the first migrations make. */
export function addedColumns(): Names {
  return withoutEmpty(
    SERVICES.map((service) => {
      const now = columnsOf(read(`services/${service}/model/${service}.sql`));
      const seed = columnsOf(read(`services/${service}/model/migrations/0001-seed.sql`));
      return [service, now.filter((name) => !seed.includes(name))];
    }),
  );
}

/** The tables of the contracts that go-zero-mall does not have. */
export function addedTables(): string[] {
  const folders = [
    ...SERVICES.map((service) => `services/${service}/model`),
    ...["jobs", "saga", "idempotency", "audit"].map((area) => `kit/${area}/model`),
  ];
  const texts = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".sql"))
      .map((name) => read(`${folder}/${name}`)),
  );
  const tables = texts.flatMap((text) =>
    [...text.matchAll(/^CREATE TABLE `(\w+)`/gm)].map(([, name]) => name ?? ""),
  );
  return tables.filter((name) => !SERVICES.some((service) => service === name)).toSorted();
}

/** The methods of the protos that go-zero-mall does not have, by service. */
export function addedMethods(): Names {
  return withoutEmpty(
    SERVICES.map((service) => {
      const { methods } = contractOf(service);
      return [`${service}.${capital(service)}`, methods.filter((name) => !isSeedMethod(service, name))];
    }),
  );
}

/** The fields that go-zero-mall's messages do not have, by message. */
export function addedFields(): Names {
  return withoutEmpty(
    SERVICES.flatMap((service) => {
      const { fields } = contractOf(service);
      return Object.entries(SEED_MESSAGES)
        .filter(([message]) => message.startsWith(`${service}.`))
        .map(([message, count]): [string, string[]] => {
          const own = fields.get(message);
          if (own === undefined) throw new Error(`${service}.proto has no ${message}`);
          return [message, own.filter(({ number }) => number > count).map(({ name }) => name)];
        });
    }),
  );
}

/** The routes that go-zero-mall does not have. */
export function addedRoutes(): string[] {
  return paths()
    .map(([path]) => path)
    .filter((path) => !(path in SEED_ROUTES))
    .toSorted();
}

/** The JSON fields that go-zero-mall's routes do not take or give, by route. */
export function addedJson(): Names {
  return withoutEmpty(
    paths().flatMap(([path, operation]): [string, string[]][] => {
      const seed = SEED_ROUTES[path];
      if (seed === undefined) return [];
      const { requestBody, responses } = operation;
      const taken = propertiesOf(requestBody).filter((name) => !seed.takes.split(" ").includes(name));
      const given = propertiesOf(at(responses, "200")).filter(
        (name) => !seed.gives.split(" ").includes(name),
      );
      return [
        [`${path} takes`, taken],
        [`${path} gives`, given],
      ];
    }),
  );
}

interface Operation {
  readonly requestBody?: unknown;
  readonly responses?: unknown;
}

const PARTS = [userOpenApi, productOpenApi, orderOpenApi, payOpenApi];

function paths(): [string, Operation][] {
  return PARTS.flatMap((part) =>
    Object.entries(part.paths).map(([path, item]): [string, Operation] => {
      const [operation] = Object.values(Object(item));
      return [path, Object(operation)];
    }),
  );
}

/** The names of a body's fields; of its elements, where it is a list. */
function propertiesOf(body: unknown): string[] {
  const schema = resolve(at(body, "content", "application/json", "schema"));
  const items = at(schema, "items");
  return Object.keys(Object(at(items === undefined ? schema : resolve(items), "properties")));
}

function resolve(schema: unknown): unknown {
  const reference = at(schema, "$ref");
  if (typeof reference !== "string") return schema;
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const found = PARTS.map(({ schemas }) => at(schemas, name));
  return found.find((each) => each !== undefined);
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), value);
}

/** What this repository's protos look like; `message Name {` and one field a line. */
function contractOf(service: string): { fields: ReadonlyMap<string, Field[]>; methods: string[] } {
  const text = read(`services/${service}/rpc/${service}.proto`);
  const fields = new Map<string, Field[]>();
  for (const [, message = "", body = ""] of text.matchAll(/^message (\w+) \{$(.*?)^\}$/gms)) {
    const found = [...body.matchAll(/^\s+(?:optional |repeated )?\w+ (\w+) = (\d+);/gm)];
    fields.set(
      `${service}.${message}`,
      found.map(([, name = "", number]) => ({ name, number: Number(number) })),
    );
  }
  return { fields, methods: [...text.matchAll(/^\s+rpc (\w+)\(/gm)].map(([, name]) => name ?? "") };
}

interface Field {
  readonly name: string;
  readonly number: number;
}

/** A method of go-zero-mall's is the one that its request is named after. */
function isSeedMethod(service: string, method: string): boolean {
  return `${service}.${method}Request` in SEED_MESSAGES;
}

function columnsOf(sql: string): string[] {
  return [...sql.matchAll(/^\s+`(\w+)` /gm)].map(([, name]) => name ?? "");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function withoutEmpty(entries: readonly (readonly [string, readonly string[]])[]): Names {
  return Object.fromEntries(entries.filter(([, names]) => names.length > 0));
}
