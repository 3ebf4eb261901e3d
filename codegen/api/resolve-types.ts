import type { Lexer } from "./lexer.ts";
import { upperFirst } from "./parse-type.ts";
import type { EmbeddedStruct, ParsedField, ParsedMember, ParsedType } from "./parsed-type.ts";
import type { ApiField, ApiType, TypeRef } from "./schema.ts";
import { structOf } from "./type-refs.ts";

// What generated files import or the language gives: a type of that name would hide it.
const TAKEN_TYPES = new Set(
  (
    "Route ServiceContext HttpClient JsonSchema OpenApiPart RawAnswer RawRequest RequestInputs WriteOptions Promise " +
    "Record Call AppError Array AsyncGenerator AsyncIterable Object"
  ).split(" "),
);

/**
 * Types with the fields of those that they embed, under the names that they have in TypeScript: goctl exports them all,
 * so their first letter is a capital.
 *
 * A name defined twice, or used and not defined, is a problem of the lexer's.
 */
export function resolveTypes(lexer: Lexer, parsed: readonly ParsedType[]): ApiType[] {
  const types = new Map<string, ParsedType>();
  const names = new Set<string>();
  for (const type of parsed) {
    const name = typeName(type.name);
    if (names.has(name))
      lexer.problems.add(lexer.error(type.at, `a second type "${type.name}"`, "each type once"));
    names.add(name);
    types.set(type.name, type);
  }
  const flat = new Flattening(lexer, types);
  const cycles = cyclesOf(parsed, flat);
  return parsed.map((type) => ({
    name: typeName(type.name),
    doc: type.doc,
    fields: withoutDoubles(lexer, type.name, flat.fieldsOf(type)).map((field) =>
      resolveField(field, type, cycles),
    ),
    at: type.at,
  }));
}

/** The name of a type in TypeScript. */
export function typeName(name: string): string {
  const exported = upperFirst(name);
  return TAKEN_TYPES.has(exported) ? `${exported}Type` : exported;
}

/** A type as a route or field names it, by its name in TypeScript. */
export function renamed(ref: TypeRef): TypeRef {
  if (ref.kind === "struct") return { ...ref, name: typeName(ref.name) };
  if (ref.kind === "array") return { ...ref, element: renamed(ref.element) };
  return ref.kind === "map" ? { ...ref, value: renamed(ref.value) } : ref;
}

function resolveField(field: ParsedField, owner: ParsedType, cycles: Cycles): ApiField {
  const { pointer, ...rest } = field;
  // A nil pointer ends what would otherwise hold itself for ever.
  const ends = pointer && field.type.kind === "struct" && cycles.together(owner.name, field.type.name);
  const rules = ends ? { ...field.rules, optional: true } : field.rules;
  return { ...rest, rules, type: renamed(field.type) };
}

/** The fields of each type, looked up once. */
class Flattening {
  readonly #lexer: Lexer;
  readonly #types: ReadonlyMap<string, ParsedType>;
  readonly #done = new Map<string, readonly ParsedField[]>();
  readonly #open: string[] = [];

  constructor(lexer: Lexer, types: ReadonlyMap<string, ParsedType>) {
    this.#lexer = lexer;
    this.#types = types;
  }

  /** In Go's order and by its rule: what is declared nearer hides what is embedded. */
  fieldsOf(type: ParsedType): readonly ParsedField[] {
    const known = this.#done.get(type.name);
    if (known !== undefined) return known;
    this.#open.push(type.name);
    const own = new Set(type.members.flatMap((member) => (member.kind === "field" ? [member.name] : [])));
    const fields = type.members.flatMap((member) => {
      const fields = this.#lexer.problems.attempt(() => this.#fieldsOfMember(member)) ?? [];
      return member.kind === "embedded" ? fields.filter(({ name }) => !own.has(name)) : fields;
    });
    this.#open.pop();
    this.#done.set(type.name, fields);
    return fields;
  }

