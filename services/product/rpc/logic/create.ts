import type { Call } from "@mall/kit/call";
import { actOnProduct } from "../act-on-product.ts";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/product.ts";
import { checkStatus } from "../status.ts";

/** Puts a product up. */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  checkStatus(request.status);
  const { name, desc, stock, amount, status } = request;
  const row = { name, desc, stock, amount, status };
  const operation = { method: "/product.Product/Create", request: row };
  return context.idempotency.once<CreateResponse>(call, operation, (_save, commit) =>
    commit((own) => {
      const act = { own, operation: operation.method, id: (made?: CreateResponse) => made?.id };
      return actOnProduct(context, call, act, async (tx) => ({
        id: await context.productModel.insert(row, tx),
      }));
    }),
  );
}
