import type { Call } from "@mall/kit/call";
import { checkStatus } from "../../model/product-model.ts";
import { actOnProduct } from "../act-on-product.ts";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/product.ts";

/** Puts a product up. */
export async function create(
  context: ServiceContext,
  call: Call,
  request: CreateRequest,
): Promise<CreateResponse> {
  checkStatus(request.status);
  const { name, desc, stock, amount, status } = request;
  const row = { name, desc, stock, amount, status };
  return context.idempotency.once<CreateResponse>(call, row, (commit) =>
    commit.transaction(async (tx) => {
      const act = { tx, id: (made?: CreateResponse) => made?.id };
      const insert = async () => ({ id: await context.productModel.insert(row, tx) });
      return { answer: await actOnProduct(context, call, act, insert) };
    }),
  );
}
