import type { Call } from "@mall/kit/call";
import { PRODUCT_STATUS } from "../../model/product-state.ts";
import { actOnProduct } from "../act-on-product.ts";
import type { ServiceContext } from "../context.ts";
import { productNotFound } from "../errors.ts";
import type { RemoveRequest, RemoveResponse } from "../gen/product.ts";

/** Takes a product away; its row stays for the orders that name it. */
export async function remove(
  context: ServiceContext,
  call: Call,
  request: RemoveRequest,
): Promise<RemoveResponse> {
  const { productModel, idempotency } = context;
  const { id } = request;
  const operation = { method: "/product.Product/Remove", request: { id } };
  return idempotency.once<RemoveResponse>(call, operation, async (_save, commit) => {
    if ((await productModel.findLive(id)) === undefined) throw productNotFound();
    return commit(async (own) => {
      const act = { own, operation: operation.method, id: () => id };
      const changes = { status: PRODUCT_STATUS.removed };
      await actOnProduct(context, call, act, (tx) => productModel.update(id, changes, { tx }));
      return {};
    });
  });
}
