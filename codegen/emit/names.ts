/** `Uid` → `uid`: how a contract's name becomes a property or a function. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `pay` → `Pay`: how a name becomes a type. */
export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `create_time` → `createTime`: how a SQL name becomes a property. */
export function camelCase(name: string): string {
  const [first = "", ...rest] = name.split(/[_-]+/).filter((word) => word !== "");
  return lowerFirst(first) + rest.map(upperFirst).join("");
}

/** `DecrStockRevert` and `pay_attempt` → `decr-stock-revert`, `pay-attempt`: how a name becomes a file. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}