  #fieldsOfMember(member: ParsedMember): ParsedField[] {
    if (member.kind === "embedded") return this.#embedded(member);
    const { kind: _kind, ...field } = member;
    this.#demandKnown(field.type);
    return [field];
  }

  #embedded({ type: name, optional, at }: EmbeddedStruct): ParsedField[] {
    const type = this.#types.get(name);
    if (type === undefined) throw this.#unknown(name, at);
    if (this.#open.includes(name)) {
      throw this.#lexer.error(at, `"${name}" embedded in itself`, "a struct that ends");
    }
    const fields = this.fieldsOf(type);
    if (!optional) return [...fields];
    return fields.map((field) => ({ ...field, rules: { ...field.rules, optional: true } }));
  }

  #demandKnown(ref: TypeRef): void {
    const struct = structOf(ref);
    if (struct !== undefined && !this.#types.has(struct.name)) throw this.#unknown(struct.name, struct.at);
  }

  #unknown(name: string, at: ParsedType["at"]): Error {
    return this.#lexer.error(at, `the unknown type "${name}"`, "a type of the contract or a Go base type");
  }
}

function withoutDoubles(lexer: Lexer, type: string, fields: readonly ParsedField[]): readonly ParsedField[] {
  const names = new Set<string>();
  const properties = new Set<string>();
  const unique: ParsedField[] = [];
  for (const field of fields) {
    const { name, at } = field;
    if (names.has(name)) {
      lexer.problems.add(lexer.error(at, `a second field "${name}"`, `each field of ${type} once`));
      continue;
    }
    const own = propertyFor(field, properties);
    if (properties.has(own.jsonName)) {
      const found = `a second field with the JSON name "${own.jsonName}"`;
      lexer.problems.add(lexer.error(at, found, `each JSON name of ${type} once`));
      continue;
    }
    names.add(name);
    properties.add(own.jsonName);
    unique.push(own);
  }
  return unique;
}

/** A path parameter and a field of the body may have one name; then the one outside the body takes that of its field. */
function propertyFor(field: ParsedField, taken: ReadonlySet<string>): ParsedField {
  if (field.outsideBody !== true || !taken.has(field.jsonName)) return field;
  return { ...field, jsonName: field.name };
}

interface Cycles {
  together(one: string, other: string): boolean;
}

/** Which types lead to each other, by Tarjan's strongly connected components without recursion. */
function cyclesOf(types: readonly ParsedType[], flat: Flattening): Cycles {
  const next = new Map(
    types.map((type) => [
      type.name,
      flat.fieldsOf(type).flatMap((field) => structOf(field.type)?.name ?? []),
    ]),
  );
  const group = new Components(next).groups();
  return {
    together: (one, other) => group.get(one) !== undefined && group.get(one) === group.get(other),
  };
}

interface Visit {
  readonly name: string;
  readonly rest: string[];
}

class Components {
  readonly #next: ReadonlyMap<string, readonly string[]>;
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #stack: string[] = [];
  readonly #group = new Map<string, number>();
  #groups = 0;

  constructor(next: ReadonlyMap<string, readonly string[]>) {
    this.#next = next;
  }

  groups(): ReadonlyMap<string, number> {
    for (const name of this.#next.keys()) if (!this.#index.has(name)) this.#visit(name);
    return this.#group;
  }

  #visit(start: string): void {
    const path: Visit[] = [this.#enter(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const name = top.rest.pop();
      if (name === undefined) {
        path.pop();
        this.#leave(top.name, path.at(-1)?.name);
      } else if (!this.#index.has(name)) {
        path.push(this.#enter(name));
      } else if (!this.#group.has(name)) {
        this.#lower(top.name, this.#index.get(name));
      }
    }
  }

  #enter(name: string): Visit {
    this.#index.set(name, this.#index.size);
    this.#low.set(name, this.#index.size - 1);
    this.#stack.push(name);
    return { name, rest: [...(this.#next.get(name) ?? [])] };
  }

  #leave(name: string, parent: string | undefined): void {
    if (parent !== undefined) this.#lower(parent, this.#low.get(name));
    if (this.#low.get(name) !== this.#index.get(name)) return;
    this.#groups += 1;
    for (const member of this.#stack.splice(this.#stack.lastIndexOf(name)))
      this.#group.set(member, this.#groups);
  }

  #lower(name: string, to = Number.POSITIVE_INFINITY): void {
    this.#low.set(name, Math.min(this.#low.get(name) ?? to, to));
  }
}
