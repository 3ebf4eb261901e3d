import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { createTokenVerifier, signToken } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { TEST_SECRET } from "../support/mall.ts";
import { goText } from "./go-text.ts";

/** A running process of a mall. */
export interface Running {
  stop(): Promise<void>;
}

export type Service = "user" | "product" | "order" | "pay";

/** What each api of go-zero-mall serves, and the fields of its answers. */
const APIS: Readonly<
  Record<Service, { readonly routes: readonly string[]; readonly fields: readonly string[] }>
> = {
  user: { routes: ["login", "register", "userinfo"], fields: ["id", "name", "gender", "mobile"] },
  product: {
    routes: ["create", "update", "remove", "detail"],
    fields: ["id", "name", "desc", "stock", "amount", "status"],
  },
  order: {
    routes: ["create", "update", "remove", "detail", "list"],
    fields: ["id", "uid", "pid", "amount", "status"],
  },
  pay: {
    routes: ["create", "detail", "callback"],
    fields: ["id", "uid", "oid", "amount", "source", "status"],
  },
};

const OPEN: ReadonlySet<string> = new Set(["login", "register"]);
const EXPIRE_SECONDS = 86_400;

const verify = createTokenVerifier({ secret: TEST_SECRET, runtime: systemRuntime });

/** What goes out: a body of JSON with 200, else text. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * An api as go-zero-mall has it: asks for a token, maps fields, checks nothing else, and answers every error with 400
 * and its text (go-zero 1.3.2). Whose token it is only `userinfo` asks.
 */
export async function startGoApi(service: Service, calls: object, port: number): Promise<Running> {
  const server = createServer((request, response) => {
    const send = ({ status, body }: Answer): void => {
      const isText = typeof body === "string";
      response.writeHead(status, {
        "Content-Type": isText ? "text/plain; charset=utf-8" : "application/json",
      });
      response.end(isText ? body : JSON.stringify(body));
    };
    answer(service, calls, request).then(send, (error: unknown) =>
      send({ status: 400, body: `${goText(error)}\n` }),
    );
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(service: Service, calls: object, request: IncomingMessage): Promise<Answer> {
  const { routes, fields } = APIS[service];
  const route = routes.find((name) => request.url === `/api/${service}/${name}`);
  if (route === undefined) return { status: 404, body: "404 page not found\n" };
  const uid = OPEN.has(route) ? 0 : uidOf(request);
  if (uid === undefined) return { status: 401, body: "" };
  const body: object = JSON.parse((await text(request)) || "{}");
  const found = await call(calls, route, route === "userinfo" ? { id: uid } : body);
  if (route === "login") return { status: 200, body: tokenOf(Number(Reflect.get(found, "id"))) };
  const own = (row: object): object =>
    Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)));
  return { status: 200, body: route === "list" ? rowsOf(found).map(own) : own(found) };
}

/** A route is named as its method, in lower case. */
async function call(calls: object, route: string, request: object): Promise<object> {
  const method: unknown = Reflect.get(calls, route === "userinfo" ? "userInfo" : route);
  if (typeof method !== "function") throw new Error(`no method for ${route}`);
  return method.call(calls, request);
}

function rowsOf(found: object): object[] {
  const rows: unknown = Reflect.get(found, "data");
  return Array.isArray(rows) ? rows : [];
}

function tokenOf(uid: number): object {
  const now = Math.floor(Date.now() / 1000);
  const accessToken = signToken({ secret: TEST_SECRET, uid, role: 0, now, expireSeconds: EXPIRE_SECONDS });
  return { accessToken, accessExpire: now + EXPIRE_SECONDS };
}

/** Undefined without a token that opens the door. */
function uidOf(request: IncomingMessage): number | undefined {
  try {
    return verify(request.headers.authorization).uid;
  } catch {
    return undefined;
  }
}
