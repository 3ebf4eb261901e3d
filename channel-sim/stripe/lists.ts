import type { z } from "zod";
import { expanded } from "./expand.ts";
import type { FormValue } from "./form.ts";
import type { StripeObject, StripeObjects } from "./objects.ts";
import { type RequestOf, readParameters, stripeRequests } from "./requests.ts";
import type { Unit } from "./unit.ts";

export type Form = Readonly<Record<string, FormValue>>;

/** Carries out a call; `id` is of the object in its path. */
export type Run = (unit: Unit, form: Form, id: string) => Promise<object>;

type PageSchema = (typeof stripeRequests)["page" | "tradePage" | "refundPage" | "balancePage"];
/** When what is listed was made. */
export type Created = NonNullable<RequestOf<"tradePage">["created"]>;
type PageRequest = z.output<PageSchema> & { readonly created?: Created | undefined };

interface List<Kind extends keyof StripeObjects> {
  readonly kind: Kind;
  readonly path: string;
  readonly schema?: PageSchema;
  /** A page as it is told, where that is not as it is. */
  readonly tell?: (
    unit: Unit,
    page: readonly StripeObjects[Kind][],
    created: Created,
  ) => Promise<readonly StripeObjects[Kind][]>;
}

/** Pages of objects, the latest first; what is not the filter's is left out. */
export function list<Kind extends keyof StripeObjects>({
  kind,
  path,
  schema = stripeRequests.page,
  tell = async (_unit, page) => page,
}: List<Kind>): Run {
  return async (unit, form) => {
    const request: PageRequest = readParameters(form, schema);
    const { limit, starting_after, ending_before, expand, created = {}, ...filter } = request;
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
    const all = (await unit.list(kind))
      .filter(
        (object) =>
          isWithin(createdOf(object), created) &&
          wanted.every(([name, value]) => Reflect.get(object, name) === value),
      )
      .toSorted((left, right) => createdOf(right) - createdOf(left));
    const position = async (id: string) => {
      await unit.demand(kind, id);
      return all.findIndex((object) => object.id === id);
    };
    const after = starting_after === undefined ? 0 : (await position(starting_after)) + 1;
    const until = ending_before === undefined ? undefined : await position(ending_before);
    const between = all.slice(after, until);
    const page = ending_before === undefined ? between.slice(0, limit) : between.slice(-limit);
    const below = expand.map((name) => name.replace(/^data\./, ""));
    const told = await tell(unit, page, created);
    const data = await Promise.all(told.map((object) => expanded(unit, object, below)));
    return { object: "list", data, has_more: page.length < between.length, url: path };
  };
}

function createdOf(object: StripeObject): number {
  return Reflect.get(object, "created");
}

function isWithin(second: number, created: Created): boolean {
  const { gt = Number.NEGATIVE_INFINITY, gte = gt, lt = Number.POSITIVE_INFINITY, lte = lt } = created;
  return second > gt && second >= gte && second < lt && second <= lte;
}
