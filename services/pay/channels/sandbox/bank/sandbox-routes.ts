import { AppError } from "@mall/kit/errors";
import type { JsonSchema, RawRequest, Route } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import { CASHIER_FILES, cashierPage } from "./cashier/cashier-page.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { type Payment, Refusal } from "./rules.ts";
import type { SandboxBank } from "./sandbox-bank.ts";
import { tradeStateOf } from "./trade.ts";

const TIMES_MAX = 1_000_000;
const MS_MAX = 3_600_000;

const outTradeNo = { type: "string", minLength: 1, maxLength: 64 };
const amount = { type: "integer", minimum: 1, maximum: 4_294_967_295 };
const currency = { type: "string", pattern: "^[A-Z]{3}$" };

/** The buyer's request. */
export const payRequestSchema: JsonSchema = {
  type: "object",
  required: ["outTradeNo"],
  properties: { outTradeNo, amount, currency },
};

/** The resulting state of the trade. */
export const payResponseSchema: JsonSchema = {
  type: "object",
  required: ["outTradeNo", "state", "amount", "currency"],
  properties: { outTradeNo, state: { type: "string" }, amount: { type: "integer" }, currency },
};

/** The faults to inject. */
export const faultsSchema: JsonSchema = {
  type: "object",
  required: ["faults"],
  properties: {
    faults: {
      type: "array",
      maxItems: 1000,
      items: {
        type: "object",
        required: ["fault"],
        properties: {
          fault: { type: "string", enum: FAULTS },
          times: { type: "integer", minimum: 1, maximum: TIMES_MAX },
          ms: { type: "integer", minimum: 0, maximum: MS_MAX },
          outTradeNo,
        },
      },
    },
  },
};

/** The bank's routes: the merchant's, the buyer's page and button, and the faults. */
export function sandboxRoutes(bank: SandboxBank, runtime: Runtime): Route[] {
  return [merchantRoute(bank), payRoute(bank, runtime), faultsRoute(bank), ...pageRoutes(bank, runtime)];
}

function merchantRoute(bank: SandboxBank): Route {
  return {
    method: "POST",
    path: "/sandbox/api/:operation",
    handler: "SandboxApi",
    auth: false,
    raw: true,
    repeatable: true,
    handle: async (_call, { params, headers, body }: RawRequest) => {
      const answer = await bank.answer({ operation: params.operation ?? "", headers, body });
      return { ...answer, contentType: answer.headers["content-type"] ?? "text/plain" };
    },
  };
}

function payRoute(bank: SandboxBank, runtime: Runtime): Route {
  return {
    method: "POST",
    path: "/sandbox/pay",
    handler: "SandboxPay",
    auth: false,
    repeatable: true,
    request: payRequestSchema,
    response: payResponseSchema,
    handle: async (_call, { outTradeNo, ...payment }: Payment & { readonly outTradeNo: string }) => {
      try {
        const trade = await bank.pay(outTradeNo, payment);
        const { state } = tradeStateOf(trade, runtime.now());
        const { amount, currency } = trade.payment ?? trade;
        return { outTradeNo, state, amount, currency };
      } catch (error) {
        throw error instanceof Refusal ? refusedPayment(error) : error;
      }
    },
  };
}

function refusedPayment({ code }: Refusal): AppError {
  return code === "TRADE_ABSENT"
    ? new AppError("NOT_FOUND", code, "没有这笔交易")
    : new AppError("FAILED_PRECONDITION", code, "交易已关闭");
}

function faultsRoute(bank: SandboxBank): Route {
  return {
    method: "POST",
    path: "/sandbox/faults",
    handler: "SandboxFaults",
    auth: false,
    repeatable: true,
    request: faultsSchema,
    response: faultsSchema,
    handle: async (_call, { faults }: { readonly faults: readonly Fault[] }) => {
      bank.setFaults(faults);
      return { faults: bank.faults };
    },
  };
}

function pageRoutes(bank: SandboxBank, runtime: Runtime): Route[] {
  const files = Object.entries(CASHIER_FILES).map(([name, file]) =>
    page(`/sandbox/${name}`, async () => file),
  );
  const cashier = page("/sandbox/cashier/:outTradeNo", async ({ params }) =>
    cashierPage(await bank.trade(params.outTradeNo ?? ""), runtime.now()),
  );
  return [cashier, ...files];
}

function page(path: string, answer: (request: RawRequest) => Promise<object>): Route {
  return {
    method: "GET",
    path,
    handler: "SandboxPage",
    auth: false,
    raw: true,
    handle: (_call, request: RawRequest) => answer(request),
  };
}
