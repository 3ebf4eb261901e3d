import protobuf from "#protobuf";
import { pascalCase } from "../emit/index.ts";

// A message becomes a type; these are types that its generated file needs itself.
const TAKEN_TYPES = new Set(
  "AsyncIterable Call MessageType Promise Record ServiceDefinition Uint8Array".split(" "),
);

/**
 * The names that messages and enums of several packages have in one TypeScript file: as protoc-gen-go names them
 * (`Outer_Inner`, first letter a capital), with their package in front where two would share one.
 */
export class TypeNames {
  readonly #names = new Map<protobuf.ReflectionObject, string>();
  readonly #taken: Set<string>;

  /** @param services whose clients and definitions keep their names */
  constructor(services: readonly string[]) {
    this.#taken = new Set([
      ...TAKEN_TYPES,
      ...services.flatMap((name) => [`${name}Client`, `${name}Service`]),
    ]);
  }

  of(type: protobuf.Type | protobuf.Enum): string {
    const known = this.#names.get(type);
    if (known !== undefined) return known;
    const name = this.#free(localName(type), packageOf(type));
    this.#names.set(type, name);
    this.#taken.add(name);
    return name;
  }

  #free(local: string, packageName: string): string {
    if (!this.#taken.has(local)) return local;
    const qualified = pascalCase(packageName) + local;
    for (const name of [qualified, `${local}Message`]) if (!this.#taken.has(name)) return name;
    let count = 2;
    while (this.#taken.has(`${local}${count}`)) count += 1;
    return `${local}${count}`;
  }
}

function localName(type: protobuf.ReflectionObject): string {
  const { parent } = type;
  const own = type.name.charAt(0).toUpperCase() + type.name.slice(1);
  return parent instanceof protobuf.Type ? `${localName(parent)}_${own}` : own;
}

function packageOf(type: protobuf.ReflectionObject): string {
  const { parent } = type;
  if (parent instanceof protobuf.Type) return packageOf(parent);
  return parent?.fullName.replace(/^\./, "") ?? "";
}
