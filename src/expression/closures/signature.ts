// What a built-in function takes: its signature, as JSONata writes them, held against the arguments of a call.
import { FunctionValue, type Signature } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { isList } from "./sequence.ts";

interface Parameter {
  /** Of the letters below, with `?` or `+`. */
  readonly pattern: string;
  readonly isList: boolean;
  /** What the elements of a list must be. */
  readonly elements: string | undefined;
  /** The types a context may have that stands in for it. */
  readonly context: RegExp | undefined;
}

/**
 * `<s-nn?:s>`: a text, or the context if it is left out, a number, perhaps another number. Letters: `s` text, `n` number,
 * `b` boolean, `l` null, `a` list, `o` object, `f` function, `m` nothing; `x` any, `j` any but functions.
 */
export function signature(written: string): Signature {
  const parameters = parametersOf(written.slice(1, -1).replace(/:[a-z<>]*$/, ""));
  const whole = new RegExp(`^${parameters.map(({ pattern }) => `(${pattern})`).join("")}$`);
  // There are few combinations of types, so each is matched once.
  const known = new Map<string, readonly string[] | null>();
  return {
    validate: (args, context) => {
      const types = args.map(typeOf).join("");
      let shares = known.get(types);
      if (shares === undefined) {
        shares = whole.exec(types)?.slice(1) ?? null;
        if (types.length <= MOST_REMEMBERED) known.set(types, shares);
      }
      if (!shares) throw new JsonataError("T0410");
      return distributed(parameters, shares, args, context);
    },
  };
}

const MOST_REMEMBERED = 6;

const TYPES: Readonly<Record<string, string>> = { a: "[asnblfom]", x: "[asnblfom]", j: "[asnblom]", f: "f" };

function parametersOf(written: string): readonly Parameter[] {
  return [...written.matchAll(/(\([a-z]+\)|[a-z])(?:<([^>]*(?:<[^>]*>[^>]*)*)>)?([-?+])?/g)].map(
    ([, type = "", elements, mark]) => {
      const letters = TYPES[type] ?? `[${type.replaceAll(/[()]/g, "")}m]`;
      return {
        pattern: letters + (mark === "-" ? "?" : (mark ?? "")),
        isList: type === "a",
        elements: type === "a" ? elements : undefined,
        context: mark === "-" ? new RegExp(letters) : undefined,
      };
    },
  );
}

function typeOf(value: unknown): string {
  if (value === null) return "l";
  if (Array.isArray(value)) return "a";
  if (value instanceof FunctionValue) return "f";
  return { string: "s", number: "n", boolean: "b", object: "o" }[typeof value as string] ?? "m";
}

/** `shares`: the types each parameter takes. */
function distributed(
  parameters: readonly Parameter[],
  shares: readonly string[],
  args: readonly unknown[],
  context: unknown,
): readonly unknown[] {
  const given: unknown[] = [];
  let next = 0;
  for (const [index, parameter] of parameters.entries()) {
    const share = shares[index] ?? "";
    if (share === "" && parameter.context) {
      if (!parameter.context.test(typeOf(context))) throw new JsonataError("T0411");
      given.push(context);
    } else {
      for (const type of share === "" ? "m" : share) {
        given.push(parameter.isList && share !== "" ? asList(args[next], type, share, parameter) : args[next]);
        next += 1;
      }
    }
  }
  return given;
}

function asList(value: unknown, type: string, share: string, { elements }: Parameter): unknown {
  if (type === "m") return undefined;
  if (!isList(value)) {
    if (elements !== undefined && share !== elements) throw new JsonataError("T0412");
    return [value];
  }
  if (elements !== undefined && value.length > 0) {
    const first = typeOf(value[0]);
    const isUniform = first === elements.charAt(0) && value.every((element) => typeOf(element) === first);
    if (!isUniform) throw new JsonataError("T0412");
  }
  return value;
}
