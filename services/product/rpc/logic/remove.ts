import type { Call } from "@mall/kit/call";
import { PRODUCT_STATUS } from "../../model/product-model.ts";
import { actOnProduct } from "../act-on-product.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/product.ts";

/** Takes a product away; its row stays for the orders that name it. */
export async function remove(
  context: ServiceContext,
  call: Call,
  { id }: RemoveRequest,
): Promise<RemoveResponse> {
  const { productModel, idempotency } = context;
  return idempotency.once<RemoveResponse>(call, { id }, async (commit) => {
    if ((await productModel.findLive(id)) === undefined) throw productNotFound();
    return commit.transaction(async (tx) => {
      const changes = { status: PRODUCT_STATUS.removed };
      const act = { tx, id: () => id };
      await actOnProduct(context, call, act, () => productModel.update(id, changes, { tx }));
      return { answer: {} };
    });
  });
}
